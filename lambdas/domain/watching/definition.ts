import type { StateRules } from './rules.ts'
import type { Schedule } from '../schedule/schedule.ts'

export type Methods = '' | 'POST'

/** What a ping and the sweep need of a check: `version` is that of the check in the registry. */
export type Definition = {
  readonly version: number
  readonly schedule: Schedule
  readonly timeZone: string
  readonly graceSeconds: number
  readonly methods: Methods
  readonly manualResume: boolean
  /** Whether the bodies of pings decide what they mean, by rules that are looked up. */
  readonly hasBodyRules: boolean
  /** Absent where there are none. */
  readonly rules?: StateRules
  /** A run may by its own limit be under way when the next is due (`mayOverlap`). */
  readonly runsOverlap?: true
}
