import { uuidPattern } from '../domain/wire/uuid.ts'

/**
 * The part of a path that names a check by its UUID: lower case, as it is in the URLs that clients
 * were given.
 */
export const byUuid = `:id{${uuidPattern}}`

/**
 * The part of a path that names a check by its unique key, which does not give its ping URL away.
 */
export const byUniqueKey = ':id{[0-9a-f]{40}}'
