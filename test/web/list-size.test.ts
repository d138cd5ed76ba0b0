import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Project } from '../../lambdas/domain/people/project.ts'
import {
  listingOf,
  listStatuses,
  type ListQuery,
  statusCountsOf,
} from '../../lambdas/domain/watching/listing.ts'
import { parseSchedule, type Schedule } from '../../lambdas/domain/schedule/schedule.ts'
import { checksPage } from '../../lambdas/web/pages/checks.ts'
import { aCheck, anUpHeartbeat, minute, start } from '../support/builders.ts'

const schedules = ['30 3 * * *', '*/5 * * * *', '0 4 * * 1-5', '15 2 1 * *'].map(
  (text) => parseSchedule(text) as Schedule,
)
const words = ['backup', 'restore', 'vacuum', 'report', 'sync', 'rotate', 'index']
const tags = Array.from({ length: 40 }, (_, index) => `team${index}`)

/** Of everything something, as in a deployment. */
const all = Array.from({ length: 10_000 }, (_, index) => ({
  check: aCheck({
    id: `${index.toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`,
    name: `host${index % 977} ${words[index % 7] ?? ''} ${index}`,
    tags: `prod ${tags[index % 40] ?? ''}`,
    schedule: schedules[index % 4] as Schedule,
    timeZone: 'Europe/Riga',
  }),
  heartbeat: anUpHeartbeat({
    lastPingAt: start - ((index * 7919) % 86_400) * 1000,
    durationMs: (index * 104_729) % 600_000,
  }),
  status: listStatuses[index % 50 === 0 ? 0 : index % 11 === 0 ? 1 : 2],
}))

const wanted: ListQuery = {
  text: '',
  status: undefined,
  tags: [],
  flippedSince: undefined,
  order: 'worst',
  page: 1,
}

describe('a list of 100 of 10,000 checks', () => {
  it('takes ten kilobytes on its way, and says where the others are', () => {
    const { content } = checksPage({
      project: { id: '22222222-2222-4222-8222-222222222222', name: 'Shop' } as Project,
      role: 'owner',
      wanted,
      listing: listingOf(all, wanted),
      flipped: 12,
      down: statusCountsOf(all).down,
      size: all.length,
      troubles: { lost: 0, suppressed: 0, failed: 0 },
      reader: { now: start + minute, timeZone: 'UTC' },
    })

    const text = content.toString()

    expect(text.match(/<tr data-row/g)).toHaveLength(100)
    expect(text).toContain('1–100 of 10,000')
    expect(text).toContain('29 more tags')
    expect(gzipSync(text).length).toBeLessThan(10_000)
  })
})
