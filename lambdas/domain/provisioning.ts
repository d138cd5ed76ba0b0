import type { Alias } from './lookup.ts'

/** What became of a wish for a check with a slug: the check, made now or before; or why there is none that is meant. */
export type Provisioned = { readonly checkId: string; readonly isNew: boolean } | { readonly refusal: 'unknown' | 'ambiguous' }

/** @throws when it is none. */
export function parseAlias(value: unknown): Alias {
  const { pingKey, slug } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof pingKey !== 'string' || typeof slug !== 'string') throw new Error('provisioning takes a ping key and a slug')
  return { pingKey, slug }
}

/** @throws when it is none. */
export function parseProvisioned(value: unknown): Provisioned {
  const { checkId, isNew, refusal } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof checkId === 'string') return { checkId, isNew: isNew === true }
  if (refusal === 'unknown' || refusal === 'ambiguous') return { refusal }
  throw new Error('provisioning gave no answer that is known')
}
