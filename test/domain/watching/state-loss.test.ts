import { describe, expect, it } from 'vitest'
import { pause, resume } from '../../../lambdas/domain/watching/pause.ts'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import { isWithoutState, stateLossOf } from '../../../lambdas/domain/watching/state-loss.ts'
import { aCheck, aHeartbeat, aPing, minute, start } from '../../support/builders.ts'

describe('the state of a check without heartbeat', () => {
  it.each([
    [0, undefined],
    [10 * minute - 1, undefined],
    [10 * minute, start + 10 * minute],
  ])('counts as lost once the check is ten minutes old: %i ms', (age, lostAt) => {
    expect(stateLossOf(aCheck({ createdAt: start }), start + age)).toBe(lostAt)
  })
})

describe('a heartbeat that was made anew', () => {
  const lost = aHeartbeat({ lostAt: start })

  it('is without state, unlike that of a new check', () => {
    expect(isWithoutState(lost)).toBe(true)
    expect(isWithoutState(aHeartbeat())).toBe(false)
  })

  it.each(['success', 'fail', 'start'] as const)('has state again after a %s', (signal) => {
    expect(isWithoutState(afterPing(lost, aPing({ signal })))).toBe(false)
  })

  it('is without state still after a ping that is a log only', () => {
    expect(isWithoutState(afterPing(lost, aPing({ signal: 'log' })))).toBe(true)
  })

  it("is nobody's worry once somebody paused it, also when it is resumed", () => {
    const paused = pause(lost, start + minute)

    expect(isWithoutState(paused)).toBe(false)
    expect(isWithoutState(resume(paused, start + 2 * minute) ?? lost)).toBe(false)
  })
})
