import { hasTellingRules, type Rules } from '../watching/rules.ts'
import type { FlipMessage } from './alert.ts'

/**
 * Whether more may have to be told of a check than its flips, each at once: something may have held
 * them, or something is to be told later. All other checks are told of at less cost. A message that
 * comes again gets the same answer.
 */
export function mayBeToldLater(
  rules: Rules | undefined,
  { flip, heartbeat }: FlipMessage,
): boolean {
  const { snoozedUntil = 0, windows, lookAt } = heartbeat
  const isSnoozed = snoozedUntil > flip.at
  return hasTellingRules(rules) || isSnoozed || windows !== undefined || lookAt !== undefined
}
