import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../lambdas/domain/telling/alert.ts'
import { unacknowledgedFlip } from '../../../lambdas/domain/watching/flip.ts'
import { afterMiss } from '../../../lambdas/domain/watching/after-miss.ts'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import type { Signal } from '../../../lambdas/domain/watching/ping.ts'
import { aCheck, aHeartbeat, aMiss, aPing, hour, minute, start } from '../../support/builders.ts'
import { aFlip, aLoggedPing, anAlert, deadline, downBy } from '../../support/alerts.ts'

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
  })

  it('takes nothing twice, and keeps what the log has beyond the heartbeat', () => {
    const pings = [aLoggedPing({ number: 2, at: deadline + minute }), aLoggedPing()]

    expect(anAlert({ pings }).pings).toEqual(pings)
  })

  it.each([
    { kind: 'missed', dueAt: start + hour },
    { kind: 'unfinished', startedAt: deadline - 10 * minute, limitSeconds: 600 },
    { kind: 'failed', exitStatus: 3 },
  ] as const)('tells why its check went down: $kind', (cause) => {
    expect(anAlert({ heartbeat: downBy(cause) }).cause).toEqual(cause)
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

  it('tells a flip again as it told it at first, whatever came since', () => {
    const up = aHeartbeat({ status: 'up', lastPingAt: start, pingCount: 1 })
    const missed = afterMiss(up, aMiss(deadline), deadline)
    const failed = afterPing(up, aPing({ signal: 'fail', exitStatus: 3, requestId: 'failed' }))
    const step = fc.record({
      signal: fc.constantFrom<Signal>('fail', 'start', 'log'),
      at: fc.integer({ min: 0, max: 3 }).map((steps) => deadline + steps * minute),
      exitStatus: fc.constantFrom(7, 8),
      requestId: fc.uuid(),
    })

    fc.assert(
      fc.property(fc.constantFrom(missed, failed), fc.array(step), (down, steps) => {
        const later = steps.reduce((state, each) => afterPing(state, aPing(each)), down)

        expect(toldOf(later)).toEqual(toldOf(down))
      }),
    )
  })

  it('carries a long description only in part, so that it fits into a message', () => {
    const alert = anAlert({ check: aCheck({ description: 'x'.repeat(100_000) }) })

    expect(JSON.stringify(alert).length).toBeLessThan(10_000)
  })
})

/** What a sweep has told of a flip that nobody acknowledged, with what the log then shows. */
function toldOf(heartbeat: Heartbeat): Pick<Alert, 'flip' | 'cause'> {
  const flip = unacknowledgedFlip(heartbeat)
  if (flip === undefined) throw new Error('no flip')
  const { cause } = anAlert({ flip, heartbeat, pings: [] })
  return { flip, cause }
}
