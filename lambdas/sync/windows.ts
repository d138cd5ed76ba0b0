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
  // The same change may come again, and finds nothing left to do then.
  if (await deps.operations.areAssigned(projectId, all.revision)) return
  await deps.operations.putWindows(projectId, all)
  const checks = await deps.registry.checks(projectId)
  const { failed, written } = await assignWindows(deps, all, { checks, haveChanged: true })
  if (failed > 0) throw new Error(`windows of ${failed} of ${checks.length} checks are not written`)
  await deps.operations.markAssigned(projectId, all)
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

type Assignment = { readonly checks: readonly Check[]; readonly haveChanged: boolean }

/** Writes which windows concern some checks of a project, where heartbeats know something else. */
export async function assignWindows(
  deps: SyncDeps,
  all: ProjectWindows,
  { checks, haveChanged }: Assignment,
): Promise<Assigned> {
  const heartbeats = await deps.heartbeats.readMany(checks.map(({ id }) => id))
  let [written, failed] = [0, 0]
  await each(checks, async (check) => {
    const heartbeat = heartbeats.get(check.id)
    const isDone = await succeeds(check.id, async () => {
      if (heartbeat !== undefined && (await assign(deps, all, { check, heartbeat, haveChanged })))
        written += 1
    })
    if (!isDone) failed += 1
  })
  return { written, failed }
}

type Watched = {
  readonly check: Check
  readonly heartbeat: Heartbeat
  readonly haveChanged: boolean
}

async function assign(
  { heartbeats, clock }: SyncDeps,
  all: ProjectWindows,
  { check, heartbeat, haveChanged }: Watched,
): Promise<boolean> {
  const { status, lookAt, windows: stored } = heartbeat
  const wanted = windowsFor(all, check)
  const isKnown = areKnown(all, stored, wanted)
  // A window that holds the alert may have another end than before, or hold no more.
  const mayBeHeld = status === 'down' && lookAt !== undefined && (stored ?? wanted) !== undefined
  if (mayBeHeld && (haveChanged || !isKnown)) await heartbeats.lookAgain(check.id, clock.now())
  if (isKnown) return false
  const outcome = await heartbeats.setWindows(check.id, wanted, all.revision + check.version)
  return outcome === 'written'
}
