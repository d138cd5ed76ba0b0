import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import { statusAt } from '../../../lambdas/domain/watching/status-at.ts'
import { afterMiss } from '../../../lambdas/domain/watching/after-miss.ts'
import { missOf } from '../../../lambdas/domain/watching/deadline.ts'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import {
  afterTaking,
  type Flow,
  newFlow,
  type PingLimit,
  type Arrival,
  waitMsOf,
} from '../../../lambdas/domain/watching/ping-limit.ts'
import type { Ping, Signal } from '../../../lambdas/domain/watching/ping.ts'
import { aHeartbeat, aPing, hour, minute, start } from '../../support/builders.ts'

const limit: PingLimit = { perMinute: 60, burst: 3 }

/** Hands in pings one by one: which of them are taken. */
function taken(pings: readonly Arrival[], own: PingLimit = limit): readonly boolean[] {
  let flow: Flow = newFlow
  return pings.map((said) => {
    if (waitMsOf(flow, said, own) > 0) return false
    flow = afterTaking(flow, said, own)
    return true
  })
}

const said = (fields: Partial<Ping>, bodyHash?: string): Arrival => ({
  ping: aPing(fields),
  ...(bodyHash === undefined ? {} : { bodyHash }),
})
const each = (count: number, make: (index: number) => Arrival) =>
  Array.from({ length: count }, (_, index) => make(index))
const count = (pings: readonly Arrival[], own?: PingLimit) =>
  taken(pings, own).filter(Boolean).length

