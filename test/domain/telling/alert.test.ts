import { describe, expect, it } from 'vitest'
import { hour, minute, start } from '../../support/builders.ts'
import { aFlip, aLoggedPing, anAlert, deadline } from '../../support/alerts.ts'
import { aCheck } from '../../support/builders.ts'

describe('alertOf', () => {
  it('takes the last ping from the heartbeat while the log lags behind', () => {
    const failed = aLoggedPing({ number: 12, type: 'fail', exitStatus: 3, at: start + hour })
    const { number: pingCount, ...lastPing } = failed
    const pings = Array.from({ length: 10 }, (_, index) => aLoggedPing({ number: 11 - index }))

    const alert = anAlert({
      flip: { count: 11, reason: 'fail' },
      heartbeat: { pingCount, lastPing },
      pings,
    })

    expect(alert.pings.map((ping) => ping.number)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3])
    expect(alert.pings[0]).toEqual(failed)
    expect(alert.cause).toEqual({ kind: 'failed', exitStatus: 3 })
  })

  it('takes nothing twice, and keeps what the log has beyond the heartbeat', () => {
    const pings = [aLoggedPing({ number: 2, at: deadline + minute }), aLoggedPing()]

    expect(anAlert({ pings }).pings).toEqual(pings)
  })

  it('tells of a missed deadline when the ping was due', () => {
    expect(anAlert().cause).toEqual({ kind: 'missed', dueAt: start + hour })
  })

  it('tells of a run that did not end in time when it had started', () => {
    const startedAt = deadline - 10 * minute

    expect(anAlert({ heartbeat: { running: { startedAt } } }).cause).toEqual({
      kind: 'unfinished',
      startedAt,
    })
  })

  it('tells of a missed deadline when a run started after it was due', () => {
    const running = { startedAt: deadline - minute }

    expect(anAlert({ heartbeat: { running } }).cause).toEqual({
      kind: 'missed',
      dueAt: start + hour,
    })
  })

  it('tells of a recovery how long it took and when the next ping is due', () => {
    const up = {
      ...aFlip(),
      at: deadline + hour,
      status: 'up',
      from: 'down',
      reason: '',
      downSinceAt: deadline,
    } as const

    const alert = anAlert({ flip: up, heartbeat: { status: 'up', lastPingAt: up.at } })

    expect(alert.cause).toEqual({ kind: 'recovered', downSinceAt: deadline })
    expect(alert.nextDueAt).toBe(up.at + hour)
  })

  it('carries a long description only in part, so that it fits into a message', () => {
    const alert = anAlert({ check: aCheck({ description: 'x'.repeat(100_000) }) })

    expect(JSON.stringify(alert).length).toBeLessThan(10_000)
  })
})
