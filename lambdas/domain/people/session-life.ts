import { shortUserAgent } from '../wire/user-agent.ts'
import type { Session } from './session.ts'
import type { User } from './user.ts'

const DAY_MS = 86_400_000

/** A session ends when it was not used for this long, and at the latest after the second. */
export const IDLE_DAYS = 30
export const MOST_DAYS = 90

export const SESSION_COOKIE = '__Host-session'

/**
 * What gives a browser its session. No neighbour of the host and no script sets or reads it, and no
 * form of another site has it.
 */
export function sessionCookie(token: string): string {
  const seconds = IDLE_DAYS * (DAY_MS / 1000)
  return `${SESSION_COOKIE}=${token}; Max-Age=${seconds}; Path=/; HttpOnly; Secure; SameSite=Lax`
}

/** A session that begins with a sign-in just made. */
export function newSession(
  { id, sessionEpoch }: Pick<User, 'id' | 'sessionEpoch'>,
  { method, agent, now }: Pick<Session, 'method' | 'agent'> & { readonly now: number },
): Session {
  const at = { createdAt: now, seenAt: now, freshAt: now }
  return { userId: id, epoch: sessionEpoch, method, agent: shortUserAgent(agent), ...at }
}

/** When a session ends unless it is used before. */
export function sessionEnd({ createdAt, seenAt }: Pick<Session, 'createdAt' | 'seenAt'>): number {
  return Math.min(seenAt + IDLE_DAYS * DAY_MS, createdAt + MOST_DAYS * DAY_MS)
}

export function isLive(session: Session, now: number): boolean {
  return now < sessionEnd(session)
}

/** Whether it is to be noted that a session is used: once a day, as it is a write. */
export function isToBeNoted({ seenAt }: Session, now: number): boolean {
  return now - seenAt >= DAY_MS
}
