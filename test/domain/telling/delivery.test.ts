import { describe, expect, it } from 'vitest'
import {
  type DeliveryProgress,
  failedDelivery,
  isHeldUp,
  sentDelivery,
} from '../../../lambdas/domain/telling/delivery.ts'
import { minute, start } from '../../support/builders.ts'

const sending: DeliveryProgress = {
  state: 'sending',
  attempts: 1,
  claimant: 'one',
  leaseUntil: start + minute,
  failures: [],
}

describe('a delivery', () => {
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

  it('that was sent is not failed by an attempt that lost its claim', () => {
    const sent = sentDelivery(sending, start)

    expect(failedDelivery(sent, 'failed', { claimant: 'one', at: start, error: 'busy' })).toBe(sent)
  })
})
