import type { BodyRules } from './body-rules.ts'
import type { Check } from './check.ts'
import type { MailRules } from './mail-rules.ts'

/** Ping key and slug: what names a check in a slug URL. */
export type Alias = { readonly pingKey: string; readonly slug: string }

/** What pings look up of a check, beside its heartbeat. `version` is that of the check. */
export type Lookup = {
  readonly version: number
  readonly alias?: Alias
  readonly bodyRules?: BodyRules
  readonly mailRules?: MailRules
}

/** What pings are to look up of a check, in a project with this ping key. */
export function lookupOf(
  check: Pick<Check, 'version' | 'slug' | 'filters'>,
  pingKey: string | undefined,
): Lookup {
  const { httpBody, subject, body, ...keywords } = check.filters
  return {
    version: check.version,
    ...(pingKey === undefined || check.slug === '' ? {} : { alias: { pingKey, slug: check.slug } }),
    ...(httpBody ? { bodyRules: keywords } : {}),
    ...(subject || body ? { mailRules: { ...keywords, subject, body } } : {}),
  }
}
