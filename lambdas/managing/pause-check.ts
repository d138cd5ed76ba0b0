import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { changeHeartbeat, type ChangeHeartbeatDeps, type CurrentCheck } from './change-heartbeat.ts'
import type { CheckMissing } from './find-check.ts'

export type PauseCheckDeps = ChangeHeartbeatDeps & {
  readonly heartbeats: Pick<Heartbeats, 'pause' | 'resume'>
}

export async function pauseCheck(
  deps: PauseCheckDeps,
  projectId: string,
  name: string,
): Promise<CurrentCheck | CheckMissing> {
  return changeHeartbeat<never>(deps, { projectId, name, event: 'check-paused' }, (id) =>
    deps.heartbeats.pause(id, deps.clock.now()),
  )
}

export async function resumeCheck(
  deps: PauseCheckDeps,
  projectId: string,
  name: string,
): Promise<CurrentCheck | CheckMissing | 'not-paused'> {
  return changeHeartbeat(deps, { projectId, name, event: 'check-resumed' }, (id) =>
    deps.heartbeats.resume(id, deps.clock.now()),
  )
}
