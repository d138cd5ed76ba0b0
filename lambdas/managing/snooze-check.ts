import { snoozedUntilAt } from '../domain/watching/snooze.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import {
  changeHeartbeat,
  type ChangeHeartbeatDeps,
  type CurrentCheck,
  type MeantCheck,
} from './change-heartbeat.ts'
import type { CheckMissing } from './find-check.ts'

export type SnoozeCheckDeps = ChangeHeartbeatDeps & {
  readonly heartbeats: Pick<Heartbeats, 'snooze' | 'unsnooze'>
}

/** Has the alerts of a check wait until an instant, instead of any earlier snooze. */
export async function snoozeCheck(
  deps: SnoozeCheckDeps,
  meant: MeantCheck,
  until: number,
): Promise<CurrentCheck | CheckMissing> {
  return changeHeartbeat<never>(deps, meant, {
    event: 'check-snoozed',
    changesOf: (heartbeat) => {
      const before = snoozedUntilAt(heartbeat, deps.clock.now())
      return before === until ? undefined : { until: [instant(before), instant(until)] }
    },
    make: (id) => deps.heartbeats.snooze(id, until, deps.clock.now()),
  })
}

/** Ends a snooze, if there is one. */
export async function unsnoozeCheck(
  deps: SnoozeCheckDeps,
  meant: MeantCheck,
): Promise<CurrentCheck | CheckMissing> {
  return changeHeartbeat<never>(deps, meant, {
    event: 'check-unsnoozed',
    changesOf: (heartbeat) => {
      const before = snoozedUntilAt(heartbeat, deps.clock.now())
      return before === undefined ? undefined : { until: [instant(before), ''] }
    },
    make: (id) => deps.heartbeats.unsnooze(id, deps.clock.now()),
  })
}

function instant(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString()
}
