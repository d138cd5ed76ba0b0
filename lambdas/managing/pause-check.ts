import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { log } from '../runtime/log.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { definedHeartbeat, type DefinedHeartbeatDeps } from './defined-heartbeat.ts'
import { type CheckMissing, findCheck, type FindCheckDeps } from './find-check.ts'

export type PauseCheckDeps = FindCheckDeps &
  DefinedHeartbeatDeps & {
    readonly heartbeats: Pick<Heartbeats, 'pause' | 'resume'>
    readonly log: typeof log
  }

/** A check with its heartbeat as it is now. */
export type PausedCheck = { readonly check: Check; readonly heartbeat: Heartbeat }

export async function pauseCheck(
  deps: PauseCheckDeps,
  projectId: string,
  name: string,
): Promise<PausedCheck | CheckMissing> {
  const check = await findCheck(deps, projectId, name)
  if ('refusal' in check) return check
  await definedHeartbeat(deps, check)
  const heartbeat = await deps.heartbeats.pause(check.id, deps.clock.now())
  if (heartbeat === 'missing') return { refusal: 'missing' }
  deps.log('check-paused', { check: check.id, project: projectId })
  return { check, heartbeat }
}

export async function resumeCheck(
  deps: PauseCheckDeps,
  projectId: string,
  name: string,
): Promise<PausedCheck | CheckMissing | 'not-paused'> {
  const check = await findCheck(deps, projectId, name)
  if ('refusal' in check) return check
  await definedHeartbeat(deps, check)
  const heartbeat = await deps.heartbeats.resume(check.id, deps.clock.now())
  if (heartbeat === 'not-paused') return heartbeat
  if (heartbeat === 'missing') return { refusal: 'missing' }
  deps.log('check-resumed', { check: check.id, project: projectId })
  return { check, heartbeat }
}
