/** A sign-in of a user in one browser. */
export type Session = {
  readonly userId: string
  /** That of the user when it began; it has ended when the user's is another. */
  readonly epoch: number
  /** By what the user signed in: a mailed link or code, or on the local stack by asking for it. */
  readonly method: 'mail' | 'local'
  readonly createdAt: number
  readonly seenAt: number
  /** When the user last proved to be there. */
  readonly freshAt: number
  /** The browser, as it names itself. */
  readonly agent: string
}

/** For how long what a thief of a session must not do needs no further sign-in. */
const FRESH_MS = 15 * 60_000

/** Whether the user has proved to be there a moment ago. */
export function isFresh({ freshAt }: Session, now: number): boolean {
  return now - freshAt < FRESH_MS
}
