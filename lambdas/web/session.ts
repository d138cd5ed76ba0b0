import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { secretForm } from '../domain/people/secret.ts'
import type { Session } from '../domain/people/session.ts'
import { isToBeNoted, SESSION_COOKIE, sessionCookie } from '../domain/people/session-life.ts'
import { KNOWN_DAYS } from '../store/people/known-browsers.ts'
import type { Sessions } from '../store/people/sessions.ts'
import type { Users } from '../store/people/users.ts'
import type { Visitor, WebContext } from './route.ts'

export type SessionDeps = {
  readonly sessions: Pick<Sessions, 'byToken' | 'note'>
  readonly users: Pick<Users, 'visit'>
}

/** As those of the session, for the other cookies. */
const options = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const

/** Who asks; undefined for who has not signed in, or not any more. */
export async function visitorOf(
  deps: SessionDeps,
  context: WebContext,
  now: number,
): Promise<Visitor | undefined> {
  const session = await sessionBy(deps, context, now)
  return session && visitorBy(deps, context, { session, now })
}

/**
 * The session that a browser came with. Whether its user has ended it with all others says
 * `visitorBy`.
 */
export async function sessionBy(
  { sessions }: SessionDeps,
  context: WebContext,
  now: number,
): Promise<Session | undefined> {
  const token = tokenOf(context)
  return token === undefined ? undefined : sessions.byToken(token, now)
}

/** Who asks by a session; undefined for who is no user any more, or has ended all sessions. */
export async function visitorBy(
  { sessions, users }: SessionDeps,
  context: WebContext,
  { session, now }: { readonly session: Session; readonly now: number },
): Promise<Visitor | undefined> {
  const token = tokenOf(context)
  const known = await users.visit(session.userId)
  if (token === undefined || known === undefined) return undefined
  if (known.user.sessionEpoch !== session.epoch) return undefined
  if (isToBeNoted(session, now)) {
    await sessions.note(token, session, now)
    giveSession(context, token)
  }
  return { ...known, session }
}

/** The token that a browser came with, if it may be one. */
export function tokenOf(context: WebContext): string | undefined {
  return secretIn(context, SESSION_COOKIE)
}

export function giveSession(context: WebContext, token: string): void {
  context.header('Set-Cookie', sessionCookie(token), { append: true })
}

export function takeSession(context: WebContext): void {
  deleteCookie(context, SESSION_COOKIE, options)
}

const SIGN_IN_COOKIE = '__Host-sign-in'

/** The cookie of a browser that has asked to sign in. */
export function signInCookieOf(context: WebContext): string | undefined {
  return secretIn(context, SIGN_IN_COOKIE)
}

export function giveSignInCookie(context: WebContext, cookie: string, seconds: number): void {
  setCookie(context, SIGN_IN_COOKIE, cookie, { ...options, maxAge: seconds })
}

export function takeSignInCookie(context: WebContext): void {
  deleteCookie(context, SIGN_IN_COOKIE, options)
}

const KNOWN_COOKIE = '__Host-known'

/** The cookie of a browser in which somebody has signed in before. */
export function knownCookieOf(context: WebContext): string | undefined {
  return secretIn(context, KNOWN_COOKIE)
}

export function giveKnownCookie(context: WebContext, cookie: string): void {
  setCookie(context, KNOWN_COOKIE, cookie, { ...options, maxAge: KNOWN_DAYS * 86_400 })
}

function secretIn(context: WebContext, name: string): string | undefined {
  const value = getCookie(context, name)
  return value !== undefined && secretForm.test(value) ? value : undefined
}
