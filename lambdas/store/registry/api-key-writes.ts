import type { Write } from '../../runtime/database.ts'
import { registryKeys } from '../keys.ts'
import { apiKeyItems, keysOfApiKey, type StoredApiKey } from './api-key-item.ts'
import { putNew } from './registry-writes.ts'

/** Gives a key to a project, which must not be on its way out. */
export function apiKeyCreation(table: string, projectId: string, key: StoredApiKey): Write[] {
  return [
    {
      check: {
        table,
        key: registryKeys.census(projectId),
        condition: 'attribute_exists(pk) AND attribute_not_exists(closed)',
      },
    },
    ...apiKeyItems(projectId, key).map((item) => putNew(table, item)),
  ]
}

/** Takes a key, which must be there still. */
export function apiKeyDeletion(
  table: string,
  projectId: string,
  { hash }: Pick<StoredApiKey, 'hash'>,
): Write[] {
  const isThere = { condition: 'attribute_exists(pk)' }
  const [own, found] = keysOfApiKey(projectId, hash)
  return [{ delete: { table, key: own, ...isThere } }, { delete: { table, key: found } }]
}
