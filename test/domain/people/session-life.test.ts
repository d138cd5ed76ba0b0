import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isLive,
  isToBeNoted,
  newSession,
  sessionEnd,
} from '../../../lambdas/domain/people/session-life.ts'

const DAY = 86_400_000
const began = newSession(
  { id: 'ana', sessionEpoch: 3 },
  { method: 'mail', agent: 'a'.repeat(500), now: 0 },
)

describe('a session', () => {
  it('is of the epoch of its user, and keeps little of the browser', () => {
    expect(began).toMatchObject({ userId: 'ana', epoch: 3, seenAt: 0, freshAt: 0 })
    expect(began.agent).toHaveLength(200)
  })

  it.each([
    [0, 0, true],
    [0, 30 * DAY - 1, true],
    [0, 30 * DAY, false],
    [29 * DAY, 30 * DAY, true],
    [89 * DAY, 90 * DAY - 1, true],
    [89 * DAY, 90 * DAY, false],
  ])('last used at %d, it is live at %d: %s', (seenAt, now, live) => {
    expect(isLive({ ...began, seenAt }, now)).toBe(live)
  })

  it('is noted as used once a day', () => {
    expect(isToBeNoted(began, DAY - 1)).toBe(false)
    expect(isToBeNoted(began, DAY)).toBe(true)
  })

  it('ends within ninety days, however much it is used', () => {
    fc.assert(
      fc.property(fc.nat(90 * DAY), (seenAt) => {
        expect(sessionEnd({ createdAt: 0, seenAt })).toBeLessThanOrEqual(90 * DAY)
      }),
    )
  })
})
