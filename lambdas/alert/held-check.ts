import type { Hold } from '../domain/telling/hold.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Clock } from '../runtime/clock.ts'
import { holdOn, type LeewayDeps, parentsAmong } from '../store/holding.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'

export type HeldCheckDeps = LeewayDeps & {
  readonly registry: Pick<Registry, 'someChecks'>
  readonly heartbeats: Pick<Heartbeats, 'readMany'>
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
  const { registry, intake, clock } = deps
  const ids = check.rules?.dependsOn ?? []
  const [heartbeats, checks] = await Promise.all([
    deps.heartbeats.readMany([check.id, ...ids]),
    registry.someChecks(check.projectId, ids),
  ])
  const heartbeat = heartbeats.get(check.id)
  if (heartbeat === undefined) return undefined
  const now = clock.now()
  const moment = { now, impairment: await intake.impairmentAt(now) }
  const parents = await parentsAmong(deps, { checks, heartbeats }, moment)
  return { heartbeat, hold: await holdOn(deps, { heartbeat, parents }, moment) }
}
