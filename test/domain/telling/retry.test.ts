import { describe, expect, it } from 'vitest'
import {
  deliveryAttempts,
  postponedDelaySeconds,
  retryDelaySeconds,
} from '../../../lambdas/domain/telling/retry.ts'

describe('retryDelaySeconds', () => {
  it.each([
    [1, 10],
    [2, 20],
    [3, 40],
    [10, 5120],
    [11, 7200],
    [22, 7200],
  ])('is, after attempt %i, %i seconds', (attempt, seconds) => {
    expect(retryDelaySeconds(attempt)).toBe(seconds)
  })

  it('spreads the attempts over a day', () => {
    const delays = Array.from({ length: deliveryAttempts - 1 }, (_, index) =>
      retryDelaySeconds(index + 1),
    )

    const hours = delays.reduce((sum, delay) => sum + delay, 0) / 3600

    expect(hours).toBeGreaterThan(24)
    expect(hours).toBeLessThan(26)
  })
})

describe('postponedDelaySeconds', () => {
  it.each([
    [1, 30, 30],
    [1, 3, 10],
    [1, 3600, 3600],
    [1, 86_400, 3600],
    [11, 30, 7200],
    [4, 0, 80],
    [4, -5, 80],
    [1, 30.2, 31],
  ])('is, after attempt %i and when asked for %i seconds, %i', (attempt, asked, seconds) => {
    expect(postponedDelaySeconds(attempt, asked)).toBe(seconds)
  })
})
