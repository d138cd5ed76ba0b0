/** How many checks of a project the mirror has deleted, by the minute, counted from the epoch. */
export type Losses = Readonly<Record<string, number>>

export const noLosses: Losses = {}

const MINUTE_MS = 60_000
const MINUTES = 60

/** So many may always go: who has a few checks may well delete most of them. */
const mostAnyway = 20

/** The losses with one more. What is older than an hour is forgotten. */
export function withLoss(losses: Losses, now: number): Losses {
  const minute = minuteOf(now)
  return { ...recent(losses, now), [minute]: (losses[minute] ?? 0) + 1 }
}

/** How many checks went within an hour. */
export function lossesWithinAnHour(losses: Losses, now: number): number {
  return Object.values(recent(losses, now)).reduce((sum, count) => sum + count, 0)
}

/** What would go of a project's checks: `going` of those that are `left`. */
export type Going = { readonly going: number; readonly left: number; readonly now: number }

/** Whether so many would go within an hour that it counts how many are left. */
export function areMany(losses: Losses, { going, now }: Omit<Going, 'left'>): boolean {
  return lossesWithinAnHour(losses, now) + going > mostAnyway
}

/**
 * Whether more would go within an hour than anybody deletes who means it: more than half of the
 * checks that were there, and more than a few.
 */
export function isTooMuch(losses: Losses, { going, left, now }: Going): boolean {
  const gone = lossesWithinAnHour(losses, now)
  return areMany(losses, { going, now }) && (gone + going) * 2 > gone + left
}

function recent(losses: Losses, now: number): Losses {
  const newest = minuteOf(now)
  return Object.fromEntries(
    Object.entries(losses).filter(([minute]) => Number(minute) > newest - MINUTES),
  )
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS)
}
