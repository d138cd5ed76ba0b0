import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Flip } from '../../../lambdas/domain/watching/flip.ts'
import { type Status, statuses } from '../../../lambdas/domain/watching/heartbeat.ts'
import type { Span } from '../../../lambdas/domain/watching/spans.ts'
import {
  type History,
  percentOf,
  statusSpansOf,
  uptimeOf,
} from '../../../lambdas/domain/watching/uptime.ts'

/** The changes of a check that is made at 0, as [at, status]; it was new before the first. */
function aHistory(...changes: readonly (readonly [at: number, status: Status])[]): History {
  const flips = changes.map(([at, status], index): Flip => ({
    checkId: 'check-1',
    at,
    count: index,
    status,
    from: changes[index - 1]?.[1] ?? 'new',
    reason: '',
  }))
  const last = flips.at(-1)
  return { createdAt: 0, status: last?.status ?? 'new', since: last, flips }
}

const range = { from: 0, to: 1000 }
const upAndDown = aHistory([100, 'up'], [400, 'down'], [500, 'up'], [900, 'down'])

describe('uptime', () => {
  it.each<[string, History, Span, ReturnType<typeof uptimeOf>]>([
    ['nothing of a new check', aHistory(), range, { observedMs: 0, downMs: 0, downtimes: 0 }],
    ['each time down', upAndDown, range, { observedMs: 900, downMs: 200, downtimes: 2 }],
    [
      'a part of them',
      upAndDown,
      { from: 450, to: 950 },
      { observedMs: 500, downMs: 100, downtimes: 2 },
    ],
    [
      'no pause',
      aHistory([0, 'up'], [100, 'down'], [200, 'paused'], [700, 'new'], [800, 'up']),
      range,
      { observedMs: 400, downMs: 100, downtimes: 1 },
    ],
    [
      'no time before the check was made',
      { ...aHistory([500, 'up']), createdAt: 400 },
      range,
      { observedMs: 500, downMs: 0, downtimes: 0 },
    ],
    [
      'what was before the first flip that is left',
      { ...upAndDown, flips: upAndDown.flips.slice(2) },
      { from: 300, to: 600 },
      { observedMs: 300, downMs: 200, downtimes: 1 },
    ],
    [
      'a flip that is not in the log yet',
      { ...upAndDown, flips: upAndDown.flips.slice(0, -1) },
      range,
      { observedMs: 900, downMs: 200, downtimes: 2 },
    ],
    [
      'the only flip, though it is not in the log yet',
      { ...upAndDown, flips: [] },
      range,
      { observedMs: 1000, downMs: 100, downtimes: 1 },
    ],
    [
      'what began before all that is left',
      { createdAt: -9000, status: 'up', since: { at: -5000, count: 1 }, flips: [] },
      range,
      { observedMs: 1000, downMs: 0, downtimes: 0 },
    ],
  ])('counts %s', (_, history, span, uptime) => {
    expect(uptimeOf([history], span)).toEqual(uptime)
  })

  it('counts no time that is excused, and no downtime that lies in it', () => {
    const excused = [
      { from: 350, to: 550 },
      { from: 500, to: 600 },
    ]

    expect(uptimeOf([upAndDown], range, excused)).toEqual({
      observedMs: 650,
      downMs: 100,
      downtimes: 1,
    })
  })

  it('of several checks counts what they share once', () => {
    const other = aHistory([0, 'up'], [450, 'down'], [600, 'up'])

    expect(uptimeOf([upAndDown, other], range)).toEqual({
      observedMs: 1000,
      downMs: 300,
      downtimes: 2,
    })
  })

  it.each([
    [0, 0, undefined],
    [1000, 0, '100 %'],
    [1_000_000_000, 1, '99.99 %'],
    [1000, 20, '98 %'],
    [1000, 9, '99.1 %'],
    [3, 1, '66.66 %'],
    [1000, 1000, '0 %'],
  ])('of %i ms with %i down is %s', (observedMs, downMs, percent) => {
    expect(percentOf({ observedMs, downMs, downtimes: 1 })).toBe(percent)
  })

  const instant = fc.integer({ min: 0, max: 1000 })
  const histories = fc
    .array(fc.tuple(instant, fc.constantFrom(...statuses)), { maxLength: 8 })
    .map((changes) => aHistory(...changes.toSorted(([one], [other]) => one - other)))
  const excuses = fc.array(
    fc.tuple(instant, instant).map(([from, to]) => ({ from, to })),
    {
      maxLength: 3,
    },
  )

  it('of a whole is the sum of its parts, and never more than all of it', () => {
    fc.assert(
      fc.property(
        fc.array(histories, { maxLength: 3 }),
        excuses,
        instant,
        (some, excused, middle) => {
          const whole = uptimeOf(some, range, excused)
          const one = uptimeOf(some, { from: 0, to: middle }, excused)
          const other = uptimeOf(some, { from: middle, to: 1000 }, excused)

          expect(one.observedMs + other.observedMs).toBe(whole.observedMs)
          expect(one.downMs + other.downMs).toBe(whole.downMs)
          expect(whole.downMs).toBeLessThanOrEqual(whole.observedMs)
          expect(whole.observedMs).toBeLessThanOrEqual(1000)
        },
      ),
    )
  })

  it('has a status for each instant since the creation', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const spans = statusSpansOf(history, range)

        expect(spans[0]?.from).toBe(0)
        expect(spans.at(-1)?.to).toBe(1000)
        for (const [index, { to }] of spans.entries())
          expect(spans[index + 1]?.from ?? 1000).toBe(to)
      }),
    )
  })
})
