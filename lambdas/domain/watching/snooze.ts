import type { Heartbeat } from './heartbeat.ts'

/** For how long a check may be snoozed. */
export const snoozeSeconds = { least: 60, most: 2_592_000 } as const

/** The heartbeat of a check whose alerts wait until an instant. */
export function snooze(heartbeat: Heartbeat, snoozedUntil: number, now: number): Heartbeat {
  return lookedAt({ ...heartbeat, snoozedUntil }, now)
}

/** The same object when the check is not snoozed, and none is left over. */
export function unsnooze(heartbeat: Heartbeat, now: number): Heartbeat {
  const { snoozedUntil, ...rest } = heartbeat
  return snoozedUntil === undefined ? heartbeat : lookedAt(rest, now)
}

/** Until when the alerts of a check wait; undefined where they don't, or don't any more. */
export function snoozedUntilAt(
  { snoozedUntil }: Pick<Heartbeat, 'snoozedUntil'>,
  now: number,
): number | undefined {
  return snoozedUntil !== undefined && snoozedUntil > now ? snoozedUntil : undefined
}

/** Of a check that is down, `alert` looks again at what waits or is to be told. */
function lookedAt(heartbeat: Heartbeat, now: number): Heartbeat {
  return heartbeat.status === 'down' ? { ...heartbeat, lookAt: now } : heartbeat
}
