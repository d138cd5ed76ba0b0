const HOUR_MS = 3_600_000

/** How many alerts of a check are told at once in an hour: three outages and their ends. */
export const promptAlerts = 6

/** The last alerts of a check, oldest first, and until when all further ones are held. */
export type Pace = { readonly alerts: readonly PacedAlert[]; readonly heldUntil: number }

/** `key` is that of its flip. */
export type PacedAlert = { readonly key: string; readonly at: number; readonly isHeld: boolean }

export const unhurried: Pace = { alerts: [], heldUntil: 0 }

/**
 * The pace of a check after one more alert. A check with too many alerts in the last hour flaps:
 * for an hour all its alerts are held, in order, so that none overtakes another. A repeated alert
 * is not counted again.
 */
export function withAlert(pace: Pace, key: string, now: number): Pace {
  if (pace.alerts.some((known) => known.key === key)) return pace
  const recent = pace.alerts.filter(({ at }) => at > now - HOUR_MS)
  const isHeld = isFlapping(pace, now) || recent.length >= promptAlerts
  const heldUntil = isHeld && !isFlapping(pace, now) ? now + HOUR_MS : pace.heldUntil
  return { alerts: [...pace.alerts, { key, at: now, isHeld }].slice(-promptAlerts), heldUntil }
}

/** Whether all alerts of a check are held at an instant. */
export function isFlapping({ heldUntil }: Pace, now: number): boolean {
  return now < heldUntil
}

/** Whether an alert waits for the digest of the hour. */
export function isHeld(pace: Pace, key: string): boolean {
  return pace.alerts.find((alert) => alert.key === key)?.isHeld ?? false
}
