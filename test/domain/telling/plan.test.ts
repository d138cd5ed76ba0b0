import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hold } from '../../../lambdas/domain/telling/hold.ts'
import type { Outage } from '../../../lambdas/domain/telling/outage.ts'
import type { Outlook, TellingPlan } from '../../../lambdas/domain/telling/outlook.ts'
import { tellingPlanOf } from '../../../lambdas/domain/telling/plan.ts'
import type { Flip } from '../../../lambdas/domain/watching/flip.ts'
import type { TellingRules } from '../../../lambdas/domain/watching/rules.ts'
import { aFlip } from '../../support/alerts.ts'
import { hour, minute, start } from '../../support/builders.ts'

const down = aFlip({ at: start, count: 3 })
const up: Flip = {
  ...aFlip({ at: start + hour, count: 4, status: 'up', from: 'down', reason: '' }),
  downSinceAt: start,
}
const snoozed: Hold = { reason: { kind: 'snoozed' }, until: start + 30 * minute }
const untold: Outage = { at: start, count: 3, told: [], tellings: 0 }
const told: Outage = { ...untold, toldAt: start, told: ['a', 'b'] }
const held: Outage = { ...untold, held: { since: start, reason: snoozed.reason } }
const boss = { afterSeconds: 900, channelIds: ['boss', 'a'] }

function plan(fields: Partial<Outlook> = {}): TellingPlan {
  return tellingPlanOf({
    flip: down,
    isCurrent: true,
    outage: undefined,
    channelIds: ['a', 'b'],
    rules: {},
    hold: undefined,
    now: start + 1000,
    wasAcknowledged: false,
    ...fields,
  })
}

const all = [{ number: 0, channelIds: ['a', 'b'] }]

describe('an outage', () => {
  it('is told at once, from when it began', () => {
    expect(plan()).toEqual({ tellings: all, outage: told })
  })

  it('is not told while it is held, and looked at when that may end', () => {
    const outage = { ...untold, held: { since: start + 1000, reason: snoozed.reason } }

    expect(plan({ hold: snoozed })).toEqual({ tellings: [], outage, lookAt: snoozed.until })
  })

  it('keeps since when it is held, whatever holds it next', () => {
    const hold: Hold = { reason: { kind: 'window', name: 'patch' }, until: start + hour }
    const now = start + 30 * minute

    expect(plan({ outage: held, hold, now }).outage).toBe(held)
  })

  it('that was held is told once it no longer is, and its repeats count from then', () => {
    const now = start + 31 * minute

    expect(plan({ outage: held, now, rules: { repeatSeconds: 600 } })).toEqual({
      tellings: all,
      outage: { ...held, toldAt: now, told: ['a', 'b'] },
      lookAt: now + 10 * minute,
    })
  })

  it.each([
    ['held', held],
    ['about to be held', undefined],
  ])('that is past before it could be told is over when it was %s', (_, outage) => {
    const past = plan({
      outage,
      isCurrent: false,
      hold: outage === undefined ? snoozed : undefined,
    })

    expect(past).toEqual({ tellings: [], outage: { ...(outage ?? untold), isOver: true } })
  })

  it('that is past is told late when nothing held it', () => {
    expect(plan({ isCurrent: false })).toEqual({ tellings: all, outage: told })
  })

  it.each([true, false])('that is told is not told again: current %s', (isCurrent) => {
    const again = plan({ outage: told, isCurrent, now: start + 5 * hour })

    expect(again).toEqual({ tellings: [], outage: told })
    expect(again.outage).toBe(told)
  })

  it('that is over is not told any more', () => {
    const outage: Outage = { ...told, isOver: true }

    expect(plan({ outage, rules: { repeatSeconds: 300 }, now: start + hour })).toEqual({
      tellings: [],
      outage,
    })
  })

  it('counts as told when it was acknowledged before there was anything to keep of it', () => {
    expect(plan({ wasAcknowledged: true, hold: snoozed })).toEqual({
      tellings: [],
      outage: told,
      lookAt: snoozed.until,
    })
  })

  it('takes the place of an earlier one that began at the same instant', () => {
    expect(plan({ outage: { ...told, count: 2, isOver: true } }).tellings).toEqual(all)
  })

  it('is not told once a later one began at the same instant', () => {
    const outage = { ...told, count: 4 }

    expect(plan({ outage })).toEqual({ tellings: [], outage })
  })

  it('is told to a channel that could not be read once it can be', () => {
    const outage: Outage = { ...told, unread: ['b'] }

    for (const isCurrent of [true, false])
      expect(plan({ outage, isCurrent })).toEqual({
        tellings: [{ number: 0, channelIds: ['b'] }],
        outage: told,
      })
  })
})

