import type { Alias } from './lookup.ts'

/**
 * The most checks that pings may make in a project in one minute of the clock. A ping key lies in
 * many places, and each check costs.
 */
export const mostProvisionsPerMinute = 60

const MINUTE_MS = 60_000

/**
 * How many checks pings made in the last minute in which they made any. `minute` counts from the
 * epoch.
 */
export type Provisions = { readonly minute: number; readonly count: number }

/** The provisions with one more at `now`; undefined when the minute has had its share. */
export function afterProvision(
  before: Provisions | undefined,
  now: number,
): Provisions | undefined {
  const minute = Math.floor(now / MINUTE_MS)
  const count = before?.minute === minute ? before.count : 0
  return count < mostProvisionsPerMinute ? { minute, count: count + 1 } : undefined
}

/** Why a slug leads to no check. `limited`: the check may be made in a minute. */
export type ProvisionRefusal = 'unknown' | 'ambiguous' | 'limited'

/** The answer to a request for a check by its slug: the check, new or old, or why there is none. */
export type Provisioned =
  { readonly checkId: string; readonly isNew: boolean } | { readonly refusal: ProvisionRefusal }

/** @throws when the value has no ping key or no slug. */
export function parseAlias(value: unknown): Alias {
  const { pingKey, slug } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof pingKey !== 'string' || typeof slug !== 'string')
    throw new Error('provisioning takes a ping key and a slug')
  return { pingKey, slug }
}

/** @throws when the value has neither a check nor a reason that is known. */
export function parseProvisioned(value: unknown): Provisioned {
  const { checkId, isNew, refusal } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof checkId === 'string') return { checkId, isNew: isNew === true }
  if (refusal === 'unknown' || refusal === 'ambiguous' || refusal === 'limited') return { refusal }
  throw new Error('provisioning gave no answer that is known')
}
