import { type Check, definitionOf } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { stateLossOf } from '../domain/watching/state-loss.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'

export type DefinedHeartbeatDeps = {
  readonly heartbeats: Pick<Heartbeats, 'read' | 'define'>
  readonly clock: Clock
}

/**
 * The heartbeat of a check, made to know its definition. The registry's stream sees to the same;
 * this is so that a ping right behind the answer finds it, also when the request is the second try
 * of one that died half-way.
 */
export async function definedHeartbeat(
  { heartbeats, clock }: DefinedHeartbeatDeps,
  check: Check,
): Promise<Heartbeat | undefined> {
  const stored = await heartbeats.read(check.id)
  if (stored !== undefined && stored.version >= check.version) return stored
  await heartbeats.define(check.id, definitionOf(check), stateLossOf(check, clock.now()))
  return heartbeats.read(check.id)
}
