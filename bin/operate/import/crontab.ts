import { parseSchedule, type Schedule } from '../../../lambdas/domain/schedule.ts'
import { nameOf } from './shell-command.ts'

/** A line of a crontab that runs a job, or one that would but can't be watched, with the reason. */
export type Job = {
  readonly line: number
  readonly command: string
  readonly schedule: Schedule
  readonly timeZone: Zone
  readonly name: string
}
export type Unwatched = { readonly line: number; readonly command: string; readonly reason: string }

/** Where the time zone of a job comes from: cronie's CRON_TZ, or TZ, which most crons set for the command only; or neither. */
export type Zone = { readonly from: 'CRON_TZ' | 'TZ'; readonly name: string } | undefined

/** A crontab line by line: `text` + `command` + nothing is the line, so that the command can be replaced. */
export type CrontabLine = { readonly text: string; readonly before: string; readonly found: Job | Unwatched | undefined }

const ASSIGNMENT = /^\s*["']?([A-Za-z_]\w*)["']?\s*=\s*(.*?)\s*$/
const MACRO = /^(\s*@(\w+)\s+)(.*)$/
const FIELDS = /^(\s*-?((?:\S+\s+){4}\S+)\s+)(.*)$/
const USER = /^(\S+\s+)(.*)$/

/** What the names of schedules stand for. `@reboot` is none: nobody knows when it is due. */
const macros: ReadonlyMap<string, string> = new Map([
  ['hourly', '0 * * * *'],
  ['daily', '0 0 * * *'],
  ['midnight', '0 0 * * *'],
  ['weekly', '0 0 * * 0'],
  ['monthly', '0 0 1 * *'],
  ['yearly', '0 0 1 1 *'],
  ['annually', '0 0 1 1 *'],
])

/** Reads a crontab; with `isSystem` its lines name a user before the command, as /etc/crontab does. */
export function parseCrontab(text: string, isSystem: boolean): readonly CrontabLine[] {
  const settings = new Map<string, string>()
  const names = new Map<string, number>()
  return text.split('\n').map((line, index) => {
    const assignment = ASSIGNMENT.exec(line)
    if (assignment !== null) settings.set(assignment[1] ?? '', unquoted(assignment[2] ?? ''))
    const parts = assignment === null && !/^\s*(#|$)/.test(line) ? splitLine(line, isSystem) : undefined
    if (parts === undefined) return { text: line, before: line, found: undefined }
    const { before, command, schedule } = parts
    const at = { line: index + 1, command }
    if (typeof schedule === 'string') return { text: line, before, found: { ...at, reason: schedule } }
    return { text: line, before, found: { ...at, schedule, timeZone: zoneOf(settings), name: numbered(names, nameOf(command)) } }
  })
}

type Parts = { readonly before: string; readonly command: string; readonly schedule: Schedule | string }

/** The parts of a line that runs something; in the place of a schedule, why there is none. */
function splitLine(line: string, isSystem: boolean): Parts {
  const [, head = '', when = '', rest = ''] = MACRO.exec(line) ?? FIELDS.exec(line) ?? []
  const [, user = '', own = ''] = isSystem ? (USER.exec(rest) ?? []) : ['', '', rest]
  const [before, command] = [head + user, own.trimEnd()]
  if (command === '') return { before: line, command: line.trim(), schedule: 'this is no line of a crontab' }
  if (when === 'reboot') return { before, command, schedule: '@reboot has no time at which it is due, so nobody can miss it' }
  const expression = line.trimStart().startsWith('@') ? macros.get(when) : when.trim().split(/\s+/).join(' ')
  const schedule = expression === undefined ? undefined : parseSchedule(expression)
  return { before, command, schedule: schedule ?? `the schedule ${head.trim()} can't be watched here` }
}

function zoneOf(settings: ReadonlyMap<string, string>): Zone {
  for (const from of ['CRON_TZ', 'TZ'] as const) {
    const name = settings.get(from) ?? ''
    if (name !== '') return { from, name: name.replace(/^:/, '') }
  }
  return undefined
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2')
}

/** Jobs of the same name are told apart by a number, in the order of the file. */
function numbered(names: Map<string, number>, name: string): string {
  const count = (names.get(name) ?? 0) + 1
  names.set(name, count)
  return count === 1 ? name : `${name} (${count})`
}
