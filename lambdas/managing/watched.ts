import type { Hold, Parent } from '../domain/telling/hold.ts'
import { type Check, definitionOf } from '../domain/watching/check.ts'
import { type Heartbeat, newHeartbeat } from '../domain/watching/heartbeat.ts'
import type { Leeway } from '../domain/watching/leeway.ts'
import { judgedAt } from '../domain/watching/status-at.ts'
import {
  holdOn,
  leewayOf,
  type LeewayDeps,
  type Moment,
  type ParentDeps,
  parentsBehind,
} from '../store/holding.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { HeartbeatLists } from '../store/watching/heartbeat-lists.ts'

export type WatchedDeps = LeewayDeps & {
  readonly registry: Pick<Registry, 'checks'>
  readonly heartbeats: Pick<HeartbeatLists, 'readMany' | 'readList'>
}

export type OneWatchedDeps = Omit<ParentDeps, 'checksOf'> & {
  readonly registry: Pick<Registry, 'someChecks'>
}

/** A check with what its pings left, and what puts its deadlines off. */
export type Watched = {
  readonly check: Check
  readonly heartbeat: Heartbeat
  readonly leeway: Leeway
}

/** The same, with what holds its alerts; absent while it is not down. */
export type Held = Watched & { readonly hold?: Hold }

/** Checks of a project in the order of their creation, as they are now. */
export async function watchedChecks(
  deps: WatchedDeps,
  projectId: string,
  moment: Moment,
  isWanted: (check: Check) => boolean = () => true,
): Promise<readonly Held[]> {
  const checks = await deps.registry.checks(projectId)
  const byId = new Map(checks.map((check) => [check.id, check]))
  const watched = await withHeartbeats(deps, checks.filter(isWanted), moment)
  const checksOf = (ids: readonly string[]) =>
    Promise.resolve(ids.flatMap((id) => byId.get(id) ?? []))
  return withHolds({ ...deps, checksOf }, watched, moment)
}

/** One check, as it is now. */
export async function heldCheck(
  deps: OneWatchedDeps,
  { check, stored }: { readonly check: Check; readonly stored: Heartbeat | undefined },
  moment: Moment,
): Promise<Held> {
  const checksOf = (ids: readonly string[]) => deps.registry.someChecks(check.projectId, ids)
  const watched = await watchedCheck(deps, { check, stored }, moment)
  const [held = watched] = await withHolds({ ...deps, checksOf }, [watched], moment)
  return held
}

export async function withHeartbeats(
  deps: Omit<WatchedDeps, 'registry'>,
  checks: readonly Check[],
  moment: Moment,
): Promise<readonly Watched[]> {
  const heartbeatOf = await deps.heartbeats.readList(
    checks.map(({ id }) => id),
    true,
  )
  return Promise.all(
    checks.map((check) => watchedCheck(deps, { check, stored: heartbeatOf.get(check.id) }, moment)),
  )
}

export async function watchedCheck(
  deps: LeewayDeps,
  { check, stored }: { readonly check: Check; readonly stored: Heartbeat | undefined },
  moment: Moment,
): Promise<Watched> {
  const heartbeat = currentHeartbeat(check, stored)
  return { check, heartbeat, leeway: await leewayOf(deps, heartbeat, moment) }
}

async function withHolds(
  deps: ParentDeps,
  watched: readonly Watched[],
  moment: Moment,
): Promise<readonly Held[]> {
  const down = new Set(watched.filter((each) => mayBeHeld(each) && isDown(each, moment)))
  const ids = new Set([...down].flatMap(parentIdsOf))
  const all = await parentsBehind(deps, [...ids], moment)
  const parents = new Map(all.map((parent) => [parent.id, parent]))
  return Promise.all(
    watched.map(async (each) =>
      down.has(each) ? withHold(deps, each, { parents, moment }) : each,
    ),
  )
}

async function withHold(
  deps: LeewayDeps,
  watched: Watched,
  { parents, moment }: { readonly parents: ReadonlyMap<string, Parent>; readonly moment: Moment },
): Promise<Held> {
  const own = parentIdsOf(watched).flatMap((id) => parents.get(id) ?? [])
  const heartbeat = judgedAt(watched.heartbeat, moment.now, watched.leeway)
  const hold = await holdOn(deps, { heartbeat, parents: own }, moment)
  return hold === undefined ? watched : { ...watched, hold }
}

/** Most checks are not judged twice for it. */
function mayBeHeld({ check, heartbeat }: Watched): boolean {
  const { snoozedUntil, windows } = heartbeat
  return snoozedUntil !== undefined || windows !== undefined || check.rules?.dependsOn !== undefined
}

function isDown({ heartbeat, leeway }: Watched, { now }: Moment): boolean {
  return judgedAt(heartbeat, now, leeway).status === 'down'
}

function parentIdsOf({ check }: Watched): readonly string[] {
  return check.rules?.dependsOn ?? []
}

/** The definition as the registry has it, the state as the heartbeat has it. */
export function currentHeartbeat(check: Check, stored: Heartbeat | undefined): Heartbeat {
  const definition = definitionOf(check)
  const { rules: _, ...state } = stored ?? newHeartbeat(check.id, definition)
  return { ...state, ...definition }
}
