import type { Check } from '../domain/watching/check.ts'
import { uuidPattern } from '../domain/wire/uuid.ts'
import type { ApiDeps } from './deps.ts'
import { HttpError } from './http-error.ts'

/**
 * The part of a path that names a check by its UUID: lower case, as it is in the URLs that clients
 * were given.
 */
export const byUuid = `:id{${uuidPattern}}`

/**
 * The part of a path that names a check by its unique key, which does not give its ping URL away.
 */
export const byUniqueKey = ':id{[0-9a-f]{40}}'

/**
 * A check of a project, by UUID or unique key.
 * @throws HttpError 403 when it belongs to another project, 404 when there is none.
 */
export async function findCheck(
  { registry }: ApiDeps,
  projectId: string,
  name: string,
): Promise<Check> {
  const isUuid = name.includes('-')
  const check = await (isUuid
    ? registry.check(projectId, name)
    : registry.checkByUniqueKey(projectId, name))
  if (check !== undefined) return check
  const owner = isUuid ? await registry.ownerOf(name) : undefined
  if (owner === undefined || owner === projectId) throw new HttpError(404, 'check not found')
  throw new HttpError(403, 'check belongs to another project')
}
