import { type Check, definitionOf } from '../domain/watching/check.ts'
import { type Lookup, lookupOf } from '../domain/watching/lookup.ts'
import { stateLossOf } from '../domain/watching/state-loss.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Write } from '../runtime/database.ts'
import type { Lookups } from './registry/lookups.ts'
import type { Heartbeats } from './watching/heartbeats.ts'

/** Where pings find what they need of a check. */
export type PublishDeps = DefinitionDeps & LookupDeps

export type DefinitionDeps = {
  readonly heartbeats: Pick<Heartbeats, 'define'>
  readonly clock: Pick<Clock, 'now'>
}

export type LookupDeps = { readonly lookups: Pick<Lookups, 'define'> }

export type PublicationDeps = {
  readonly heartbeats: Pick<Heartbeats, 'creation'>
  readonly lookups: Pick<Lookups, 'creation'>
}

export type UnpublishDeps = {
  readonly heartbeats: Pick<Heartbeats, 'bury'>
  readonly lookups: Pick<Lookups, 'bury'>
  readonly clock: Pick<Clock, 'now'>
}

/**
 * Copies what pings need of a check to where they look, unless that or something newer is there.
 * The registry's stream does the same, a little later.
 * @param pingKey of the check's project, which its slug is below
 */
export async function publish(
  deps: PublishDeps,
  check: Check,
  pingKey: string | undefined,
): Promise<void> {
  await publishDefinition(deps, check)
  await publishLookup(deps, check, pingKey)
}

/**
 * Publishes the half that lies in the heartbeat. The state counts as lost when the heartbeat had to
 * be made anew.
 */
export async function publishDefinition(
  { heartbeats, clock }: DefinitionDeps,
  check: Check,
): Promise<'written' | 'lost' | 'stale'> {
  return heartbeats.define(check.id, definitionOf(check), stateLossOf(check, clock.now()))
}

/** Publishes the other half: the slug, and rules on words. */
export async function publishLookup(
  { lookups }: LookupDeps,
  check: Check,
  pingKey: string | undefined,
): Promise<'written' | 'unchanged'> {
  return lookups.define(check.id, lookupOf(check, pingKey))
}

/** A new check, the key of its project, and what an earlier check of its id has left, if any. */
export type NewPublication = {
  readonly check: Check
  readonly pingKey: string
  readonly buried?: Lookup | undefined
}

/** The writes that publish a new check, for the transaction that makes it. */
export function publication(
  { heartbeats, lookups }: PublicationDeps,
  { check, pingKey, buried }: NewPublication,
): readonly Write[] {
  return [
    heartbeats.creation(check.id, definitionOf(check)),
    ...lookups.creation(check.id, lookupOf(check, pingKey), buried),
  ]
}

/**
 * Leaves tombstones of a deleted check, so that pings are answered as for an unknown one. The slug
 * goes first, so that a check provisioned under it again never stands beside the old one.
 * @param version that of the deletion
 */
export async function unpublish(
  { heartbeats, lookups, clock }: UnpublishDeps,
  id: string,
  version: number,
): Promise<void> {
  await lookups.bury(id, version, clock.now())
  await heartbeats.bury(id, version, clock.now())
}
