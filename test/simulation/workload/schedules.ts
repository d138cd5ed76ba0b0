import type { Dice } from '../dice.ts'

/**
 * A schedule as a caller names it, and when it expects runs: a period, or the minutes of each hour.
 * The second is the oracle's own knowledge.
 */
export type PlannedSchedule = {
  readonly fields: Readonly<Record<string, string | number>>
  readonly expects: { readonly periodSeconds: number } | { readonly minutes: ReadonlySet<number> }
}

const MINUTE_MS = 60_000

/**
 * The first run later than an instant, by stepping from minute to minute. Zones are whole hours
 * away from UTC, so they don't matter.
 */
export function nextRun({ expects }: PlannedSchedule, after: number): number {
  if ('periodSeconds' in expects) return after + expects.periodSeconds * 1000
  let at = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS
  while (!expects.minutes.has((at / MINUTE_MS) % 60)) at += MINUTE_MS
  return at
}

const calendars: readonly PlannedSchedule[] = [
  ...[2, 5, 10, 15].map((step) => calendar(`*/${step} * * * *`, every(step))),
  calendar('3,33 * * * *', [3, 33]),
  calendar('7-9,40 * * * *', [7, 8, 9, 40]),
  calendar('*:0/5', every(5)),
  calendar('*:0/10:00', every(10)),
  calendar('*-*-* *:05,25,45', [5, 25, 45]),
]

const zones = ['UTC', 'Europe/Riga', 'America/New_York', 'Asia/Tokyo']

export function pickSchedule(dice: Dice): PlannedSchedule {
  if (dice.chance(0.4)) {
    const { fields, expects } = dice.pick(calendars)
    return { fields: { ...fields, tz: dice.pick(zones) }, expects }
  }
  const periodSeconds = dice.pick([60, 120, 240, 300, 420, 600])
  return { fields: { timeout: periodSeconds }, expects: { periodSeconds } }
}

/** The schedule behind what is stored of a check. */
export function scheduleBehind(
  period: string | undefined,
  expression: string | undefined,
): PlannedSchedule {
  if (period !== undefined) return { fields: {}, expects: { periodSeconds: Number(period) } }
  const known = calendars.find(({ fields }) => fields['schedule'] === expression)
  if (known === undefined) throw new Error(`the oracle knows no schedule ${expression}`)
  return known
}

function calendar(schedule: string, minutes: readonly number[]): PlannedSchedule {
  return { fields: { schedule }, expects: { minutes: new Set(minutes) } }
}

function every(step: number): readonly number[] {
  return Array.from({ length: 60 / step }, (_, index) => index * step)
}
