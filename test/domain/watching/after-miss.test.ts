import { describe, expect, it } from 'vitest'
import { afterMissedDeadline } from '../../../lambdas/domain/watching/after-miss.ts'
import { aMiss, anUpHeartbeat, hour, start } from '../../support/builders.ts'

describe('a missed deadline', () => {
  it('brings the check down as of the deadline and leaves the rest alone', () => {
    const heartbeat = anUpHeartbeat({ running: { startedAt: start } })

    const missed = afterMissedDeadline(heartbeat, aMiss(start + hour), start + hour + 3000)

    expect(missed).toEqual({
      ...heartbeat,
      status: 'down',
      since: { ...aMiss(start + hour), count: 1 },
      notedAt: start + hour + 3000,
    })
    expect(afterMissedDeadline(missed, aMiss(start + hour), start + 2 * hour)).toBe(missed)
  })
})
