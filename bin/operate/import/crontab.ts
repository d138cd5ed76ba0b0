import { parseSchedule, type Schedule } from '../../../lambdas/domain/schedule/schedule.ts'
import { readable } from './line-bytes.ts'
import { commandName } from './shell-command.ts'

/**
 * A line of a crontab that runs a job, or one that would but can't be watched, with the reason. A
 * command is characters of one byte.
 */
export type Job = {
  readonly line: number
  readonly command: string
  readonly schedule: Schedule
  readonly timeZone: Zone
  readonly shell: string
  /** How long cron itself may wait before it runs the job, as cronie does at random. */
  readonly delaySeconds: number
  readonly name: string
}
export type Unwatched = { readonly line: number; readonly command: string; readonly reason: string }

/**
 * Where the time zone of a job comes from: cronie's CRON_TZ, or TZ, which most crons set for the
 * command only; or neither.
 */
export type Zone = { readonly from: 'CRON_TZ' | 'TZ'; readonly name: string } | undefined

/**
 * A crontab line by line: `before` + `command` is the line, so that the command can be replaced.
 */
export type CrontabLine = {
  readonly text: string
  readonly before: string
  readonly found: Job | Unwatched | undefined
}

const ASSIGNMENT = /^[ \t]*["']?([A-Za-z_]\w*)["']?[ \t]*=[ \t]*([^]*?)[ \t]*$/
const MACRO = /^([ \t]*@(\w+)[ \t]+)([^]*)$/
const FIELDS = /^([ \t]*-?((?:[^ \t]+[ \t]+){4}[^ \t]+)[ \t]+)([^]*)$/
const USER = /^([^ \t]+[ \t]+)([^]*)$/
/**
 * What BSD's crons take between the times and the command: when to mail, and whether a second run
 * may start beside the first.
 */
const FLAGS = /^((?:-[nqs]+[ \t]+)*)([^]*)$/
const NOTHING = /^[ \t]*(#|$)/

/** The shells that take `-c` and `$?` as `sh` does. */
const POSIX_SHELL = /^\/(?:[\w.-]+\/)*(?:|ba|da|a|k|mk|z|ya)sh$/
const DEFAULT_SHELL = '/bin/sh'

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

/**
 * Reads a crontab of characters of one byte; with `isSystem` its lines name a user before the
 * command, as /etc/crontab does. Lines may end as Windows ends them: cron would take the CR for
 * part of the command, so nobody means it.
 */
export function parseCrontab(text: string, isSystem: boolean): readonly CrontabLine[] {
  const settings = new Map<string, string>()
  const names = new Map<string, number>()
  return text.split(/\r?\n|\r$/).map((line, index) => {
    const assignment = ASSIGNMENT.exec(line)
    if (assignment !== null) settings.set(assignment[1] ?? '', unquoted(assignment[2] ?? ''))
    const parts = assignment === null && !NOTHING.test(line) ? splitLine(line, isSystem) : undefined
    if (parts === undefined) return { text: line, before: line, found: undefined }
    const { before, command } = parts
    const schedule = refusalOf(line, settings) ?? parts.schedule
    const at = { line: index + 1, command }
    if (typeof schedule === 'string')
      return { text: line, before, found: { ...at, reason: schedule } }
    return {
      text: line,
      before,
      found: {
        ...at,
        schedule,
        ...surroundings(settings),
        name: numbered(names, commandName(readable(command))),
      },
    }
  })
}

type Parts = {
  readonly before: string
  readonly command: string
  readonly schedule: Schedule | string
}

/** The parts of a line that runs something; in the place of a schedule, why there is none. */
function splitLine(line: string, isSystem: boolean): Parts {
  const [, head = '', when = '', rest = ''] = MACRO.exec(line) ?? FIELDS.exec(line) ?? []
  const [, user = '', own = ''] = isSystem ? (USER.exec(rest) ?? []) : ['', '', rest]
  const [, flags = '', command = ''] = FLAGS.exec(own) ?? []
  const before = head + user + flags
  if (command.trim() === '')
    return { before: line, command: line.trim(), schedule: 'this is no line of a crontab' }
  if (when === 'reboot')
    return {
      before,
      command,
      schedule: '@reboot has no time at which it is due, so nobody can miss it',
    }
  const expression = line.trimStart().startsWith('@')
    ? macros.get(when)
    : when.trim().split(/\s+/).join(' ')
  const schedule = expression === undefined ? undefined : parseSchedule(expression)
  return {
    before,
    command,
    schedule: schedule ?? `the schedule ${readable(head.trim())} can't be watched here`,
  }
}

type Settings = ReadonlyMap<string, string>

/** Why nothing can be put behind a command, whatever it is. */
function refusalOf(line: string, settings: Settings): string | undefined {
  if (line.includes('\0')) return 'it has a zero byte, at which cron ends it'
  const shell = shellOf(settings)
  return POSIX_SHELL.test(shell)
    ? undefined
    : `the ping takes a shell such as /bin/sh, and SHELL is ${readable(shell)}`
}

function surroundings(settings: Settings): Pick<Job, 'timeZone' | 'shell' | 'delaySeconds'> {
  const delayMinutes = Number(settings.get('RANDOM_DELAY') ?? 0)
  return {
    timeZone: zoneOf(settings),
    shell: shellOf(settings),
    delaySeconds: delayMinutes > 0 ? delayMinutes * 60 : 0,
  }
}

function shellOf(settings: Settings): string {
  return settings.get('SHELL') ?? DEFAULT_SHELL
}

function zoneOf(settings: Settings): Zone {
  for (const from of ['CRON_TZ', 'TZ'] as const) {
    const name = settings.get(from) ?? ''
    if (name !== '') return { from, name: readable(name).replace(/^:/, '') }
  }
  return undefined
}

function unquoted(text: string): string {
  return text.replace(/^(["'])([^]*)\1$/, '$2')
}

/** Jobs of the same name are told apart by a number, in the order of the file. */
function numbered(names: Map<string, number>, name: string): string {
  const count = (names.get(name) ?? 0) + 1
  names.set(name, count)
  return count === 1 ? name : `${name} (${count})`
}
