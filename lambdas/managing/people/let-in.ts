import { auditChanges, type Author } from '../../domain/people/audit.ts'
import type { Role } from '../../domain/people/role.ts'
import { newUser, type User } from '../../domain/people/user.ts'
import type { Random } from '../../runtime/random.ts'
import type { Users } from '../../store/people/users.ts'
import { auditWrites, type NotingDeps } from '../audit-writes.ts'

export type LetInDeps = NotingDeps & {
  readonly users: Pick<Users, 'byEmail' | 'visit' | 'create' | 'join'>
  readonly random: Pick<Random, 'uuid'>
}

/** Who is to have which role in a project, or in all of them, and who says so. */
export type LetInRequest = {
  readonly email: string
  readonly name?: string | undefined
  readonly projectId: string
  readonly role: Role
  readonly by: Author
}

/** Lets a person into a project; with the first one they become a user. */
export async function letIn(
  deps: LetInDeps,
  { email, name, projectId, role, by }: LetInRequest,
): Promise<User | { readonly refusal: 'there' | 'contended'; readonly email: string }> {
  const known = await deps.users.byEmail(email)
  const memberships = known === undefined ? [] : (await deps.users.visit(known.id))?.memberships
  if (memberships?.some((each) => each.projectId === projectId) === true)
    return { refusal: 'there', email: known?.email ?? email }
  const now = deps.clock.now()
  const id = deps.random.uuid()
  const user =
    known ?? newUser({ id, email, createdAt: now, ...(name === undefined ? {} : { name }) })
  const beside = auditWrites(deps, by, {
    projectId,
    action: 'member-added',
    subject: { kind: 'member', id: user.id, name: user.email },
    changes: auditChanges({ role: '' }, { role }),
  })
  const membership = { userId: user.id, projectId, role, since: now }
  const outcome =
    known === undefined
      ? await deps.users.create(user, membership, beside)
      : await deps.users.join(membership, beside)
  return outcome === 'created' || outcome === 'joined' ? user : { refusal: 'contended', email }
}