describe('a repeat', () => {
  const rules: TellingRules = { repeatSeconds: 600 }

  it.each([
    [10 * minute - 1, undefined, 10 * minute],
    [10 * minute, 1, 20 * minute],
    [20 * minute - 1, 1, 20 * minute],
  ])('is told to all from its instant on: %i ms after the first', (ms, number, next) => {
    const { tellings, lookAt } = plan({ outage: told, rules, now: start + ms })

    expect(tellings).toEqual(number === undefined ? [] : [{ number, channelIds: ['a', 'b'] }])
    expect(lookAt).toBe(start + next)
  })

  it('is told once of several that are due at once, with the next number', () => {
    const outage = { ...told, tellings: 2, toldAgainAt: start + 20 * minute }

    expect(plan({ outage, rules, now: start + 55 * minute })).toEqual({
      tellings: [{ number: 3, channelIds: ['a', 'b'] }],
      outage: { ...outage, tellings: 3, toldAgainAt: start + 50 * minute },
      lookAt: start + 60 * minute,
    })
  })

  it('is not told to a channel that hears only now that the check went down', () => {
    const outage: Outage = { ...told, unread: ['b'] }

    expect(plan({ outage, rules, now: start + 10 * minute }).tellings).toEqual([
      { number: 0, channelIds: ['b'] },
      { number: 1, channelIds: ['a'] },
    ])
  })

  it('is not told by a first word that comes late', () => {
    const { tellings, outage, lookAt } = plan({ rules, now: start + 25 * minute })

    expect(tellings).toEqual(all)
    expect(plan({ outage, rules, now: start + 30 * minute - 1 }).tellings).toEqual([])
    expect(lookAt).toBe(start + 30 * minute)
  })

  it('waits for what holds, and is then told once', () => {
    const now = start + 25 * minute
    const waiting = plan({ outage: told, rules, now, hold: snoozed })

    expect(waiting).toEqual({ tellings: [], outage: told, lookAt: snoozed.until })
    expect(plan({ outage: told, rules, now: snoozed.until }).tellings).toHaveLength(1)
  })

  it('follows a rule that changes', () => {
    const outage = { ...told, tellings: 5, toldAgainAt: start + 50 * minute }
    const hourly = { repeatSeconds: 3600 }

    expect(plan({ outage, rules: hourly, now: start + 59 * minute }).tellings).toEqual([])
    expect(plan({ outage, rules: hourly, now: start + 60 * minute }).tellings).toEqual([
      { number: 6, channelIds: ['a', 'b'] },
    ])
  })
})

