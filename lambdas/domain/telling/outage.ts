import type { HoldReason } from './hold.ts'

/** Whom `alert` has told of one time that a check was down: what it tells next depends on that. */
export type Outage = {
  /** When the check went down, and how many pings it had by then. */
  readonly at: number
  readonly count: number
  /** From when repeats and escalations count; absent while nobody was told. */
  readonly toldAt?: number
  /** The channels whose turn has come. */
  readonly told: readonly string[]
  /**
   * Those among them that may not have heard: they could not be read, or it is not known that
   * messages went. They are told as soon as they can be.
   */
  readonly unread?: readonly string[]
  /** How often it was told that the check is still down, and when that was due last. */
  readonly tellings: number
  readonly toldAgainAt?: number
  /** Since when nobody was told, and why. */
  readonly held?: { readonly since: number; readonly reason: HoldReason }
  /** Whether nothing more is to be told of it. */
  readonly isOver?: true
}
