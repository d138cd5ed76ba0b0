import { parseSchedule, type Schedule } from '../../../lambdas/domain/schedule/schedule.ts'
import { readable } from './line-bytes.ts'
import { commandName } from './shell-command.ts'

/** A line of a crontab that runs a job. */
export type Job = {
  readonly line: number
  /** One character for each byte. */
  readonly command: string
  readonly schedule: Schedule
  readonly timeZone: Zone
  readonly shell: string
  /** How long cron itself may wait before it runs the job: cronie waits at random. */
  readonly delaySeconds: number
  readonly name: string
}

/** A line whose job can't be watched, and why. */
export type Unwatched = { readonly line: number; readonly command: string; readonly reason: string }

/**
 * The time zone of a job, and the variable that names it: CRON_TZ, which cronie goes by, or TZ,
 * which most crons set for the command only.
 */
export type Zone = { readonly from: 'CRON_TZ' | 'TZ'; readonly name: string } | undefined

/** A line of a crontab. `before` is its part ahead of the command, which can so be replaced. */
export type CrontabLine = {
  readonly text: string
  readonly before: string
  readonly found: Job | Unwatched | undefined
}

const ASSIGNMENT = /^[ \t]*["']?([A-Za-z_]\w*)["']?[ \t]*=[ \t]*([^]*?)[ \t]*$/
const MACRO = /^([ \t]*@(\w+)[ \t]+)([^]*)$/
const FIELDS = /^([ \t]*-?((?:[^ \t]+[ \t]+){4}[^ \t]+)[ \t]+)([^]*)$/
const USER = /^([^ \t]+[ \t]+)([^]*)$/
/** BSD's crons take flags before the command: when to mail, and whether runs may overlap. */
const FLAGS = /^((?:-[nqs]+[ \t]+)*)([^]*)$/
const NOTHING = /^[ \t]*(#|$)/

/** The shells that take `-c` and `$?` as `sh` does. */
const POSIX_SHELL = /^\/(?:[\w.-]+\/)*(?:|ba|da|a|k|mk|z|ya)sh$/
const DEFAULT_SHELL = '/bin/sh'

/** The schedules that have names. `@reboot` is not among them: nobody knows when it is due. */
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
 * Reads a crontab. Windows' line ends are taken as such: cron takes the CR for a part of the
 * command, which nobody means.
 * @param text one character for each byte
 * @param isSystem whether lines name a user before the command, as in /etc/crontab
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

/** The parts of a line that runs something. A text as its schedule says why it has none. */
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

/** Why no command of such a line can be watched; undefined when one can. */
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

/** The name with a number behind it, unless it is the first of that name in the file. */
function numbered(names: Map<string, number>, name: string): string {
  const count = (names.get(name) ?? 0) + 1
  names.set(name, count)
  return count === 1 ? name : `${name} (${count})`
}
