import type { Flip } from '../watching/flip.ts'
import type { TellingRules } from '../watching/rules.ts'
import type { Hold } from './hold.ts'
import type { Outage } from './outage.ts'

/** What it takes to decide what to tell of a flip now. */
export type Outlook = {
  readonly flip: Flip
  /** Whether the check is still what it became. */
  readonly isCurrent: boolean
  /** What was told of the outage that the flip began or ended. */
  readonly outage: Outage | undefined
  /** The check's own channels, by their ids. */
  readonly channelIds: readonly string[]
  readonly rules: TellingRules
  readonly hold: Hold | undefined
  readonly now: number
  /** Whether the flip to down is acknowledged: its deliveries were queued, if none was held. */
  readonly wasAcknowledged: boolean
}

/**
 * What to tell whom, what is known of the outage afterwards, and when to look again. The outage is
 * the same object when nothing is to be kept.
 */
export type TellingPlan = {
  readonly tellings: readonly PlannedTelling[]
  readonly outage: Outage | undefined
  readonly lookAt?: number
}

/** Number 0 is the flip itself. */
export type PlannedTelling = { readonly number: number; readonly channelIds: readonly string[] }
