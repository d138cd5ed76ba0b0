import { type Hold, holdOf, type Parent } from '../domain/telling/hold.ts'
import type { Check } from '../domain/watching/check.ts'
import { deadlineOf } from '../domain/watching/deadline.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Impairment } from '../domain/watching/impairment.ts'
import { statusAt } from '../domain/watching/status-at.ts'
import { holdingAt, plannedTimeOf } from '../domain/watching/window.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'
import type { KnownWindows } from '../store/watching/known-windows.ts'

export type HeldCheckDeps = {
  readonly registry: Pick<Registry, 'someChecks'>
  readonly heartbeats: Pick<Heartbeats, 'readMany'>
  readonly knownWindows: Pick<KnownWindows, 'concerning'>
  readonly intake: Pick<KnownIntake, 'impairmentAt'>
  readonly clock: Pick<Clock, 'now'>
}

/** A check's heartbeat as it is now, and what holds its alerts. */
export type HeldCheck = { readonly heartbeat: Heartbeat; readonly hold: Hold | undefined }

/** Undefined when the check has no heartbeat any more. */
export async function heldCheckOf(
  deps: HeldCheckDeps,
  check: Check,
): Promise<HeldCheck | undefined> {
  const { registry, clock } = deps
  const ids = check.rules?.dependsOn ?? []
  const [heartbeats, parents] = await Promise.all([
    deps.heartbeats.readMany([check.id, ...ids]),
    registry.someChecks(check.projectId, ids),
  ])
  const now = clock.now()
  const heartbeat = heartbeats.get(check.id)
  if (heartbeat === undefined) return undefined
  const [windows, impairment] = await Promise.all([
    deps.knownWindows.concerning(heartbeat, now),
    deps.intake.impairmentAt(now),
  ])
  const seen = parents.map(async ({ id, name }): Promise<readonly Parent[]> => {
    const parent = heartbeats.get(id)
    return parent === undefined ? [] : [{ id, name, ...(await seenOf(deps, parent, impairment)) }]
  })
  const holding = { windows: holdingAt(windows, now), parents: (await Promise.all(seen)).flat() }
  return { heartbeat, hold: holdOf({ heartbeat, now, ...holding }) }
}

/** What people see of a check that is depended on. */
async function seenOf(
  { knownWindows, clock }: HeldCheckDeps,
  heartbeat: Heartbeat,
  impairment: Impairment,
): Promise<Pick<Parent, 'status' | 'deadline'>> {
  const now = clock.now()
  const planned = plannedTimeOf(await knownWindows.concerning(heartbeat, now))
  const leeway = { ...impairment, planned }
  return { status: statusAt(heartbeat, now, leeway), deadline: deadlineOf(heartbeat, leeway) }
}
