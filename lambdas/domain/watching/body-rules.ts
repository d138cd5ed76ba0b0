import { bodyText } from '../wire/body-text.ts'
import type { Filters } from './check.ts'
import type { PingType } from './ping.ts'

/**
 * Keyword rules on the bodies of a check's pings. Keywords are comma-separated, as the API takes
 * them.
 */
export type BodyRules = Pick<
  Filters,
  'startKeywords' | 'successKeywords' | 'failureKeywords' | 'defaultFail'
>

/** What a ping means by its body alone, whatever its URL says. */
export function bodyTypeBy(rules: BodyRules, body: Uint8Array): PingType {
  return typeByText(rules, bodyText(body))
}

/** What keywords say of a text; the order decides where it has several. */
export function typeByText(rules: BodyRules, text: string): PingType {
  if (hasOneOf(rules.failureKeywords, text)) return 'fail'
  if (hasOneOf(rules.successKeywords, text)) return 'success'
  if (hasOneOf(rules.startKeywords, text)) return 'start'
  return rules.defaultFail ? 'fail' : 'ign'
}

function hasOneOf(keywords: string, text: string): boolean {
  return keywords
    .split(',')
    .some((keyword) => keyword.trim() !== '' && text.includes(keyword.trim()))
}
