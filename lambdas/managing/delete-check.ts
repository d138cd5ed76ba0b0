import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Seams } from '../runtime/backoff.ts'
import type { log } from '../runtime/log.ts'
import { unpublish, type UnpublishDeps } from '../store/publishing.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { type CheckMissing, findCheck, type FindCheckDeps } from './find-check.ts'
import { type Contended, persistently } from './persistently.ts'

export type DeleteCheckDeps = FindCheckDeps &
  UnpublishDeps &
  Seams & {
    readonly registry: Pick<Registry, 'deleteCheck'>
    readonly heartbeats: Pick<Heartbeats, 'read'>
    readonly log: typeof log
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
    await unpublish(deps, check.id, check.version + 1)
    deps.log('check-deleted', { check: checkId, project: projectId })
    return { check, heartbeat }
  })
}
