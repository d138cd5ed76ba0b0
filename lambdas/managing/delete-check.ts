import type { Author } from '../domain/people/audit.ts'
import type { Check } from '../domain/watching/check.ts'
import { isChangeable, type KeptBySource } from '../domain/watching/kept-by-source.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Seams } from '../runtime/backoff.ts'
import type { log } from '../runtime/log.ts'
import { unpublish, type UnpublishDeps } from '../store/publishing.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { type NotingDeps, auditWrites } from './audit-writes.ts'
import { auditedDeletion } from './check-audit.ts'
import { type CheckMissing, findCheck, type FindCheckDeps } from './find-check.ts'
import { type Contended, persistently } from './persistently.ts'

export type DeleteCheckDeps = FindCheckDeps &
  NotingDeps &
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
  { projectId, checkId, by }: Deletion,
): Promise<DeletedCheck | CheckMissing | Contended | KeptBySource> {
  return persistently(deps, async () => {
    const check = await findCheck(deps, projectId, checkId)
    if ('refusal' in check) return check
    if (!isChangeable(check)) return { refusal: 'kept-by-source' }
    const heartbeat = await deps.heartbeats.read(checkId)
    const beside = auditWrites(deps, by, auditedDeletion(check))
    if ((await deps.registry.deleteCheck(check, beside)) !== 'deleted') return 'raced'
    await unpublish(deps, check.id, check.version + 1)
    deps.log('check-deleted', { check: checkId, project: projectId })
    return { check, heartbeat }
  })
}

type Deletion = { readonly projectId: string; readonly checkId: string; readonly by: Author }
