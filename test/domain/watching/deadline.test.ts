import { describe, expect, it } from 'vitest'
import { deadlineOf, dueAtOf, missOf } from '../../../lambdas/domain/watching/deadline.ts'
import { aHeartbeat, anUpHeartbeat, hour, minute, start } from '../../support/builders.ts'

describe('the deadline', () => {
  it('is the period and the grace time after the last ping', () => {
    expect(deadlineOf(anUpHeartbeat())).toBe(start + hour + 10 * minute)
  })

  it('is the grace time after a start that is earlier than the expected ping', () => {
    expect(deadlineOf(anUpHeartbeat({ running: { startedAt: start + minute } }))).toBe(
      start + 11 * minute,
    )
  })

  it('of a running check is no later than without the run', () => {
    expect(deadlineOf(anUpHeartbeat({ running: { startedAt: start + 2 * hour } }))).toBe(
      start + hour + 10 * minute,
    )
  })

  it.each(['new', 'paused'] as const)(
    'of a %s check exists only while a run is under way',
    (status) => {
      expect(deadlineOf(aHeartbeat({ status }))).toBeUndefined()
      expect(deadlineOf(aHeartbeat({ status, running: { startedAt: start } }))).toBe(
        start + 10 * minute,
      )
    },
  )

  it('of a down check does not exist, run or no run', () => {
    expect(
      deadlineOf(aHeartbeat({ status: 'down', running: { startedAt: start } })),
    ).toBeUndefined()
    expect(dueAtOf(aHeartbeat({ status: 'down', lastPingAt: start }))).toBeUndefined()
  })
})

describe('a missed deadline', () => {
  it.each([
    ['no run', {}, 70, { kind: 'missed', dueAt: start + hour }],
    [
      'a run that started before the ping was due',
      { running: { startedAt: start + 50 * minute } },
      60,
      { kind: 'unfinished', startedAt: start + 50 * minute, limitSeconds: 600 },
    ],
    [
      'a run that started when the ping was due',
      { running: { startedAt: start + hour } },
      70,
      { kind: 'unfinished', startedAt: start + hour, limitSeconds: 600 },
    ],
    [
      'a run that started after the ping was due',
      { running: { startedAt: start + hour + 1 } },
      70,
      { kind: 'missed', dueAt: start + hour },
    ],
  ] as const)('is due to what ends first, with %s', (_, fields, minutes, cause) => {
    expect(missOf(anUpHeartbeat(fields))).toEqual({ at: start + minutes * minute, cause })
  })

  it('is due to the run that was put off less', () => {
    const heartbeat = anUpHeartbeat({ running: { startedAt: start + hour + 5 * minute } })
    const intervals = [{ startedAt: start, endedAt: start + 20 * minute }]

    expect(missOf(heartbeat, { intervals, longestHoldMs: hour })?.cause.kind).toBe('unfinished')
  })
})
