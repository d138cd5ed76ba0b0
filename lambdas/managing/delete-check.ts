import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Seams } from '../runtime/backoff.ts'
import type { Clock } from '../runtime/clock.ts'
import type { log } from '../runtime/log.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { type CheckMissing, findCheck, type FindCheckDeps } from './find-check.ts'
import { type Contended, persistently } from './persistently.ts'

export type DeleteCheckDeps = FindCheckDeps &
  BuryDeps &
  Seams & {
    readonly registry: Pick<Registry, 'deleteCheck'>
    readonly heartbeats: Pick<Heartbeats, 'read'>
    readonly log: typeof log
  }

type BuryDeps = {
  readonly heartbeats: Pick<Heartbeats, 'bury'>
  readonly lookups: Pick<Lookups, 'bury'>
  readonly clock: Clock
}

/** A check that is gone, with its heartbeat as it was left. */
export type DeletedCheck = { readonly check: Check; readonly heartbeat: Heartbeat | undefined }

export async function deleteCheck(
  deps: DeleteCheckDeps,
  checkId: string,
  projectId: string,
): Promise<DeletedCheck | CheckMissing | Contended> {
  return persistently(deps, async () => {
    const check = await findCheck(deps, projectId, checkId)
    if ('refusal' in check) return check
    const heartbeat = await deps.heartbeats.read(checkId)
    if ((await deps.registry.deleteCheck(check)) !== 'deleted') return 'raced'
    await buryChecks(deps, [check])
    deps.log('check-deleted', { check: checkId, project: projectId })
    return { check, heartbeat }
  })
}

/**
 * Leaves tombstones of deleted checks, so that pings are answered as for unknown ones. Slugs go
 * first: provisioned again, one must not find the old check beside the new one.
 */
export async function buryChecks(
  { heartbeats, lookups, clock }: BuryDeps,
  checks: readonly Pick<Check, 'id' | 'version'>[],
): Promise<void> {
  const now = clock.now()
  await Promise.all(checks.map(({ id, version }) => lookups.bury(id, version + 1, now)))
  await Promise.all(checks.map(({ id, version }) => heartbeats.bury(id, version + 1, now)))
}
