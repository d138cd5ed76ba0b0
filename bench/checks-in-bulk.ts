import { type AttributeValue, BatchWriteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { randomUUID } from 'node:crypto'
import { uniqueKeyOf } from '../lambdas/domain/watching/check.ts'
import { groupsOf, inGroups } from '../lambdas/runtime/groups.ts'
import type { TableName } from '../lambdas/store/keys.ts'
import type { LocalStack, Project } from './local-stack.ts'
import { makeChecks } from './workload.ts'

type Item = Record<string, AttributeValue>

/**
 * All items of some checks, by their tables: what the API wrote for one of them, with other ids.
 */
export type Bulk = Readonly<Record<'Registry' | 'Heartbeats' | 'Lookups', readonly Item[]>>

const BATCH_SIZE = 25
const BATCHES_AT_ONCE = 4
const TRIES = 5

/** Of what checks are made: by default in a project of their own. */
type Copied = {
  readonly project?: Pick<Project, 'apiKey'>
  /** Besides those that checks of the bench have. */
  readonly fields?: object
}

/**
 * Copies of one check that the API makes; some ten thousand requests to the API would take many
 * minutes.
 */
export async function copiesOfACheck(
  stack: Pick<LocalStack, 'base' | 'dynamo' | 'project' | 'settle'>,
  count: number,
  { project, fields = {} }: Copied = {},
): Promise<Bulk> {
  const [id = ''] = await makeChecks(stack, project ?? (await stack.project()), 1, fields)
  await stack.settle()
  const model = {
    Registry: await itemsOf(stack, 'Registry', id),
    Heartbeats: await itemsOf(stack, 'Heartbeats', id),
  }
  const lookups = await itemsOf(stack, 'Lookups', id)
  const badgeKey =
    model.Registry.map((item) => item['badgeKey']?.S).find((key) => key !== undefined) ?? ''
  const copies = Array.from({ length: count }, () => copier(id, badgeKey))
  const copied = (items: readonly Item[]) => copies.flatMap((copy) => items.map(copy))
  return {
    Registry: copied(model.Registry),
    Heartbeats: copied(model.Heartbeats),
    Lookups: copied(lookups),
  }
}

/** Puts items into a table as they are, past all functions but those that its stream feeds. */
export async function putAll(
  stack: Pick<LocalStack, 'dynamo'>,
  table: TableName,
  items: readonly Item[],
): Promise<void> {
  await inGroups(groupsOf(items, BATCH_SIZE), BATCHES_AT_ONCE, async (batch) => {
    let left = batch.map((Item) => ({ PutRequest: { Item } }))
    for (let attempt = 0; attempt < TRIES && left.length > 0; attempt += 1) {
      const { UnprocessedItems } = await stack.dynamo.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: left } }),
      )
      left = (UnprocessedItems?.[table] ?? []) as typeof left
    }
    if (left.length > 0) throw new Error(`${left.length} items of ${table} could not be put`)
  })
}

function copier(id: string, badgeKey: string): (item: Item) => Item {
  const [newId, newBadgeKey] = [randomUUID(), randomUUID()]
  const replaced = (text: string) =>
    text
      .replaceAll(id, newId)
      .replaceAll(badgeKey, newBadgeKey)
      .replaceAll(uniqueKeyOf(id), uniqueKeyOf(newId))
  return (item) => JSON.parse(replaced(JSON.stringify(item))) as Item
}

/** The items that name a check, or its unique key. */
async function itemsOf(
  stack: Pick<LocalStack, 'dynamo'>,
  table: TableName,
  id: string,
): Promise<readonly Item[]> {
  const { Items = [] } = await stack.dynamo.send(new ScanCommand({ TableName: table }))
  return Items.filter((item) => {
    const text = JSON.stringify(item)
    return text.includes(id) || text.includes(uniqueKeyOf(id))
  })
}