describe('an escalation', () => {
  const rules: TellingRules = { escalate: [boss, { afterSeconds: 1800, channelIds: ['chief'] }] }

  it('tells those that were not told, from its instant on', () => {
    expect(plan({ outage: told, rules, now: start + 15 * minute - 1 })).toEqual({
      tellings: [],
      outage: told,
      lookAt: start + 15 * minute,
    })
    expect(plan({ outage: told, rules, now: start + 15 * minute })).toEqual({
      tellings: [{ number: 0, channelIds: ['boss'] }],
      outage: { ...told, told: ['a', 'b', 'boss'] },
      lookAt: start + 30 * minute,
    })
  })

  it('tells all of several that are due at once', () => {
    expect(plan({ outage: told, rules, now: start + hour }).tellings).toEqual([
      { number: 0, channelIds: ['boss', 'chief'] },
    ])
  })

  it('tells the first word where a repeat is due as well', () => {
    const repeating = { ...rules, repeatSeconds: 900 }

    expect(plan({ outage: told, rules: repeating, now: start + 15 * minute }).tellings).toEqual([
      { number: 0, channelIds: ['boss'] },
      { number: 1, channelIds: ['a', 'b'] },
    ])
  })

  it('is kept for its end, however long that takes and whatever becomes of the rules', () => {
    const outage = { ...told, told: ['a', 'b', 'boss'] }
    const now = start + 100 * hour

    expect(plan({ outage, now })).toEqual({ tellings: [], outage, lookAt: now + 720 * hour })
  })
})

describe('a recovery', () => {
  const recovery = (fields: Partial<Outlook> = {}) =>
    plan({ flip: up, now: start + hour, ...fields })

  it('is told to those that were told, held or not', () => {
    const outage = { ...told, told: ['a', 'boss'] }

    for (const hold of [undefined, snoozed])
      expect(recovery({ outage, hold })).toEqual({
        tellings: [{ number: 0, channelIds: ['a', 'boss'] }],
        outage: { ...outage, isOver: true },
      })
  })

  it('is told to nobody when nobody was told', () => {
    expect(recovery({ outage: held })).toEqual({
      tellings: [],
      outage: { ...held, isOver: true },
    })
  })

  it('is told once, and then to those only that could not be read', () => {
    const over: Outage = { ...told, isOver: true }
    const again = recovery({ outage: over })

    expect(again.tellings).toEqual([])
    expect(again.outage).toBe(over)
    expect(recovery({ outage: { ...over, unread: ['b'] } })).toEqual({
      tellings: [{ number: 0, channelIds: ['b'] }],
      outage: over,
    })
  })

  it.each([
    ['nothing holds', undefined, false, true],
    ['its outage was told', snoozed, true, true],
    ['its outage is not told yet', snoozed, false, false],
  ])(
    'of which nothing is kept is told as ever when %s: %s %s %s',
    (_, hold, wasAcknowledged, isTold) => {
      expect(recovery({ hold, wasAcknowledged }).tellings).toEqual(isTold ? all : [])
    },
  )

  it('that overtook its held outage keeps that from being told', () => {
    const { outage } = recovery({ hold: snoozed })

    expect(outage).toEqual({ at: start, count: 4, told: [], tellings: 0, isOver: true })
    expect(plan({ outage, isCurrent: false }).tellings).toEqual([])
  })
})

