import { bodyTypeBy } from '../domain/watching/body-rules.ts'
import type { PingType } from '../domain/watching/ping.ts'
import type { Lookups } from '../store/registry/lookups.ts'

export type BodyTypeDeps = { readonly lookups: Pick<Lookups, 'bodyRules'> }

/** What a body says by the rules of a check; undefined when the check has none. */
export async function bodyTypeOf(
  { lookups }: BodyTypeDeps,
  checkId: string,
  body: Buffer,
): Promise<PingType | undefined> {
  const rules = await lookups.bodyRules(checkId)
  return rules && bodyTypeBy(rules, body)
}
