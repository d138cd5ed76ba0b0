import { isDeepStrictEqual } from 'node:util'
import { areKnown, windowsFor } from '../domain/watching/check-windows.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { ProjectWindows } from '../domain/watching/window.ts'
import { log } from '../runtime/log.ts'
import type { SyncDeps } from './deps.ts'
import { each, succeeds } from './each.ts'

/**
 * Copies the windows of a project to where they are looked up, and then assigns them to its checks:
 * who finds a window with a check finds it in the copy, too.
 */
export async function followWindows(deps: SyncDeps, projectId: string): Promise<void> {
  const all = await deps.windows.of(projectId)
  if (all.revision === 0) return deps.operations.removeWindows(projectId)
  await deps.operations.putWindows(projectId, all)
  const checks = await deps.registry.checks(projectId)
  const { failed, written } = await assignWindows(deps, all, checks)
  if (failed > 0) throw new Error(`windows of ${failed} of ${checks.length} checks are not written`)
  log('windows-synced', { project: projectId, revision: all.revision, checks: written })
}

/** Puts the copy of a project's windows right. Answers whether it was not. */
export async function repairCopy(
  { operations }: SyncDeps,
  projectId: string,
  all: ProjectWindows,
): Promise<boolean> {
  if (all.revision === 0 || isDeepStrictEqual(await operations.windows(projectId), all))
    return false
  return (await operations.putWindows(projectId, all)) === 'written'
}

type Assigned = { readonly written: number; readonly failed: number }

/** Writes which windows concern some checks of a project, where heartbeats know something else. */
export async function assignWindows(
  deps: SyncDeps,
  all: ProjectWindows,
  checks: readonly Check[],
): Promise<Assigned> {
  const heartbeats = await deps.heartbeats.readMany(checks.map(({ id }) => id))
  let [written, failed] = [0, 0]
  await each(checks, async (check) => {
    const heartbeat = heartbeats.get(check.id)
    const isDone = await succeeds(check.id, async () => {
      if (heartbeat !== undefined && (await assign(deps, all, { check, heartbeat }))) written += 1
    })
    if (!isDone) failed += 1
  })
  return { written, failed }
}

type Watched = { readonly check: Check; readonly heartbeat: Heartbeat }

async function assign(
  { heartbeats, clock }: SyncDeps,
  all: ProjectWindows,
  { check, heartbeat }: Watched,
): Promise<boolean> {
  const { status, lookAt, windows: stored } = heartbeat
  const wanted = windowsFor(all, check)
  const mayBeHeld = status === 'down' && lookAt !== undefined
  // A window that holds the alert may have another end than before.
  const isOutdated = mayBeHeld && stored !== undefined && stored.revision < all.revision
  if (areKnown(all, stored, wanted) && !isOutdated) return false
  if (mayBeHeld) await heartbeats.lookAgain(check.id, clock.now())
  const outcome = await heartbeats.setWindows(check.id, wanted, all.revision + check.version)
  return outcome === 'written'
}
