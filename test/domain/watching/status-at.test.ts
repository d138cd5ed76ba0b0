import { describe, expect, it } from 'vitest'
import { statusAt } from '../../../lambdas/domain/watching/status-at.ts'
import { aHeartbeat, anUpHeartbeat, hour, minute, start } from '../../support/builders.ts'

describe('the status people see', () => {
  it.each([
    [hour - 1, 'up'],
    [hour, 'grace'],
    [hour + 10 * minute - 1, 'grace'],
    [hour + 10 * minute, 'down'],
  ])('%i ms after the last ping is %s', (elapsed, status) => {
    expect(statusAt(anUpHeartbeat(), start + elapsed)).toBe(status)
  })

  it.each(['new', 'up', 'down', 'paused'] as const)(
    'of a %s check is down when a run takes too long',
    (status) => {
      const heartbeat = aHeartbeat({ status, running: { startedAt: start } })

      expect(statusAt(heartbeat, start + 10 * minute - 1)).toBe(status)
      expect(statusAt(heartbeat, start + 10 * minute)).toBe('down')
    },
  )

  it('ignores a run in time when the expected ping is late', () => {
    expect(
      statusAt(anUpHeartbeat({ running: { startedAt: start + hour } }), start + hour + minute),
    ).toBe('grace')
  })
})
