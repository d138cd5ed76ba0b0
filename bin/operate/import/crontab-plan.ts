import { hostname } from 'node:os'
import { checkBounds } from '../../../lambdas/domain/watching/check-bounds.ts'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import { canonicalTimeZone } from '../../../lambdas/domain/schedule/schedule.ts'
import { table } from '../table.ts'
import type { CrontabLine, Job, Unwatched } from './crontab.ts'
import { graceSecondsOf, type Plan, planOf, type WantedJob } from './jobs.ts'
import { readable } from './line-bytes.ts'
import { misreportsOf } from './misreports.ts'
import { splitComment, splitInput, withPing, withRun } from './shell-command.ts'

/** A line that gets a check, and what its owner has to know first. */
export type WatchedRow = {
  readonly line: number
  readonly plan: Plan
  readonly warnings: readonly string[]
}
export type CrontabRow = WatchedRow | Unwatched

/** What decides on all lines alike. */
export type Terms = {
  readonly tz?: string
  readonly tags?: string
  readonly pingEndpoint: string
  /** The program whose `run` is to run the jobs; without it, curl pings. */
  readonly run?: string
  readonly checks: readonly Check[]
}

/** The longest line of most systems' crontab commands, which refuse the file or cut the line. */
const LONGEST_LINE_BYTES = 998
const RUNS = /\boverdue run --/
const LONGEST_SLUG = 'x'.repeat(checkBounds.longestSlug)
const ANY_UUID = '00000000-0000-0000-0000-000000000000'

export function rowOf(
  { before, found }: CrontabLine,
  { tz, tags, pingEndpoint, run, checks }: Terms,
): CrontabRow | undefined {
  if (found === undefined || 'reason' in found) return found
  const { line, command } = found
  const { shell } = found
  const pinged =
    before +
    (run === undefined
      ? withPing(command, { shell, pingUrl: `${pingEndpoint}/${ANY_UUID}` })
      : withRun(command, { shell, program: run, check: LONGEST_SLUG }))
  if (command.includes(`${pingEndpoint}/`) || RUNS.test(command))
    return { line, command, reason: 'it pings already' }
  if (isInBackground(command))
    return { line, command, reason: "it goes to the background, where its end can't be seen" }
  if (pinged.length > LONGEST_LINE_BYTES) return { line, command, reason: tooLong(pinged.length) }
  const name = zoneName(found, tz)
  const timeZone = canonicalTimeZone(name)
  if (timeZone === undefined)
    return { line, command, reason: `${name} is not a known time zone; give one as --tz` }
  const job: WantedJob = {
    name: found.name,
    tags: tags ?? `crontab ${hostname()}`,
    schedule: found.schedule,
    timeZone,
  }
  const plan = planOf(job, checks)
  return { line, plan, warnings: misreportsOf(found, graceSecondsOf(plan)) }
}

function isInBackground(command: string): boolean {
  const [words] = splitComment(splitInput(command)[0])
  return /(?:^|[^&\\>])&[\s)};]*$/.test(words)
}

function tooLong(bytes: number): string {
  return `with the ping it would be ${bytes} bytes long, and crontab takes ${LONGEST_LINE_BYTES}; call a script that pings`
}

/** CRON_TZ counts most, because cron itself goes by it. TZ is a guess, which --tz overrides. */
function zoneName({ timeZone }: Job, tz: string | undefined): string {
  if (timeZone?.from === 'CRON_TZ') return timeZone.name
  return tz ?? timeZone?.name ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** A row of the plan, for programs. */
export function shown(row: CrontabRow): object {
  if (!('plan' in row)) return { line: row.line, action: 'none', reason: row.reason }
  const { action, job } = row.plan
  const { name, tags, timeZone } = job
  const warnings = row.warnings.length === 0 ? {} : { warnings: row.warnings }
  return { line: row.line, action, name, tags, schedule: expressionOf(job), timeZone, ...warnings }
}

function expressionOf({ schedule }: WantedJob): string {
  return schedule.kind === 'simple' ? '' : schedule.expression
}

const actions = { create: 'create', update: 'new schedule', keep: 'there already' } as const

/** The plan for people, and below it what will be reported wrongly. */
export function planText(rows: readonly CrontabRow[]): string {
  if (rows.length === 0) return 'There is no job in this crontab.'
  const cells = rows.map((row) => {
    if (!('plan' in row))
      return [row.line.toString(), 'not watched', '', '', `${readable(row.command)}: ${row.reason}`]
    const { action, job } = row.plan
    return [row.line.toString(), actions[action], expressionOf(job), job.timeZone, job.name]
  })
  return [
    table(['LINE', 'CHECK', 'SCHEDULE', 'TIME ZONE', 'NAME'], cells),
    ...warningsOf(rows),
  ].join('\n')
}

function warningsOf(rows: readonly CrontabRow[]): readonly string[] {
  const warnings = rows.flatMap((row) =>
    'plan' in row ? row.warnings.map((warning) => `line ${row.line}: ${warning}`) : [],
  )
  return warnings.length === 0
    ? []
    : ['', 'These will be told wrongly unless you change them first:', ...warnings]
}
