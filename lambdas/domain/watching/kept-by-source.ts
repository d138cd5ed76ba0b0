import { isDeepStrictEqual } from 'node:util'
import type { Check } from './check.ts'
import { keptBySource } from './managed-by.ts'

/** A database says what a check is, and only there it is changed. */
export type KeptBySource = { readonly refusal: 'kept-by-source' }

/** Whether people may have such a check otherwise, or none where `after` is absent. */
export function isChangeable(before: Check, after?: Check): boolean {
  if (before.managedBy !== keptBySource) return true
  return after !== undefined && isDeepStrictEqual(saidBySource(before), saidBySource(after))
}

/** Its rules, and whom it tells, are for people to say. */
function saidBySource({ rules: _, channelIds: __, ...said }: Check): Partial<Check> {
  return said
}
