import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Random } from '../../lambdas/runtime/random.ts'
import { type TableName, tables } from '../../lambdas/store/keys.ts'
import { start } from '../support/builders.ts'
import {
  type Change,
  makeEngineTables,
  makeModelTables,
  type TestEngine,
} from '../support/engine.ts'
import { type Deed, deeds, type Stores, storesOn } from '../support/store-deeds.ts'

let model: TestEngine
let engine: TestEngine

beforeAll(async () => {
  model = await makeModelTables()
  engine = await makeEngineTables()
})
afterAll(() => engine.stop())

let runs = 0

describe('the model', () => {
  it('does what the engine does, whatever the stores do to it', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (some) => {
        runs += 1
        const [ours, theirs] = [await begun(model), await begun(engine)]

        for (const { name, act } of some)
          expect([name, await outcomeOf(act, ours)]).toEqual([name, await outcomeOf(act, theirs)])
      }),
      { numRuns: 150 },
    )

    for (const table of Object.keys(tables) as TableName[])
      expect(await contents(model, table)).toEqual(await contents(engine, table))
    for (const table of ['Heartbeats', 'Registry'] as const) {
      const [ours, theirs] = [byKey(await model.changes(table)), byKey(await engine.changes(table))]
      expect(ours.size).toBeGreaterThan(50)
      expect(ours).toEqual(theirs)
    }
  })
})

async function begun(on: TestEngine): Promise<Stores> {
  const [stores, scope] = [storesOn(on), `${runs}-`]
  let made = 0
  const random: Random = {
    uuid: () => `${scope}${(made += 1)}`,
    bytes: (count) => Buffer.alloc(count, `${scope}${(made += 1)}`),
  }
  const created = await stores.registry.createProject(
    { name: 'one', email: 'ops@example.com' },
    start,
    random,
  )
  if (created === 'key-taken') throw new Error(`run ${scope} has no keys of its own`)
  return { ...stores, scope, projectId: created.project.id }
}

async function outcomeOf(act: Deed['act'], stores: Stores): Promise<unknown> {
  try {
    return await act(stores)
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : error
  }
}

async function contents(
  { client, names }: TestEngine,
  table: TableName,
): Promise<ReadonlyMap<string, object>> {
  const items = new Map<string, object>()
  const { partitionKey, sortKey }: { partitionKey: string; sortKey?: string } = tables[table]
  for await (const { Items } of paginateScan(
    { client },
    { TableName: names[table], ConsistentRead: true },
  )) {
    for (const item of Items ?? [])
      items.set(`${item[partitionKey]?.S} ${item[sortKey ?? '']?.S}`, item)
  }
  return items
}

/** What was told of each item, in order; between items there is none. */
function byKey(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  return Map.groupBy(changes, ({ Keys }) =>
    Object.values(Keys as Record<string, AttributeValue>)
      .map(({ S }) => S)
      .toSorted()
      .join(' '),
  )
}
