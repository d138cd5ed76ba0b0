import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import DataLoader from 'dataloader'
import { readBatch } from './batch-read.ts'
import type { RegistryKey } from '../keys.ts'
import type { ReadItem } from '../registry/registry.ts'
import type { Item } from '../registry/registry-item.ts'

/**
 * Reads what is asked for at the same time by one call, each item once: the flips of a batch have
 * most of what they need in common, and calls are most of what an alert takes.
 */
export function joinedReads(client: DynamoDBClient, table: string): ReadItem {
  const loader = new DataLoader((keys: readonly RegistryKey[]) => readAll(client, table, keys), {
    cache: false,
  })
  return (key) => loader.load(key)
}

async function readAll(
  client: DynamoDBClient,
  table: string,
  keys: readonly RegistryKey[],
): Promise<readonly (Item | undefined)[]> {
  const wanted = new Map(keys.map((key) => [keyText(key.pk, key.sk), key]))
  const items = await readBatch(client, table, [...wanted.values()])
  const found = new Map(items.map((item) => [keyText(item['pk']?.S, item['sk']?.S), item]))
  return keys.map(({ pk, sk }) => found.get(keyText(pk, sk)))
}

function keyText(pk: string | undefined, sk: string | undefined): string {
  return JSON.stringify([pk, sk])
}
