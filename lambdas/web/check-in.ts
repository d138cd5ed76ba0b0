import type { Author } from '../domain/people/audit.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Registry } from '../store/registry/registry.ts'
import { NotHere } from './refused.ts'
import type { PersonalCall, ProjectCall } from './route.ts'

/**
 * The check that a path names, by its unique key: its UUID would be its ping URL.
 * @param named in the place of what the path names
 * @throws NotHere when the project has no such check
 */
export async function checkIn(
  { registry }: { readonly registry: Pick<Registry, 'checkByUniqueKey'> },
  call: ProjectCall,
  named = call.context.req.param('key'),
): Promise<Check> {
  const check = await registry.checkByUniqueKey(call.project.id, uniqueKeyIn(named))
  if (check === undefined) throw new NotHere()
  return check
}

/** @throws NotHere for what is no unique key */
export function checkKeyIn({ context }: ProjectCall): string {
  return uniqueKeyIn(context.req.param('key'))
}

/** A table refuses what is much longer. */
function uniqueKeyIn(text = ''): string {
  if (!/^[0-9a-f]{40}$/.test(text)) throw new NotHere()
  return text
}

/** Who asks for a change by a page. */
export function authorOf({ user, requestId, address }: PersonalCall): Author {
  return { actor: { kind: 'user', id: user.id, email: user.email }, requestId, address }
}

/** Who reads the times of a page, and by which clocks. */
export function readerOf({ now, user }: PersonalCall): { now: number; timeZone: string } {
  return { now, timeZone: user.timeZone ?? 'UTC' }
}