/** What befalls an outage: looks at these instants, while these times are held. */
const history = fc.record({
  rules: fc.record(
    {
      repeatSeconds: fc.integer({ min: 300, max: 4000 }),
      escalate: fc.array(
        fc.record({
          afterSeconds: fc.integer({ min: 60, max: 8000 }),
          channelIds: fc.uniqueArray(fc.constantFrom<string[]>('a', 'c', 'd'), { minLength: 1 }),
        }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: [] },
  ),
  holds: fc.array(
    fc.record({
      from: fc.integer({ min: 0, max: 4 * hour }),
      ms: fc.integer({ min: 1, max: hour }),
    }),
    { maxLength: 3 },
  ),
  gaps: fc.array(fc.integer({ min: 1, max: 20 * minute }), { minLength: 1, maxLength: 40 }),
})
type History = typeof history extends fc.Arbitrary<infer One> ? One : never

type Word = { readonly at: number; readonly number: number; readonly channelId: string }

/** Looks at an outage until it ends, and what each look told. */
function played({ rules, holds, gaps }: History) {
  const holdAt = (now: number): Hold | undefined => {
    const holding = holds.find(({ from, ms }) => start + from <= now && now < start + from + ms)
    return holding && { ...snoozed, until: start + holding.from + holding.ms }
  }
  const words: Word[] = []
  const note = (at: number, { tellings }: TellingPlan) => {
    for (const { number, channelIds } of tellings)
      words.push(...channelIds.map((channelId) => ({ at, number, channelId })))
  }
  let outage = undefined as Outage | undefined
  let now = start
  const looks = [0, ...gaps].map((gap) => {
    now += gap
    const look = plan({ rules, outage, now, hold: holdAt(now) })
    note(now, look)
    outage = look.outage
    return { now, look }
  })
  const seen = [...words]
  const end = plan({ flip: up, rules, outage, now, hold: holdAt(now) })
  return { looks, words: seen, end, outage, holdAt, rules }
}

const laws = (law: (story: ReturnType<typeof played>) => void) => {
  fc.assert(
    fc.property(history, (one) => law(played(one))),
    { numRuns: 500 },
  )
}

describe('whatever happens, and whenever somebody looks', () => {
  it('nobody is told while it is held', () => {
    laws(({ words, holdAt }) => {
      expect(words.filter(({ at }) => holdAt(at) !== undefined)).toEqual([])
    })
  })

  it('no channel is told the same twice, and each hears first that the check went down', () => {
    laws(({ words }) => {
      const heard = Map.groupBy(words, ({ channelId }) => channelId)
      for (const each of heard.values()) {
        const numbers = each.map(({ number }) => number)
        expect(numbers[0]).toBe(0)
        expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other))
      }
    })
  })

  it('no repeat and no escalation is early, and no two repeats are of one instant', () => {
    laws(({ words, outage, rules: { repeatSeconds = 0, escalate = [] } }) => {
      const toldAt = outage?.toldAt ?? 0
      const repeats = words.filter(({ number }) => number > 0)
      for (const { at, number } of repeats)
        expect(at).toBeGreaterThanOrEqual(toldAt + number * repeatSeconds * 1000)
      const times = new Set(repeats.map(({ at }) => at))
      const steps = new Set(
        [...times].map((at) => Math.floor((at - toldAt) / repeatSeconds / 1000)),
      )
      expect(steps.size).toBe(times.size)
      for (const { at, channelId } of words.filter(({ number }) => number === 0)) {
        const after = escalate
          .filter(({ channelIds }) => channelIds.includes(channelId))
          .map(({ afterSeconds }) => afterSeconds * 1000)
        const soonest = ['a', 'b'].includes(channelId) ? 0 : Math.min(...after)
        expect(at).toBeGreaterThanOrEqual(toldAt + soonest)
      }
    })
  })

  it('nothing is due before the next look, and that is ahead', () => {
    laws(({ looks, rules, holdAt }) => {
      for (const { now, look } of looks) {
        const { lookAt = now + 30 * 24 * hour, outage } = look
        expect(lookAt).toBeGreaterThan(now)
        const before = plan({ rules, outage, now: lookAt - 1, hold: holdAt(lookAt - 1) })
        expect(before.tellings).toEqual([])
      }
    })
  })

  it('a look that is repeated tells nothing new', () => {
    laws(({ looks, rules, holdAt }) => {
      for (const { now, look } of looks) {
        const again = plan({ rules, outage: look.outage, now, hold: holdAt(now) })
        expect(again).toEqual({ ...look, tellings: [] })
        expect(again.outage).toBe(look.outage)
      }
    })
  })

  it('the recovery is told to exactly those that were told', () => {
    laws(({ words, end }) => {
      const ids = [...new Set(words.map(({ channelId }) => channelId))].sort()
      expect(end.tellings.flatMap(({ channelIds }) => channelIds).sort()).toEqual(ids)
    })
  })
})
