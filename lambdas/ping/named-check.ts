import type { Alias } from '../domain/watching/lookup.ts'
import type { Addressee } from '../domain/watching/ping-url.ts'
import type { Provisioned } from '../domain/watching/provisioning.ts'
import type { Lookups } from '../store/registry/lookups.ts'

export type NamingDeps = {
  readonly lookups: Pick<Lookups, 'checksBehind' | 'isPingKey'>
  /** Makes the check with a slug unless there is one. */
  readonly provision: (alias: Alias) => Promise<Provisioned>
}

/**
 * The check that a ping names. A missing one is made if the ping may do so. Whether a UUID exists
 * shows only when the ping is recorded.
 */
export async function namedCheck(
  deps: NamingDeps,
  addressee: Addressee,
  mayCreate: boolean,
): Promise<Provisioned> {
  if ('checkId' in addressee) return { checkId: addressee.checkId, isNew: false }
  const found = await checkBehind(deps.lookups, addressee, mayCreate)
  return found === 'to-be-made' ? deps.provision(addressee) : found
}

/** The check behind a slug; `to-be-made` when it is missing and the ping may make it. */
export async function checkBehind(
  lookups: NamingDeps['lookups'],
  alias: Alias,
  mayCreate: boolean,
): Promise<Provisioned | 'to-be-made'> {
  const [checkId, ...others] = await lookups.checksBehind(alias)
  if (others.length > 0) return { refusal: 'ambiguous' }
  if (checkId !== undefined) return { checkId, isNew: false }
  return mayCreate && (await lookups.isPingKey(alias.pingKey))
    ? 'to-be-made'
    : { refusal: 'unknown' }
}
