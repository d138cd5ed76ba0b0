import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withLoss, noLosses } from '../../../lambdas/domain/mirroring/losses.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { Attachments } from '../../../lambdas/store/source/attachments.ts'
import { RowFaults } from '../../../lambdas/store/source/faults.ts'
import { Holds } from '../../../lambdas/store/source/holds.ts'
import { MirrorMarks } from '../../../lambdas/store/source/mirror-marks.ts'
import { transact } from '../../../lambdas/store/items/transaction.ts'
import { Registry } from '../../../lambdas/store/registry/registry.ts'
import { start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await makeTables()
})
afterAll(() => engine.stop())

async function aProject(): Promise<string> {
  const registry = new Registry(engine.database, engine.names.Registry)
  const created = await registry.createProject({ name: 'Shop', email: 'a@b.com' }, start, random)
  return created === 'key-taken' ? expect.unreachable() : created.project.id
}

describe('the losses of a project', () => {
  it('are counted by one of two who have read the same', async () => {
    const holds = new Holds(engine.database, engine.names.Operations)
    const known = await holds.losses('p1')
    const write = holds.lossWrite('p1', known, start)

    const outcomes = [
      await transact(engine.database, [write]),
      await transact(engine.database, [write]),
    ]

    expect(outcomes.map((refusals) => refusals.length)).toEqual([0, 1])
    const counted = await holds.losses('p1')
    expect(counted).toEqual({ losses: withLoss(noLosses, start), revision: 1 })
    const next = holds.lossWrite('p1', counted, start)
    expect(await transact(engine.database, [next])).toEqual([])
  })

  it('are forgotten with the hold', async () => {
    const holds = new Holds(engine.database, engine.names.Operations)
    const known = await holds.losses('p2')
    await transact(engine.database, [holds.lossWrite('p2', known, start)])
    await holds.hold({ projectId: 'p2', at: start, why: 'most-gone' })
    await holds.hold({ projectId: 'p3', at: start, why: 'view-empty' })

    await holds.release('p2')

    expect(await holds.all()).toEqual([{ projectId: 'p3', at: start, why: 'view-empty' }])
    expect(await holds.losses('p2')).toEqual({ losses: {}, revision: 0 })
  })
})

describe('the faults of a source', () => {
  it('are noted and forgotten one by one', async () => {
    const faults = new RowFaults(engine.database, engine.names.Operations)
    const fault = { project: 'shop', words: 'is no UUID', since: start }

    await faults.note({ row: 'b', ...fault })
    await faults.note({ row: 'a', ...fault })
    await faults.note({ row: 'b', ...fault, words: 'is too long' })
    await faults.forget('a')
    await faults.forget('never there')

    expect(await faults.all()).toEqual([{ row: 'b', ...fault, words: 'is too long' }])
  })
})

describe('the last runs of the mirror', () => {
  it('keep the last comparison beside later runs', async () => {
    const marks = new MirrorMarks(engine.database, engine.names.Operations)
    const comparison = { at: start, rows: 3, missing: 2, stale: 1, orphaned: 0 }

    expect(await marks.last()).toEqual({})
    await marks.mark(start, comparison)
    await marks.mark(start + 1)

    expect(await marks.last()).toEqual({ askedAt: start + 1, comparison })
  })
})

describe('the projects that a source may write', () => {
  it('have each a name of their own', async () => {
    const attachments = new Attachments(engine.database, engine.names.Registry)
    const [one, other] = [await aProject(), await aProject()]

    expect(await attachments.attach({ projectId: one, name: 'shop' })).toBe('attached')
    expect(await attachments.attach({ projectId: other, name: 'shop' })).toBe('name-taken')
    expect(await attachments.attach({ projectId: one, name: 'shed' })).toBe('attached')
    expect(await attachments.attach({ projectId: other, name: 'shop' })).toBe('attached')
    expect(await attachments.attach({ projectId: 'none', name: 'x' })).toBe('missing')
    expect(
      new Map((await attachments.all()).map(({ projectId, name }) => [projectId, name])),
    ).toEqual(
      new Map([
        [one, 'shed'],
        [other, 'shop'],
      ]),
    )
    expect(await attachments.detach(one)).toBe('detached')
    expect(await attachments.detach('none')).toBe('missing')
    expect(await attachments.all()).toEqual([{ projectId: other, name: 'shop' }])
  })
})
