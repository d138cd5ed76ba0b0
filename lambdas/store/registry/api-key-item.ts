import * as z from 'zod'
import type { ApiKey } from '../../domain/people/api-key.ts'
import type { Fields, Item } from '../../runtime/database.ts'
import { idOfKey, type RegistryKey, registryKeys } from '../keys.ts'
import { itemOf } from './registry-item.ts'

/** An API key as it is kept: nobody can tell the key from its hash, which lets the key in. */
export type StoredApiKey = Omit<ApiKey, 'id'> & { readonly hash: string }

const shape = z.object({
  hash: z.string(),
  name: z.string(),
  access: z.enum(['read-write', 'read-only']),
  by: z.string(),
  createdAt: z.number(),
}) satisfies z.ZodType<StoredApiKey>

/** @throws when it can't be read. */
export function apiKeyOf(item: Item): StoredApiKey {
  return shape.parse(item)
}

export function knownKey({ hash, ...known }: StoredApiKey): ApiKey {
  return { id: idOfKey(hash), ...known }
}

/** Where a key lies: among the keys of its project, and where the key itself finds it. */
export function keysOfApiKey(
  projectId: string,
  hash: string,
): readonly [own: RegistryKey, found: RegistryKey] {
  return [registryKeys.ownApiKey(projectId, hash), registryKeys.hashedApiKey(hash)]
}

/** The two items of a key. */
export function apiKeyItems(projectId: string, key: StoredApiKey): readonly Fields[] {
  const { access, name } = key
  const [own, found] = keysOfApiKey(projectId, key.hash)
  return [itemOf(own, key), itemOf(found, { projectId, access, name })]
}
