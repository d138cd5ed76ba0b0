import { describe, expect, it } from 'vitest'
import {
  isHeldUp,
  laterChange,
  type ChangeDelivery,
} from '../../../lambdas/domain/telling/later-change.ts'
import type { StatusChange } from '../../../lambdas/domain/watching/heartbeat.ts'
import { minute, start } from '../../support/builders.ts'

const change: StatusChange = { at: start, count: 5, status: 'down' }
const own = { change }
const lease = { claimant: 'one', now: start }

describe('a delivery of a change', () => {
  it.each([
    ['claimed', 1, 5 * minute, false],
    ['claimed', 1, 5 * minute + 1, true],
    ['claimed', 2, 0, true],
    ['claimed again', 1, 0, true],
  ] as const)(
    '%s at receive %i, %i ms after the change, was held up: %s',
    (claim, receiveCount, ageMs, expected) => {
      expect(isHeldUp({ claim, receiveCount, changedAt: start }, start + ageMs)).toBe(expected)
    },
  )
})

describe('a later change', () => {
  const cases: readonly (readonly [claim: string, Partial<StatusChange>, isLater: boolean])[] = [
    ['is dated later', { at: start + 1 }, true],
    [
      'is none that had fewer pings behind it, though it is dated later',
      { at: start + 1, count: 4, status: 'up' },
      false,
    ],
    ['may be of the same instant', { count: 6 }, true],
    ['is not the change itself', {}, false],
    [
      'is none that came before, though it had more pings behind it',
      { at: start - 1, count: 6 },
      false,
    ],
    ['is none of the same instant that had fewer pings behind it', { count: 4 }, false],
  ]

  it.each(cases)('%s', (_, other, isLater) => {
    expect(laterChange(own, lease, [told(other)])).toBe(isLater ? 'sent' : undefined)
  })

  it.each([
    [undefined, 1, 'sent'],
    [1, 2, 'sent'],
    [2, 1, undefined],
    [1, undefined, undefined],
    [10, 9, undefined],
  ] as const)('may be that a check is still down: told %s, then %s', (telling, later, expected) => {
    const still = told({}, { telling: later })

    expect(laterChange({ change, telling }, lease, [still])).toBe(expected)
  })

  it('may be a recovery, however often the outage was told', () => {
    const up = told({ at: start + 1, count: 5, status: 'up' })

    expect(laterChange({ change, telling: 7 }, lease, [up])).toBe('sent')
  })

  it.each(['waiting', 'failed'] as const)('that is %s is not told', (state) => {
    expect(laterChange(own, lease, [told({ count: 6 }, { state })])).toBeUndefined()
  })

  it('that was sent counts more than one that is being sent', () => {
    const [sent, sending] = [told({ count: 6 }), told({ count: 7 }, { state: 'sending' })]

    expect(laterChange(own, lease, [sending, sent])).toBe('sent')
  })

  it('is being sent until the last of the leases ends', () => {
    const sending = [minute, 2 * minute, 0].map((ms) =>
      told({ count: 6 }, { state: 'sending', leaseUntil: start + ms }),
    )
    const at = (now: number) => laterChange(own, { ...lease, now }, sending)

    expect(at(start + 2 * minute - 1)).toEqual({ leasedUntil: start + 2 * minute })
    expect(at(start + 2 * minute)).toBeUndefined()
  })

  it('is none that is being sent by the same claim, as in one digest', () => {
    const sending = told({ count: 6 }, { state: 'sending', claimant: lease.claimant })

    expect(laterChange(own, lease, [sending])).toBeUndefined()
  })
})

/** Sent, unless a test says otherwise. */
function told(
  other: Partial<StatusChange>,
  progress: Partial<ChangeDelivery> = {},
): ChangeDelivery {
  return {
    change: { ...change, ...other },
    state: 'sent',
    claimant: 'another',
    leaseUntil: start + minute,
    ...progress,
  }
}
