import { makeSecret } from '../../domain/people/secret.ts'
import type { Session } from '../../domain/people/session.ts'
import { newSession } from '../../domain/people/session-life.ts'
import type { User } from '../../domain/people/user.ts'
import { log } from '../../runtime/log.ts'
import type { Random } from '../../runtime/random.ts'
import type { Sessions } from '../../store/people/sessions.ts'
import type { Users } from '../../store/people/users.ts'

export type BeginSessionDeps = {
  readonly users: Pick<Users, 'byEmail'>
  readonly sessions: Pick<Sessions, 'begin'>
  readonly random: Pick<Random, 'bytes'>
}

/** Whose address was proved, how, and in which browser. */
export type ProvenSignIn = Pick<Session, 'method' | 'agent'> & {
  readonly email: string
  readonly now: number
}

/**
 * Begins a session with a token that nobody has seen before; undefined when the address is no
 * user's, or not any more.
 */
export async function beginSession(
  { users, sessions, random }: BeginSessionDeps,
  { email, ...proven }: ProvenSignIn,
): Promise<{ readonly user: User; readonly token: string } | undefined> {
  const user = await users.byEmail(email)
  if (user === undefined) return undefined
  const token = makeSecret((count) => random.bytes(count))
  await sessions.begin(token, newSession(user, proven))
  log('signed-in', { user: user.id, method: proven.method })
  return { user, token }
}
