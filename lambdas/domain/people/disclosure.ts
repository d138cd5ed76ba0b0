import { type Check, uniqueKeyOf } from '../watching/check.ts'
import type { Rules } from '../watching/rules.ts'

/**
 * What may be shown of a check to those who may not ping it. The id is the ping URL, so the type
 * refuses a check that still holds it.
 */
type Anonymous = {
  readonly id?: never
  readonly channelIds?: never
  readonly rules?: AnonymousRules
}

/** Rules that name no channel and no check. */
type AnonymousRules = Omit<Rules, 'escalate' | 'dependsOn'> & {
  readonly escalate?: never
  readonly dependsOn?: never
}

/** A check as everybody sees it, without a key. */
export type PublicCheck = Pick<Check, 'name'> & Anonymous

/** A check as the read-only key shows it: the unique key stands for the id. */
export type ReadOnlyCheck = Omit<Check, 'id' | 'channelIds' | 'rules'> &
  Anonymous & { readonly uniqueKey: string }

/** What everybody may call a check. */
export function publicTitleOf({ name }: PublicCheck): string {
  return name === '' ? 'unnamed check' : name
}

export function readOnlyCheck({ id, channelIds: _, rules, ...shown }: Check): ReadOnlyCheck {
  return { ...shown, ...rulesField(rules), uniqueKey: uniqueKeyOf(id) }
}

function rulesField(rules: Rules = {}): Pick<ReadOnlyCheck, 'rules'> {
  const { escalate: _, dependsOn: __, ...open } = rules
  return Object.keys(open).length === 0 ? {} : { rules: open }
}
