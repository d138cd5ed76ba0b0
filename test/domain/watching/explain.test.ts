import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSchedule, type CalendarSchedule } from '../../../lambdas/domain/schedule/schedule.ts'
import type { DownCause } from '../../../lambdas/domain/watching/down-cause.ts'
import { explain } from '../../../lambdas/domain/watching/explain.ts'
import { type Heartbeat, statuses } from '../../../lambdas/domain/watching/heartbeat.ts'
import { unimpaired } from '../../../lambdas/domain/watching/impairment.ts'
import { statusAt } from '../../../lambdas/domain/watching/status-at.ts'
import { aHeartbeat, anUpHeartbeat, hour, minute, start } from '../../support/builders.ts'
import { planned } from '../../support/planned.ts'

const day = 24 * hour
const nightly = parseSchedule('30 3 * * *') as CalendarSchedule
const cron = { schedule: nightly, timeZone: 'Europe/Riga', graceSeconds: 1800 }
/** 2026-01-01, 02:12 in Riga. */
const early = start + 12 * minute
/** 04:00 in Riga. */
const deadline = start + 2 * hour
const later = start + 9 * hour
const tolerance = { failures: { count: 2, of: 4 } }

function down(cause: DownCause, fields: Partial<Heartbeat> = {}): Heartbeat {
  const since = { at: deadline, count: 1, cause }
  return anUpHeartbeat({ ...cron, status: 'down', since, lastPingAt: start - day, ...fields })
}

const missed = { kind: 'missed', dueAt: start + 90 * minute } as const

