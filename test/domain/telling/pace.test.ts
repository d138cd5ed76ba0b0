import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isHeld,
  type Pace,
  promptAlerts,
  unhurried,
  withAlert,
} from '../../../lambdas/domain/telling/pace.ts'
import { hour, minute, start } from '../../support/builders.ts'

/** Alerts at these instants, in turn, and which of them are held. */
function heldOf(instants: readonly number[]): readonly boolean[] {
  let pace: Pace = unhurried
  return instants.map((at, index) => {
    pace = withAlert(pace, `${index}`, at)
    return isHeld(pace, `${index}`)
  })
}

const everyMinute = (count: number, from = start) =>
  Array.from({ length: count }, (_, index) => from + index * minute)
const increasing = fc
  .array(fc.integer({ min: 0, max: 40 * minute }), { maxLength: 60 })
  .map((gaps) => {
    let at = start
    return gaps.map((gap) => (at += gap))
  })

describe('the pace of a check', () => {
  it('lets as many alerts go at once as three outages have, and holds the next', () => {
    expect(heldOf(everyMinute(8))).toEqual([false, false, false, false, false, false, true, true])
  })

  it.each([
    [hour - 1, true],
    [hour, false],
  ])('counts what was within the last hour: after %i ms the next is held: %s', (ms, held) => {
    const alerts = Array.from({ length: promptAlerts }, () => start)

    expect(heldOf([...alerts, start + ms]).at(-1)).toBe(held)
  })

  it('holds all alerts until the hour from the first that was held is over, however few they are', () => {
    const heldAt = start + 50 * minute
    const burst = everyMinute(promptAlerts, heldAt - promptAlerts * minute)

    expect(heldOf([...burst, heldAt, heldAt + hour - 1]).slice(-2)).toEqual([true, true])
    expect(heldOf([...burst, heldAt, heldAt + hour]).at(-1)).toBe(false)
  })

  it('holds on, hour by hour, while a check flaps on', () => {
    expect(heldOf(everyMinute(5 * 60)).filter((held) => !held)).toHaveLength(promptAlerts)
  })

  it('counts an alert once that comes again, and says the same of it', () => {
    const once = withAlert(unhurried, 'one', start)

    expect(withAlert(once, 'one', start + minute)).toBe(once)
  })

  it('never holds the first alert after a quiet hour, nor lets more than so many go at once in any hour, and stays small', () => {
    fc.assert(
      fc.property(increasing, (instants) => {
        const held = heldOf(instants)
        const prompt = instants.filter((_, index) => held[index] === false)
        instants.forEach((at, index) => {
          if (at - (instants[index - 1] ?? -Infinity) >= hour) expect(held[index]).toBe(false)
        })
        prompt.forEach((at, index) =>
          expect(at - (prompt[index - promptAlerts] ?? -Infinity)).toBeGreaterThanOrEqual(hour),
        )
        const pace = instants.reduce(
          (known, at, index) => withAlert(known, `${index}`, at),
          unhurried,
        )
        expect(pace.alerts.length).toBeLessThanOrEqual(promptAlerts)
      }),
    )
  })
})
