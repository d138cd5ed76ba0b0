import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { changeHeartbeat, type ChangeHeartbeatDeps, type CurrentCheck } from './change-heartbeat.ts'
import type { CheckMissing } from './find-check.ts'

export type SnoozeCheckDeps = ChangeHeartbeatDeps & {
  readonly heartbeats: Pick<Heartbeats, 'snooze' | 'unsnooze'>
}

/** Which check of which project is meant, by UUID or unique key. */
type Named = { readonly projectId: string; readonly name: string }

/** Has the alerts of a check wait until an instant, instead of any earlier snooze. */
export async function snoozeCheck(
  deps: SnoozeCheckDeps,
  named: Named,
  until: number,
): Promise<CurrentCheck | CheckMissing> {
  return changeHeartbeat<never>(deps, { ...named, event: 'check-snoozed' }, (id) =>
    deps.heartbeats.snooze(id, until, deps.clock.now()),
  )
}

/** Ends a snooze, if there is one. */
export async function unsnoozeCheck(
  deps: SnoozeCheckDeps,
  named: Named,
): Promise<CurrentCheck | CheckMissing> {
  return changeHeartbeat<never>(deps, { ...named, event: 'check-unsnoozed' }, (id) =>
    deps.heartbeats.unsnooze(id, deps.clock.now()),
  )
}
