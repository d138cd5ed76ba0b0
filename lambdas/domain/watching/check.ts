import { createHash } from 'node:crypto'
import type { Definition, Methods } from './definition.ts'
import type { ManagedBy } from './managed-by.ts'
import { mayOverlap } from './overlap.ts'
import { type Rules, stateRulesOf } from './rules.ts'
import type { Schedule } from '../schedule/schedule.ts'

/** Keyword rules on what a ping carries. Keywords are comma-separated, as the API takes them. */
export type Filters = {
  readonly startKeywords: string
  readonly successKeywords: string
  readonly failureKeywords: string
  readonly subject: boolean
  readonly body: boolean
  readonly httpBody: boolean
  readonly defaultFail: boolean
}

/** The filters of a check that looks at nothing but whether it is pinged. */
export const noFilters: Filters = {
  startKeywords: '',
  successKeywords: '',
  failureKeywords: '',
  subject: false,
  body: false,
  httpBody: false,
  defaultFail: false,
}

/** One monitored job, as the registry knows it. `version` grows by one with every change. */
export type Check = {
  readonly id: string
  readonly projectId: string
  readonly version: number
  readonly createdAt: number
  readonly name: string
  readonly slug: string
  /** Separated by spaces, as the API takes them. */
  readonly tags: string
  readonly description: string
  readonly schedule: Schedule
  /** IANA name. Cron and OnCalendar schedules are evaluated in it, and people read times in it. */
  readonly timeZone: string
  readonly graceSeconds: number
  readonly methods: Methods
  readonly manualResume: boolean
  readonly filters: Filters
  readonly channelIds: readonly string[]
  /** A UUID of its own, so that a badge does not give the ping URL away. */
  readonly badgeKey: string
  /** Absent where there are none. */
  readonly rules?: Rules
  /** Absent where people keep it. */
  readonly managedBy?: ManagedBy
  /**
   * When its log began, if another check, perhaps of another project, may have had its id before
   * and have left what is not to be shown.
   */
  readonly logFrom?: number
}

/** A check whose log is read. */
export type LoggedCheck = Pick<Check, 'id' | 'logFrom'>

/** What people call the check: its name, or its UUID when it has none. */
export function titleOf(check: { readonly id: string; readonly name: string }): string {
  return check.name === '' ? check.id : check.name
}

/** The tags of a check, each once. */
export function tagsOf(check: Pick<Check, 'tags'>): readonly string[] {
  return [...new Set(check.tags.split(/\s+/).filter((tag) => tag !== ''))]
}

/** What a ping and the sweep need of a check. */
export function definitionOf(check: Check): Definition {
  const { version, schedule, timeZone, graceSeconds, methods, manualResume, filters } = check
  const rules = check.rules && stateRulesOf(check.rules)
  return {
    version,
    schedule,
    timeZone,
    graceSeconds,
    methods,
    manualResume,
    hasBodyRules: filters.httpBody,
    ...(rules === undefined ? {} : { rules }),
    ...(mayOverlap(check) ? { runsOverlap: true } : {}),
  }
}

/**
 * Addresses a check without giving its ping URL away: the SHA-1, in hex, of the UUID's first 16 hex
 * digits.
 */
export function uniqueKeyOf(checkId: string): string {
  return createHash('sha1').update(checkId.replaceAll('-', '').slice(0, 16)).digest('hex')
}
