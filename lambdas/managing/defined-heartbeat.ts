import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { type DefinitionDeps, publishDefinition } from '../store/publishing.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'

export type DefinedHeartbeatDeps = DefinitionDeps & {
  readonly heartbeats: Pick<Heartbeats, 'read'>
}

/**
 * The heartbeat of a check, after its definition is written. The registry's stream does the same
 * later. Here a ping right after the answer finds it, even when the request is the second try of
 * one that died half-way.
 */
export async function definedHeartbeat(
  deps: DefinedHeartbeatDeps,
  check: Check,
): Promise<Heartbeat | undefined> {
  const stored = await deps.heartbeats.read(check.id)
  if (stored !== undefined && stored.version >= check.version) return stored
  await publishDefinition(deps, check)
  return deps.heartbeats.read(check.id)
}
