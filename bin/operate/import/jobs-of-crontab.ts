import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { CommandAnswer, Terminal } from '../command-answer.ts'
import type { Deployment } from '../target.ts'
import { findDestination } from './creation.ts'
import { type CrontabLine, parseCrontab } from './crontab.ts'
import { planText, type CrontabRow, rowOf, shown } from './crontab-plan.ts'
import { upsert } from './jobs.ts'
import { bytesOf, charactersOf, readable } from './line-bytes.ts'
import { withPing, withRun } from './shell-command.ts'
import { FreeSlugs } from './slugs.ts'

export type CrontabOptions = {
  readonly project: string
  readonly system?: true
  readonly tz?: string
  readonly tags?: string
  readonly run?: string
  readonly yes?: true
}

type Watched = { readonly line: CrontabLine; readonly row: CrontabRow | undefined }

/**
 * Shows which checks the jobs of a crontab get. With `yes` it makes them, and answers with the
 * crontab that pings them.
 */
export async function importCrontab(
  deployment: Deployment,
  { file, ...options }: CrontabOptions & { readonly file: string },
  terminal: Terminal,
): Promise<CommandAnswer> {
  const { pingEndpoint } = deployment
  const destination = await findDestination(deployment, options.project)
  const checks = await deployment.registry.checks(options.project)
  const text = charactersOf(await read(file))
  const { run } = options
  const slugs = new FreeSlugs(checks)
  const lines = parseCrontab(text, options.system === true)
  const watched = lines.map((line) => ({
    line,
    row: rowOf(line, { ...options, pingEndpoint, checks }),
  }))
  const rows = watched.flatMap(({ row }) => (row === undefined ? [] : [row]))
  for (const note of notesOf(text, lines, options)) terminal.note(`overdue: ${note}`)
  if (options.yes !== true) return planAnswer(rows)
  terminal.note(planText(rows))
  const made: Made[] = []
  for (const each of watched) made.push(await make(each))
  if (run !== undefined) terminal.note(`\n${howToRun(run, pingEndpoint)}`)
  terminal.note(`\n${HOW_TO_LOOK}`)
  return crontabAnswer(made)

  async function make({ line, row }: Watched): Promise<Made> {
    const isJob =
      row !== undefined && 'plan' in row && line.found !== undefined && 'schedule' in line.found
    if (!isJob) return { text: line.text, row, pingUrl: undefined }
    const slug = run === undefined ? {} : { slug: slugs.slugFor(row.plan) }
    const check = await upsert(deployment, destination, { ...row.plan.job, ...slug })
    if (check === 'full') return { text: line.text, row, pingUrl: undefined }
    const { command, shell } = line.found
    const pingUrl = `${pingEndpoint}/${check.id}`
    const rewritten =
      run === undefined
        ? withPing(command, { shell, pingUrl })
        : withRun(command, { shell, program: run, check: check.slug })
    return { text: line.before + rewritten, row, pingUrl }
  }
}

const HOW_TO_LOOK =
  'Once the printed crontab is in place, its jobs ping. Look whether they all do: overdue project list names each check that was\n' +
  'never pinged by the end of its first period and grace time.'

function howToRun(program: string, pingEndpoint: string): string {
  return (
    `The lines need two things. Cron has to find ${program} and node: its PATH is often /usr/bin:/bin, unless the crontab sets it.\n` +
    `And ~/.config/overdue.env, which only its owner may read, has to say OVERDUE_PING_ENDPOINT=${pingEndpoint}\n` +
    'and OVERDUE_PING_KEY, the ping key of the project. Without the second, jobs run and are not watched; without the first, none runs.'
  )
}

type Made = {
  readonly text: string
  readonly row: CrontabRow | undefined
  readonly pingUrl: string | undefined
}

async function read(file: string): Promise<Buffer> {
  return file === '-' ? buffer(process.stdin) : readFile(file)
}

function notesOf(
  text: string,
  lines: readonly CrontabLine[],
  { tz }: CrontabOptions,
): readonly string[] {
  const isGuessed = lines.some(
    ({ found }) => found !== undefined && 'schedule' in found && found.timeZone?.from === 'TZ',
  )
  return [
    ...(isGuessed && tz === undefined
      ? [
          'TZ is taken for the time zone of the schedules; if your cron sets it for the commands only, as most do, give --tz',
        ]
      : []),
    ...(/\r(\n|$)/.test(text)
      ? [
          'its lines end with CR LF; what is printed has LF, as cron takes a CR for part of the command',
        ]
      : []),
  ]
}

function planAnswer(rows: readonly CrontabRow[]): CommandAnswer {
  const todo = rows.filter((row) => 'plan' in row && row.plan.action !== 'keep').length
  const next =
    todo === 0
      ? 'Nothing to do. With --yes you get the crontab with the pings added.'
      : `With --yes ${todo} checks are written, and you get the crontab with the pings added.`
  return { text: `${planText(rows)}\n\n${next}`, json: { lines: rows.map(shown) } }
}

/**
 * The crontab, byte for byte; in JSON as text. It ends with a line break, without which cron
 * refuses it.
 */
function crontabAnswer(made: readonly Made[]): CommandAnswer {
  const left = made.filter(
    ({ row, pingUrl }) => row !== undefined && 'plan' in row && pingUrl === undefined,
  )
  const crontab = made.map(({ text: line }) => line).join('\n')
  const lines = made.flatMap(({ row, pingUrl }) =>
    row === undefined ? [] : [{ ...shown(row), ...(pingUrl === undefined ? {} : { pingUrl }) }],
  )
  const failure = {
    failure: `${left.length} jobs have no check, because the project has reached its limit`,
  }
  const text = bytesOf(crontab === '' || crontab.endsWith('\n') ? crontab : `${crontab}\n`)
  return {
    text,
    json: { lines, crontab: readable(crontab) },
    ...(left.length === 0 ? {} : failure),
  }
}
