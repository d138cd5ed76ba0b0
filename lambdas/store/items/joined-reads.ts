import DataLoader from 'dataloader'
import type { Database, Item } from '../../runtime/database.ts'
import type { RegistryKey } from '../keys.ts'
import type { ReadItem } from '../registry/registry.ts'

/**
 * Joins reads that are asked for at the same time into one call, each item once. The flips of a
 * batch need mostly the same items, and calls are most of what an alert takes.
 */
export function joinedReads(database: Database, table: string): ReadItem {
  const loader = new DataLoader((keys: readonly RegistryKey[]) => readAll(database, table, keys), {
    cache: false,
  })
  return (key) => loader.load(key)
}

async function readAll(
  database: Database,
  table: string,
  keys: readonly RegistryKey[],
): Promise<readonly (Item | undefined)[]> {
  const wanted = new Map(keys.map((key) => [keyText(key), key]))
  const items = await database.getSome(table, [...wanted.values()])
  const found = new Map(items.map((item) => [keyText(item), item]))
  return keys.map((key) => found.get(keyText(key)))
}

function keyText({ pk, sk }: Item): string {
  return JSON.stringify([pk, sk])
}
