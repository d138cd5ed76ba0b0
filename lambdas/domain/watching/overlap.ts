import { nextRunAt, type Schedule } from '../schedule/schedule.ts'
import type { StateRules } from './rules.ts'

/** A week of working days has each gap of most schedules. */
const LOOKED_AT_RUNS = 8

/**
 * Whether a run of a check may by its own limit be under way when the next is due. It is found out
 * with the definition, because pings know no schedules: those are twice what a ping loads.
 */
export function mayOverlap({ rules, schedule, timeZone, createdAt }: Question): boolean {
  const limitSeconds = rules?.maxRuntimeSeconds
  if (limitSeconds === undefined) return false
  if (schedule.kind === 'simple') return limitSeconds > schedule.periodSeconds
  return hasGapBelow(limitSeconds * 1000, { schedule, timeZone, from: createdAt })
}

type Question = {
  readonly rules?: StateRules
  readonly schedule: Schedule
  readonly timeZone: string
  readonly createdAt: number
}

type Runs = { readonly schedule: Schedule; readonly timeZone: string; readonly from: number }

/** Looks at the first runs only, so that no schedule costs much. */
function hasGapBelow(limitMs: number, { schedule, timeZone, from }: Runs): boolean {
  let run = nextRunAt(schedule, timeZone, from)
  for (let looked = 1; looked < LOOKED_AT_RUNS && run !== undefined; looked += 1) {
    const after = nextRunAt(schedule, timeZone, run)
    if (after !== undefined && after - run < limitMs) return true
    run = after
  }
  return false
}
