import { describe, expect, it } from 'vitest'
import {
  canonicalTimeZone,
  nextRunAt,
  parseSchedule,
} from '../../../lambdas/domain/schedule/schedule.ts'
import vectors from '../../data/schedule-vectors.json' with { type: 'json' }
import zones from '../../data/time-zones.json' with { type: 'json' }

/** Computed with the schedule libraries of the reference; the file describes its columns. */
const nextRows = vectors.next_ping.map(
  ([id, group, kind, expression, timeZone, after, next, later]) => ({
    name: `${String(id)} ${String(group)} ${JSON.stringify(expression)} in ${String(timeZone)} after ${String(after)}`,
    schedule: {
      kind: kind === 'cron' ? ('cron' as const) : ('oncalendar' as const),
      expression: String(expression),
    },
    timeZone: String(timeZone),
    after: Date.parse(String(after)),
    next: typeof next === 'string' ? Date.parse(next) : undefined,
    later: later === undefined ? undefined : Date.parse(String(later)),
  }),
)

const validityRows = vectors.validity.map(([id, schedule, kind, isAccepted]) => ({
  name: `${String(id)} ${JSON.stringify(schedule)}`,
  schedule: String(schedule),
  expected: isAccepted === true ? { kind, expression: schedule } : undefined,
}))

describe('next runs', () => {
  it.each(nextRows.filter(({ later }) => later === undefined))(
    'agree with the reference: $name',
    ({ schedule, timeZone, after, next }) => {
      expect(nextRunAt(schedule, timeZone, after)).toBe(next)
    },
  )

  it.each(nextRows.filter(({ later }) => later !== undefined))(
    'are never in the past: $name',
    ({ schedule, timeZone, after, later }) => {
      const next = nextRunAt(schedule, timeZone, after)

      expect(next).toBeGreaterThan(after)
      expect(next).toBeLessThanOrEqual(later ?? 0)
    },
  )

  it.each(nextRows.filter(({ next }) => next !== undefined))(
    'are those of every instant until them: $name',
    ({ schedule, timeZone, after }) => {
      const next = nextRunAt(schedule, timeZone, after) ?? 0

      expect(nextRunAt(schedule, timeZone, Math.floor((after + next) / 2))).toBe(next)
      expect(nextRunAt(schedule, timeZone, next - 1)).toBe(next)
    },
  )
})

describe('expressions', () => {
  it.each(validityRows)('are accepted as by the reference: $name', ({ schedule, expected }) => {
    expect(parseSchedule(schedule)).toEqual(expected)
  })
})

describe('time zones', () => {
  it('keep the names that are accepted', () => {
    expect(zones.accepted.map(canonicalTimeZone)).toEqual(zones.accepted)
  })

  it('rewrite legacy names', () => {
    expect(Object.keys(zones.rewritten).map(canonicalTimeZone)).toEqual(
      Object.values(zones.rewritten),
    )
  })

  it.each(['', 'europe/riga', 'Europe/Surprise', 'Z', '+02:00', 'constructor', 'Europe/Riga '])(
    'refuse %j',
    (name) => {
      expect(canonicalTimeZone(name)).toBeUndefined()
    },
  )
})
