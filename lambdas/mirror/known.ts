import type { Check } from '../domain/watching/check.ts'
import type { Lookup } from '../domain/watching/lookup.ts'
import type { MirrorDeps } from './deps.ts'

/** What there is of a check: the check itself, or what a deleted one has left where pings look. */
export type MirroredCheck =
  | { readonly kind: 'check'; readonly check: Check }
  | { readonly kind: 'absent'; readonly version: number; readonly buried: Lookup | undefined }
  | { readonly kind: 'unreadable' }

/** What there is of checks now, by their ids. */
export async function knownChecks(
  deps: Pick<MirrorDeps, 'allChecks' | 'heartbeats' | 'lookups'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MirroredCheck>> {
  const known = new Map<string, MirroredCheck>()
  for (const [id, check] of await deps.allChecks.find(ids))
    known.set(id, check === undefined ? { kind: 'unreadable' } : { kind: 'check', check })
  const absent = ids.filter((id) => !known.has(id))
  const [versions, lookups] = await Promise.all([
    deps.heartbeats.versions(absent),
    deps.lookups.readMany(absent),
  ])
  for (const id of absent) {
    const buried = lookups.get(id)
    const version = Math.max(versions.get(id) ?? 0, buried?.version ?? 0)
    known.set(id, { kind: 'absent', version, buried })
  }
  return known
}
