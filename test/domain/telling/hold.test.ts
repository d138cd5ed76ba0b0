import { describe, expect, it } from 'vitest'
import {
  type Hold,
  holdOf,
  type Holding,
  type Parent,
} from '../../../lambdas/domain/telling/hold.ts'
import type { DownCause } from '../../../lambdas/domain/watching/down-cause.ts'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import { aHeartbeat, minute, start } from '../../support/builders.ts'

const missed: DownCause = { kind: 'missed', dueAt: start - minute }

function aDown(fields: Partial<Heartbeat> = {}, cause: DownCause = missed): Heartbeat {
  return aHeartbeat({ status: 'down', since: { at: start, count: 1, cause }, ...fields })
}

function aParent(fields: Partial<Parent> = {}): Parent {
  return { id: 'p', name: 'db', status: 'up', deadline: undefined, ...fields }
}

function held(fields: Partial<Holding>): Hold | undefined {
  return holdOf({ heartbeat: aDown(), now: start + 1000, windows: [], parents: [], ...fields })
}

const byDb = { kind: 'depends', name: 'db', checkId: 'p' }

describe('what holds alerts', () => {
  it('is nothing without snooze, window and parent', () => {
    expect(held({})).toBeUndefined()
  })

  it.each([
    [0, undefined],
    [1, { reason: { kind: 'snoozed' }, until: start + 1 }],
  ])('is a snooze until its end: %i ms before it', (before, expected) => {
    const heartbeat = aDown({ snoozedUntil: start + 1 })

    expect(held({ heartbeat, now: start + 1 - before })).toEqual(expected)
  })

  it('is the window that ends last', () => {
    const windows = [
      { name: 'short', endsAt: start + 2 * minute },
      { name: 'long', endsAt: start + 9 * minute },
      { name: 'other', endsAt: start + 3 * minute },
    ]

    expect(held({ windows })).toEqual({
      reason: { kind: 'window', name: 'long' },
      until: start + 9 * minute,
    })
  })

  it('is a parent that is down, which the next sweep looks at again', () => {
    const parents = [aParent({ id: 'q', name: 'net' }), aParent({ status: 'down' })]

    expect(held({ parents })).toEqual({ reason: byDb, until: start + 51_000 })
  })

  it.each(['up', 'grace', 'new', 'paused'] as const)('is no parent that is %s', (status) => {
    expect(held({ parents: [aParent({ status })] })).toBeUndefined()
  })

  it.each([
    [-1, undefined],
    [0, start + 3000],
    [minute, start + minute + 3000],
    [minute + 1, undefined],
  ])('is a parent whose deadline comes %i ms behind the missed one', (later, until) => {
    const parents = [aParent({ status: 'grace', deadline: start + later })]

    expect(held({ parents })).toEqual(until === undefined ? undefined : { reason: byDb, until })
  })

  it('is that parent no longer once its deadline is settled', () => {
    const parents = [aParent({ status: 'grace', deadline: start + minute })]

    expect(held({ parents, now: start + minute + 2999 })?.reason).toEqual(byDb)
    expect(held({ parents, now: start + minute + 3000 })).toBeUndefined()
  })

  it('is no deadline ahead for a failure that a ping told', () => {
    const parents = [aParent({ status: 'grace', deadline: start + 1 })]

    expect(held({ heartbeat: aDown({}, { kind: 'failed' }), parents })).toBeUndefined()
  })

  it('is the snooze before the window, and the window before the parent', () => {
    const windows = [{ name: 'patch', endsAt: start + minute }]
    const parents = [aParent({ status: 'down' })]
    const heartbeat = aDown({ snoozedUntil: start + 2 * minute })

    expect(held({ heartbeat, windows, parents })?.reason.kind).toBe('snoozed')
    expect(held({ windows, parents })?.reason.kind).toBe('window')
  })
})