describe('the explanation of a check', () => {
  it.each<[string, Heartbeat, number, string]>([
    [
      'never pinged',
      aHeartbeat(),
      start,
      'New: no ping has come yet, and nothing is expected before the first.',
    ],
    [
      'whose first run is under way',
      aHeartbeat({ pingCount: 1, running: { startedAt: start } }),
      start + minute,
      'New: no run has ended yet, and nothing is expected before the first one does. A run started at 00:00, and has to end by 00:10 (UTC).',
    ],
    [
      'resumed',
      aHeartbeat({ pingCount: 7, since: { at: start, count: 7 } }),
      start + minute,
      'New since 00:00 (UTC): it was resumed, and nothing is expected before its next ping.',
    ],
    [
      'without its state',
      aHeartbeat({ lostAt: start }),
      start + day,
      'New: what its pings had left was lost on Thu 1 Jan 00:00 (UTC), and nothing is expected before the next ping.',
    ],
    [
      'paused',
      aHeartbeat({ status: 'paused', since: { at: start, count: 1 } }),
      start + minute,
      'Paused since 00:00 (UTC): nothing is expected. Its next success resumes it.',
    ],
    [
      'paused until somebody resumes it',
      aHeartbeat({ status: 'paused', manualResume: true }),
      start,
      'Paused: nothing is expected. Pings do not resume it.',
    ],
    [
      'up, by a period',
      anUpHeartbeat(),
      start + minute,
      'Up: the last ping came at 00:00 (UTC). The next ping is due at 01:00, and without it the check goes down at 01:10.',
    ],
    [
      'up, by the clock',
      anUpHeartbeat({ ...cron, lastPingAt: deadline }),
      later,
      'Up: the last ping came at 04:00 (Europe/Riga). The next run is due on Fri 2 Jan 03:30, and without it the check goes down at 04:00.',
    ],
    [
      'up, with a run under way',
      anUpHeartbeat({ running: { startedAt: start + minute } }),
      start + 2 * minute,
      'Up: the last ping came at 00:00 (UTC). A run started at 00:01, and has to end by 00:11.',
    ],
    [
      'up, with a failure that is tolerated',
      anUpHeartbeat({
        rules: tolerance,
        results: ['success', { at: start, kind: 'failed' }],
      }),
      start + minute,
      'Up: the last ping came at 00:00 (UTC). The next ping is due at 01:00, and without it the run counts as missed at 01:10. 1 of its last 2 runs failed: 2 of 4 bring it down.',
    ],
    [
      'late',
      anUpHeartbeat(),
      start + hour,
      'Late: a ping was due at 01:00, and without it the check goes down at 01:10 (UTC). The last one came at 00:00.',
    ],
    [
      'down since its deadline, whether or not that was noted',
      anUpHeartbeat({ ...cron, lastPingAt: early }),
      later,
      'Down since 04:00: nothing came between 03:30 and 04:00 (Europe/Riga). The last ping, 02:12, was for the run before.',
    ],
    [
      'down for days',
      down(missed),
      start + 3 * day,
      'Down since Thu 1 Jan 04:00: nothing came between 03:30 and 04:00 (Europe/Riga). The last ping, Wed 31 Dec 2025 02:00, was for the run before.',
    ],
    [
      'down by a period',
      anUpHeartbeat(),
      start + 2 * hour,
      'Down since 01:10: nothing came between 01:00 and 01:10 (UTC). The last ping came at 00:00.',
    ],
    [
      'down though something else came',
      down(missed, { lastPing: { ...aLog(), at: deadline - minute } }),
      later,
      'Down since 04:00: no success came between 03:30 and 04:00 (Europe/Riga), but another ping did. The last ping, Wed 31 Dec 2025 02:00, was for the run before.',
    ],
    [
      'down by a run that does not end',
      anUpHeartbeat({ running: { startedAt: start + minute } }),
      start + hour,
      'Down since 00:11: the run that started at 00:01 (UTC) did not finish within 10 minutes. A run started at 00:01.',
    ],
    [
      'down by a failure, with another since',
      down({ kind: 'failed', exitStatus: 3 }, { lastPingAt: deadline + hour }),
      later,
      'Down since 04:00 (Europe/Riga): the job failed with exit status 3. The last ping, 05:00, was no success.',
    ],
    [
      'down by several failures, with one success of two since',
      down(
        {
          kind: 'failed',
          among: [
            { at: start, kind: 'failed' },
            { at: deadline, kind: 'failed' },
          ],
        },
        { rules: { successes: 2 }, successCount: 1, lastPingAt: deadline + hour },
      ),
      later,
      'Down since 04:00 (Europe/Riga): the job reported a failure. It was the 2nd failure that counted. 1 of 2 successes have come since.',
    ],
    [
      'down by a run that was too short',
      down({ kind: 'too-short', tookMs: 2000, leastSeconds: 30 }),
      later,
      'Down since 04:00 (Europe/Riga): the run was too short: it took 2 seconds, and should take 30 seconds at least.',
    ],
    [
      'down by too many runs',
      down({ kind: 'too-often', count: 6, seconds: 3600 }),
      later,
      'Down since 04:00 (Europe/Riga): the job ran too often: 6 times within 1 hour.',
    ],
    [
      'down for a reason that nobody noted',
      aHeartbeat({ status: 'down', since: { at: start, count: 0 } }),
      start + minute,
      'Down since 00:00 (UTC).',
    ],
    [
      'snoozed',
      aHeartbeat({ status: 'down', snoozedUntil: start + hour }),
      start,
      'Down. Its alerts are snoozed until 01:00 (UTC).',
    ],
  ])('%s', (_, heartbeat, now, sentence) => {
    expect(explain(heartbeat, now)).toBe(sentence)
  })

  it('tells times by the clocks of who reads it', () => {
    const heartbeat = anUpHeartbeat({ ...cron, lastPingAt: early })

    expect(explain(heartbeat, later, { timeZone: 'Asia/Kathmandu' })).toBe(
      'Down since 07:45: nothing came between 07:15 and 07:45 (Asia/Kathmandu). The last ping, 05:57, was for the run before.',
    )
  })

  it('tells the offset where a time of day may come twice', () => {
    const change = Date.UTC(2026, 9, 25, 1)
    const heartbeat = anUpHeartbeat({ timeZone: 'Europe/Riga', lastPingAt: change - hour })

    expect(explain(heartbeat, change - 30 * minute)).toContain('at 03:00 (UTC+3) (Europe/Riga)')
  })

  it('says what puts deadlines off', () => {
    const leeway = { ...unimpaired, planned: planned([[0, 30]]) }
    const impaired = { intervals: [{ startedAt: start }], longestHoldMs: hour }

    expect(explain(anUpHeartbeat(), start + minute, { leeway })).toContain(
      'A maintenance window is open until 00:30.',
    )
    expect(explain(anUpHeartbeat(), start + minute, { leeway: impaired })).toContain(
      'Pings cannot be taken since 00:00, so its deadline is put off.',
    )
  })

  const instants = fc.integer({ min: 0, max: 300 }).map((minutes) => start + minutes * minute)
  const heartbeats = fc.record(
    {
      status: fc.constantFrom(...statuses),
      lastPingAt: instants,
      running: fc.record({ startedAt: instants }),
      since: fc.record({ at: instants, count: fc.constant(1) }),
      lostAt: instants,
      snoozedUntil: instants,
      schedule: fc.constantFrom(nightly, { kind: 'simple' as const, periodSeconds: 600 }),
      rules: fc.constantFrom({}, tolerance, { maxRuntimeSeconds: 1200 }),
    },
    { requiredKeys: ['status', 'schedule', 'rules'] },
  )

  it('begins with the status that people see, whatever the check is', () => {
    const words = { new: 'New', up: 'Up', grace: 'Late', down: 'Down', paused: 'Paused' }
    fc.assert(
      fc.property(heartbeats, instants, (fields, now) => {
        const heartbeat = aHeartbeat(fields)

        const sentence = explain(heartbeat, now)

        expect(sentence).toMatch(new RegExp(`^${words[statusAt(heartbeat, now)]}\\b.*\\.$`))
        expect(sentence).not.toMatch(/undefined|NaN|\.\.| \./)
      }),
    )
  })
})

function aLog() {
  return {
    type: 'log',
    scheme: 'https',
    method: 'GET',
    address: '198.51.100.7',
    userAgent: 'curl',
    bodyBytes: 0,
  } as const
}
