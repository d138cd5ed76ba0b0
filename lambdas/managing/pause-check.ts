import type { Heartbeats } from '../store/watching/heartbeats.ts'
import {
  changeHeartbeat,
  type ChangeHeartbeatDeps,
  type CurrentCheck,
  type MeantCheck,
} from './change-heartbeat.ts'
import type { CheckMissing } from './find-check.ts'

export type PauseCheckDeps = ChangeHeartbeatDeps & {
  readonly heartbeats: Pick<Heartbeats, 'pause' | 'resume'>
}

export async function pauseCheck(
  deps: PauseCheckDeps,
  meant: MeantCheck,
): Promise<CurrentCheck | CheckMissing> {
  return changeHeartbeat<never>(deps, meant, {
    event: 'check-paused',
    changesOf: ({ status }) => (status === 'paused' ? undefined : { status: [status, 'paused'] }),
    make: (id) => deps.heartbeats.pause(id, deps.clock.now()),
  })
}

export async function resumeCheck(
  deps: PauseCheckDeps,
  meant: MeantCheck,
): Promise<CurrentCheck | CheckMissing | 'not-paused'> {
  return changeHeartbeat(deps, meant, {
    event: 'check-resumed',
    changesOf: ({ status }) => (status === 'paused' ? { status: [status, 'new'] } : undefined),
    make: (id) => deps.heartbeats.resume(id, deps.clock.now()),
  })
}
