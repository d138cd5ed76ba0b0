import type { Membership, User } from '../../domain/people/user.ts'
import type { Write } from '../../runtime/database.ts'
import { registryKeys } from '../keys.ts'
import { itemOf } from '../registry/registry-item.ts'
import { putNew } from '../registry/registry-writes.ts'

/** A new user. It fails at the first of these when the address has one already. */
export function userCreation(table: string, user: User): Write[] {
  return [
    itemOf(registryKeys.userEmail(user.email), { userId: user.id }),
    itemOf(registryKeys.user(user.id), user),
    itemOf(registryKeys.userEntry(user.id), { userId: user.id }),
  ].map((item) => putNew(table, item))
}

/**
 * Gives a user a role in a project, in the place of the one that was read.
 * @param before undefined when the user had none
 * @param kept how many owners must be left
 */
export function joining(
  table: string,
  after: Membership,
  { before, kept = 0 }: { readonly before?: Membership | undefined; readonly kept?: number } = {},
): Write[] {
  const { userId, projectId } = after
  const asRead =
    before === undefined
      ? { condition: 'attribute_not_exists(pk)' }
      : { condition: '#role = :role', names: { '#role': 'role' }, values: { ':role': before.role } }
  const put = (item: ReturnType<typeof itemOf>) => ({ put: { table, item, ...asRead } })
  return [
    put(itemOf(registryKeys.membership(userId, projectId), after)),
    put(itemOf(registryKeys.member(projectId, userId), after)),
    ...ownersChange(table, projectId, { more: owners(after) - owners(before), kept }),
  ]
}

/** That a user is still there. */
export function userPresence(table: string, userId: string): Write {
  return { check: { table, key: registryKeys.user(userId), condition: 'attribute_exists(pk)' } }
}

/** Ends a membership as it was read. @param kept how many owners must be left */
export function leaving(table: string, before: Membership, kept: number): Write[] {
  const { userId, projectId, role } = before
  const asRead = {
    condition: '#role = :role',
    names: { '#role': 'role' },
    values: { ':role': role },
  }
  return [
    { delete: { table, key: registryKeys.membership(userId, projectId), ...asRead } },
    { delete: { table, key: registryKeys.member(projectId, userId), ...asRead } },
    ...ownersChange(table, projectId, { more: -owners(before), kept }),
  ]
}

/** Ends a user, whose memberships have ended. */
export function userDeletion(table: string, { id, email, version }: User): Write[] {
  const asRead = { condition: 'version = :version', values: { ':version': version } }
  return [
    { delete: { table, key: registryKeys.user(id), ...asRead } },
    { delete: { table, key: registryKeys.userEntry(id) } },
    { delete: { table, key: registryKeys.userEmail(email) } },
  ]
}

function owners(membership: Membership | undefined): number {
  return membership?.role === 'owner' ? 1 : 0
}

/** Nothing where their number stays. Of owners who go at the same time, enough are left. */
function ownersChange(
  table: string,
  projectId: string,
  { more, kept }: { readonly more: number; readonly kept: number },
): Write[] {
  if (more === 0) return []
  const counted = { table, key: registryKeys.owners(projectId), update: 'ADD owners :more' }
  if (more > 0) return [{ update: { ...counted, values: { ':more': more } } }]
  const isLeft = { condition: 'owners > :kept', values: { ':more': more, ':kept': kept } }
  return [{ update: { ...counted, ...isLeft } }]
}