describe('a flood of pings to one check', () => {
  it.each(['success', 'fail', 'start', 'log'] as const)(
    'of %s is taken up to the burst, and once a second from then on',
    (signal) => {
      const aSecond = each(100, (index) => said({ signal, at: start + index * 10 }))

      expect(taken(aSecond)).toEqual(aSecond.map((_, index) => index < 3))
      expect(count(each(6000, (index) => said({ signal, at: start + index * 10 })))).toBe(3 + 59)
    },
  )

  it('of a job that starts and ends a hundred times a second is taken some times a second', () => {
    const pings = each(6000, (index) =>
      said({ signal: index % 2 === 0 ? 'start' : 'success', at: start + index * 10 }),
    )

    expect(count(pings)).toBeLessThan(4 * 60)
  })

  it('is told how long to wait', () => {
    const flow = each(3, () => said({})).reduce(
      (before, one) => afterTaking(before, one, limit),
      newFlow,
    )

    expect(waitMsOf(flow, said({ at: start + 400 }), limit)).toBe(600)
    expect(waitMsOf(flow, said({ at: start + 1000 }), limit)).toBe(0)
  })

  it.each([
    ['a fail', { signal: 'fail' as const }],
    ['a start', { signal: 'start' as const }],
  ])('of successes does not keep out %s, nor the success behind it', (_, other) => {
    const pings = [...each(10, () => said({})), said(other), said({})]

    expect(taken(pings).slice(-2)).toEqual([true, true])
  })

  it.each(['success', 'fail', 'start'] as const)(
    'of %s that names a new run each time is one',
    (signal) => {
      const pings = each(6000, (index) =>
        said({ signal, runId: `run-${index}`, at: start + index * 10 }),
      )

      expect(count(pings)).toBe(3 + 59)
    },
  )

  it.each([
    [
      'exit statuses',
      (index: number) => ({ signal: 'fail' as const, exitStatus: 1 + (index % 255) }),
    ],
    ['methods', (index: number) => ({ method: index % 2 === 0 ? 'GET' : 'POST' })],
    ['runs and none', (index: number) => (index % 2 === 0 ? {} : { runId: `run-${index}` })],
  ])('of changing %s is one', (_, fieldsOf) => {
    const pings = each(6000, (index) => said({ ...fieldsOf(index), at: start + index * 10 }))

    expect(count(pings)).toBeLessThan(3 * 60)
  })

  it('of runs does not keep out the end of the run that has started', () => {
    const flood = each(10, (index) => said({ runId: `run-${index}` }))
    const own = [
      said({ signal: 'start', runId: 'own' }),
      said({ runId: 'other' }),
      said({ runId: 'own' }),
    ]

    expect(taken([...flood, ...own, said({ runId: 'another' })]).slice(-4)).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  it('by one method does not keep out the first by another', () => {
    expect(
      taken([...each(10, () => said({})), said({ method: 'POST' }), said({})]).slice(-2),
    ).toEqual([true, false])
  })

  it('of bodies is one where the body decides and they are equal', () => {
    expect(count(each(10, () => said({}, 'same')))).toBe(3)
    expect(count(each(10, (index) => said({}, `other-${index}`)))).toBe(10)
    expect(count(each(10, () => said({ signal: 'log' }, 'same')))).toBe(3)
  })

  it('that slows down to one a second is no flood', () => {
    expect(count(each(100, (index) => said({ at: start + index * 1000 })))).toBe(100)
  })

  it('of runs keeps out, for the rest of the second, the end of a run that another instance has seen start', () => {
    const flood = each(10, (index) => said({ runId: `run-${index}` }))

    expect(
      taken([...flood, said({ runId: 'own' }), said({ runId: 'own', at: start + 1000 })]).slice(-2),
    ).toEqual([false, true])
  })

  it('runs dry for no longer than the flood when the clock steps back', () => {
    const pings = [
      ...each(5, () => said({})),
      ...each(5, () => said({ at: start - hour })),
      said({ at: start + 1000 }),
    ]

    expect(taken(pings).at(-1)).toBe(true)
  })
})

describe('a limited ping', () => {
  const schedule = fc.constantFrom<Heartbeat['schedule']>(
    { kind: 'simple', periodSeconds: 60 },
    { kind: 'cron', expression: '* * * * *' },
    { kind: 'oncalendar', expression: '*:*:0/7' },
  )
  const ping = fc.record({
    signal: fc.constantFrom('success' as const, 'fail' as const, 'start' as const, 'log' as const),
    runId: fc.constantFrom(undefined, undefined, 'run-a', 'run-b'),
    gapMs: fc.oneof(
      { arbitrary: fc.integer({ min: 0, max: 80 }), weight: 12 },
      fc.integer({ min: 0, max: 3000 }),
    ),
  })
  /** Floods of a few kinds, so that buckets do run dry, with single pings between them. */
  const pings = fc
    .array(fc.tuple(ping, fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 12 })
    .map((some) => some.flatMap(([one, times]) => Array.from({ length: times }, () => one)))

  type Sent = {
    readonly signal: Signal
    readonly runId: string | undefined
    readonly gapMs: number
  }
  const withoutNamedStarts = (some: readonly Sent[]) =>
    some.map((one) => (one.signal === 'start' ? { ...one, runId: undefined } : one))
  /** Of runs that overlap, one that never ends is overdue, whichever of them it is. */
  const withAllEnds = (some: readonly Sent[]) => [
    ...some,
    ...['run-a', 'run-b', undefined].map((runId) => ({
      signal: 'success' as const,
      runId,
      gapMs: 1000,
    })),
  ]

  it.each([
    ['of runs without a name', withoutNamedStarts],
    ['of runs that end', withAllEnds],
  ])(
    '%s never brings a check down, nor makes it look so more than a second before it would have been',
    (_, told) => {
      let limited = 0
      fc.assert(
        fc.property(
          schedule,
          pings,
          fc.integer({ min: 0, max: 59_999 }),
          (given, some, offsetMs) => {
            const before = aHeartbeat({ schedule: given, graceSeconds: 60 })
            let at = start + offsetMs
            const all = told(some).map(({ signal, runId, gapMs }, index) =>
              aPing({
                signal,
                at: (at += gapMs),
                requestId: `${index}`,
                ...(runId === undefined ? {} : { runId }),
              }),
            )
            const passed = taken(
              all.map((one) => ({ ping: one })),
              { perMinute: 60, burst: 1 },
            )
            limited += passed.filter((one) => !one).length

            const whole = all.reduce((state, one) => afterPing(state, one), before)
            const thinned = all
              .filter((_, index) => passed[index])
              .reduce((state, one) => afterPing(state, one), before)

            expect(thinned.status).toBe(whole.status)
            expect(
              deadline(thinned) === Infinity || deadline(thinned) > deadline(whole) - 1000,
            ).toBe(true)
            for (const later of [0, minute, 2 * minute, 3 * minute].flatMap((ms) => [
              at + ms - 1,
              at + ms,
              at + ms + 999,
            ]))
              if (looksDown(thinned, later)) expect(looksDown(whole, later + 1000)).toBe(true)
          },
        ),
        { numRuns: 2000 },
      )
      expect(limited).toBeGreaterThan(1000)
    },
  )

  const deadline = (heartbeat: Heartbeat) => missOf(heartbeat)?.at ?? Infinity
  const looksDown = (heartbeat: Heartbeat, now: number) => {
    const miss = missOf(heartbeat)
    const swept = miss !== undefined && miss.at <= now ? afterMiss(heartbeat, miss, now) : heartbeat
    return statusAt(swept, now) === 'down'
  }
})
