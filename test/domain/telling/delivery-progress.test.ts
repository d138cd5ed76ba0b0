import { describe, expect, it } from 'vitest'
import {
  type DeliveryProgress,
  failedDelivery,
  sentDelivery,
} from '../../../lambdas/domain/telling/delivery-progress.ts'
import { minute, start } from '../../support/builders.ts'

const sending: DeliveryProgress = {
  state: 'sending',
  attempts: 1,
  claimant: 'one',
  leaseUntil: start + minute,
  failures: [],
}

describe('a delivery', () => {
  it('that was sent is not failed by an attempt that lost its claim', () => {
    const sent = sentDelivery(sending, start)

    expect(failedDelivery(sent, 'failed', { claimant: 'one', at: start, error: 'busy' })).toBe(sent)
  })
})
