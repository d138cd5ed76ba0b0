import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { text } from 'node:stream/consumers'
import { canonicalTimeZone } from '../../../lambdas/domain/schedule.ts'
import type { Answer, Terminal } from '../answer.ts'
import { table } from '../table.ts'
import type { Deployment } from '../target.ts'
import { findDestination } from './creation.ts'
import { type CrontabLine, type Job, parseCrontab, type Unwatched } from './crontab.ts'
import { type Plan, planOf, upsert, type WantedJob } from './jobs.ts'
import { withPing } from './shell-command.ts'

export type CrontabOptions = {
  readonly project: string
  readonly system?: true
  readonly tz?: string
  readonly tags?: string
  readonly yes?: true
}

type Row = { readonly line: number; readonly plan: Plan } | Unwatched
type Watched = { readonly line: CrontabLine; readonly row: Row | undefined }

/** Shows what checks a crontab asks for; with `yes` it makes them, and answers with the crontab that pings them. */
export async function importCrontab(
  deployment: Deployment,
  { file, ...options }: CrontabOptions & { readonly file: string },
  terminal: Terminal,
): Promise<Answer> {
  const destination = await findDestination(deployment, options.project)
  const checks = await deployment.registry.checks(options.project)
  const lines = parseCrontab(await read(file), options.system === true)
  const watched = lines.map((line) => ({ line, row: rowOf(line, { ...options, pingEndpoint: deployment.pingEndpoint, checks }) }))
  for (const note of notesOf(lines, options)) terminal.tell(`overdue: ${note}`)
  if (options.yes !== true) return planAnswer(watched)
  terminal.tell(tableOf(watched))
  const made: Made[] = []
  for (const each of watched) made.push(await make(each))
  return crontabAnswer(made)

  async function make({ line, row }: Watched): Promise<Made> {
    if (row === undefined || !('plan' in row)) return { line, text: line.text, row, pingUrl: undefined }
    const check = await upsert(deployment, destination, row.plan.job)
    if (check === 'full') return { line, text: line.text, row, pingUrl: undefined }
    const pingUrl = `${deployment.pingEndpoint}/${check.id}`
    return { line, text: line.before + (withPing(line.found?.command ?? '', pingUrl) ?? line.found?.command ?? ''), row, pingUrl }
  }
}

type Made = { readonly line: CrontabLine; readonly text: string; readonly row: Row | undefined; readonly pingUrl: string | undefined }

async function read(file: string): Promise<string> {
  if (file === '-') return text(process.stdin)
  return readFile(file, 'utf8')
}

type Terms = CrontabOptions & { readonly pingEndpoint: string; readonly checks: Parameters<typeof planOf>[1] }

function rowOf({ found }: CrontabLine, { tz, tags, pingEndpoint, checks }: Terms): Row | undefined {
  if (found === undefined || 'reason' in found) return found
  const { line, command } = found
  if (command.includes(`${pingEndpoint}/`)) return { line, command, reason: 'it pings already' }
  if (withPing(command, '') === undefined) return { line, command, reason: "it goes to the background, where its end can't be seen" }
  const name = zoneName(found, tz)
  const timeZone = canonicalTimeZone(name)
  if (timeZone === undefined) return { line, command, reason: `${name} is not a known time zone; give one as --tz` }
  const job: WantedJob = { name: found.name, tags: tags ?? `crontab ${hostname()}`, schedule: found.schedule, timeZone }
  return { line, plan: planOf(job, checks) }
}

/** CRON_TZ is what cron itself goes by, so it counts most; TZ is a guess, which --tz overrules. */
function zoneName({ timeZone }: Job, tz: string | undefined): string {
  if (timeZone?.from === 'CRON_TZ') return timeZone.name
  return tz ?? timeZone?.name ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

function notesOf(lines: readonly CrontabLine[], { tz }: CrontabOptions): readonly string[] {
  const isGuessed = lines.some(({ found }) => found !== undefined && 'schedule' in found && found.timeZone?.from === 'TZ')
  if (!isGuessed || tz !== undefined) return []
  return ['TZ is taken for the time zone of the schedules; if your cron sets it for the commands only, as most do, give --tz']
}

function planAnswer(watched: readonly Watched[]): Answer {
  const rows = watched.flatMap(({ row }) => (row === undefined ? [] : [row]))
  const todo = rows.filter((row) => 'plan' in row && row.plan.action !== 'keep').length
  const next =
    todo === 0
      ? 'Nothing to do. With --yes you get the crontab with the pings added.'
      : `With --yes ${todo} checks are written, and you get the crontab with the pings added.`
  return { text: `${tableOf(watched)}\n\n${next}`, json: { lines: rows.map(shown) } }
}

function crontabAnswer(made: readonly Made[]): Answer {
  const left = made.filter(({ row, pingUrl }) => row !== undefined && 'plan' in row && pingUrl === undefined)
  const crontab = made.map(({ text: line }) => line).join('\n')
  const lines = made.flatMap(({ row, pingUrl }) =>
    row === undefined ? [] : [{ ...shown(row), ...(pingUrl === undefined ? {} : { pingUrl }) }],
  )
  const failure = { failure: `${left.length} jobs have no check, because the project has reached its limit` }
  return { text: crontab.replace(/\n$/, ''), json: { lines, crontab }, ...(left.length === 0 ? {} : failure) }
}

function shown(row: Row): object {
  if (!('plan' in row)) return { line: row.line, action: 'none', reason: row.reason }
  const { action, job } = row.plan
  const { name, tags, timeZone } = job
  return { line: row.line, action, name, tags, schedule: expressionOf(job), timeZone }
}

function expressionOf({ schedule }: WantedJob): string {
  return schedule.kind === 'simple' ? '' : schedule.expression
}

const actions = { create: 'create', update: 'new schedule', keep: 'there already' } as const

function tableOf(watched: readonly Watched[]): string {
  const rows = watched.flatMap(({ row }) => {
    if (row === undefined) return []
    if (!('plan' in row)) return [[row.line.toString(), 'not watched', '', '', `${row.command}: ${row.reason}`]]
    return [[row.line.toString(), actions[row.plan.action], expressionOf(row.plan.job), row.plan.job.timeZone, row.plan.job.name]]
  })
  return rows.length === 0 ? 'There is no job in this crontab.' : table(['LINE', 'CHECK', 'SCHEDULE', 'TIME ZONE', 'NAME'], rows)
}
