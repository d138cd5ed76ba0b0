import { describe, expect, it } from 'vitest'
import {
  badgeSignature,
  badgeStatusOf,
  isSigned,
  isTallyKept,
  tallyAgeMs,
  tallyOf,
} from '../../../lambdas/domain/people/badge.ts'
import { unimpaired } from '../../../lambdas/domain/watching/impairment.ts'
import { aHeartbeat, hour, minute, start } from '../../support/builders.ts'

const project = { id: '22222222-2222-4222-8222-222222222222', badgeKey: 'badge-key' }

describe('the tally of a badge', () => {
  const pinged = aHeartbeat({ status: 'up', lastPingAt: start, pingCount: 1 })

  it.each([
    ['new', aHeartbeat(), start, { total: 1, grace: 0, down: 0 }],
    ['paused', aHeartbeat({ status: 'paused' }), start, { total: 1, grace: 0, down: 0 }],
    ['up', pinged, start + hour - 1, { total: 1, grace: 0, down: 0 }],
    ['late', pinged, start + hour, { total: 1, grace: 1, down: 0 }],
    ['overdue', pinged, start + hour + 10 * minute, { total: 1, grace: 0, down: 1 }],
    ['down', aHeartbeat({ status: 'down' }), start, { total: 1, grace: 0, down: 1 }],
  ])('counts a check that is %s', (_, heartbeat, now, tally) => {
    expect(tallyOf([{ heartbeat, leeway: unimpaired }], now)).toEqual(tally)
  })

  it('counts those in a window by themselves, too', () => {
    const down = aHeartbeat({ status: 'down' })
    const planned = () => ({ startedAt: start, endedAt: start + hour })
    const checks = [
      { heartbeat: down, leeway: { ...unimpaired, planned } },
      { heartbeat: down, leeway: unimpaired },
    ]

    expect(tallyOf(checks, start)).toEqual({
      total: 2,
      grace: 0,
      down: 2,
      planned: { total: 1, grace: 0, down: 1 },
    })
  })
})

describe('the age of a tally', () => {
  it.each([
    [20, false],
    [21, true],
  ])('is none for %i checks: %s', (checks, isKept) => {
    expect(isTallyKept(checks)).toBe(isKept)
  })

  it.each([
    [21, 0, 1000],
    [100, 100, 6000],
    [6000, 1, 60_050],
    [6000, 6000, 300_000],
  ])(
    'grows with what it takes to count: %i checks, %i of them behind it, are %i ms',
    (checks, counted, ageMs) => {
      expect(tallyAgeMs(checks, counted)).toBe(ageMs)
    },
  )
})

const inWindow = (counts: { readonly grace?: number; readonly down?: number }) => ({
  total: 1,
  grace: 0,
  down: 0,
  ...counts,
})

describe('the status of a badge', () => {
  it.each([
    [{ total: 0, grace: 0, down: 0 }, 'up', 'up'],
    [{ total: 2, grace: 1, down: 0 }, 'late', 'up'],
    [{ total: 2, grace: 1, down: 1 }, 'down', 'down'],
    [{ total: 2, grace: 0, down: 1, planned: inWindow({ down: 1 }) }, 'planned', 'down'],
    [{ total: 2, grace: 0, down: 2, planned: inWindow({ down: 1 }) }, 'down', 'down'],
    [{ total: 2, grace: 1, down: 1, planned: inWindow({ down: 1 }) }, 'late', 'down'],
    [{ total: 2, grace: 1, down: 0, planned: inWindow({ grace: 1 }) }, 'planned', 'up'],
    [{ total: 2, grace: 0, down: 0, planned: inWindow({}) }, 'planned', 'up'],
  ] as const)('of %o is %s with three states, %s with two', (tally, three, two) => {
    expect(badgeStatusOf(tally, { showsLate: true })).toBe(three)
    expect(badgeStatusOf(tally, { showsLate: false })).toBe(two)
  })
})

describe('the signature of a badge', () => {
  it('has eight characters that a URL takes as they are', () => {
    expect(badgeSignature(project, 'ä/b')).toMatch(/^[-\w]{8}$/)
  })

  it('is good for its tag and its project only', () => {
    const signature = badgeSignature(project, 'web')

    expect(isSigned(project, 'web', signature)).toBe(true)
    expect(isSigned(project, 'web2', signature)).toBe(false)
    expect(isSigned({ ...project, badgeKey: 'other' }, 'web', signature)).toBe(false)
    expect(isSigned({ ...project, id: 'other' }, 'web', signature)).toBe(false)
    expect(isSigned(project, 'web', '')).toBe(false)
    expect(isSigned(project, 'web', `${signature.slice(0, 7)}ä`)).toBe(false)
  })
})
