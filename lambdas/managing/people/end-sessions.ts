import type { User } from '../../domain/people/user.ts'
import type { Users } from '../../store/people/users.ts'

const TRIES = 5

export type EndSessionsDeps = { readonly users: Pick<Users, 'visit' | 'change'> }

/**
 * Ends all sessions of a user at once, whatever else is changed of the user meanwhile.
 * @throws when the user changes at every try.
 */
export async function endSessions({ users }: EndSessionsDeps, { id }: User): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const user = (await users.visit(id))?.user
    if (user === undefined) return
    const ended = { ...user, sessionEpoch: user.sessionEpoch + 1 }
    if ((await users.change(user, ended)) === 'changed') return
  }
  throw new Error(`a user changed ${TRIES} times while the sessions were being ended`)
}
