import { type Check, definitionOf } from '../domain/watching/check.ts'
import { type Heartbeat, newHeartbeat } from '../domain/watching/heartbeat.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'

export type WatchedDeps = {
  readonly registry: Pick<Registry, 'checks'>
  readonly heartbeats: Pick<Heartbeats, 'readMany'>
}

/** A check with what its pings left. */
export type Watched = { readonly check: Check; readonly heartbeat: Heartbeat }

/** Checks of a project in the order of their creation, with their heartbeats as they are now. */
export async function watchedChecks(
  { registry, heartbeats }: WatchedDeps,
  projectId: string,
  isWanted: (check: Check) => boolean = () => true,
): Promise<readonly Watched[]> {
  return withHeartbeats({ heartbeats }, (await registry.checks(projectId)).filter(isWanted))
}

export async function withHeartbeats(
  { heartbeats }: Pick<WatchedDeps, 'heartbeats'>,
  checks: readonly Check[],
): Promise<readonly Watched[]> {
  const heartbeatOf = await heartbeats.readMany(checks.map(({ id }) => id))
  return checks.map((check) => ({
    check,
    heartbeat: currentHeartbeat(check, heartbeatOf.get(check.id)),
  }))
}

/** The definition as the registry has it, the state as the heartbeat has it. */
export function currentHeartbeat(check: Check, stored: Heartbeat | undefined): Heartbeat {
  const definition = definitionOf(check)
  const { rules: _, ...state } = stored ?? newHeartbeat(check.id, definition)
  return { ...state, ...definition }
}
