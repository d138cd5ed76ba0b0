import { getCookie } from 'hono/cookie'
import type { Session } from '../domain/people/session.ts'
import type { Users } from '../store/people/users.ts'
import type { Visitor, WebContext } from './route.ts'

export type SessionDeps = {
  readonly sessions: { byToken(token: string, now: number): Promise<Session | undefined> }
  readonly users: Pick<Users, 'visit'>
}

export const SESSION_COOKIE = '__Host-session'

/** Who asks; undefined for who has not signed in, or not any more. */
export async function visitorOf(
  { sessions, users }: SessionDeps,
  context: WebContext,
  now: number,
): Promise<Visitor | undefined> {
  const token = getCookie(context, SESSION_COOKIE)
  const session = token === undefined ? undefined : await sessions.byToken(token, now)
  const known = session && (await users.visit(session.userId))
  if (known === undefined || known.user.sessionEpoch !== session?.epoch) return undefined
  return { ...known, session }
}
