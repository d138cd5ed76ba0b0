import { type Command, InvalidArgumentError, Option } from 'commander'
import { scheduleBounds } from '../../../lambdas/domain/schedule/bounds.ts'
import { checkFields } from '../../../lambdas/managing/fields/check-shape.ts'
import { durationWithin, scheduleOption } from '../time-options.ts'

/** What the options say of a check. */
export type CheckOptions = {
  readonly name?: string
  readonly slug?: string
  readonly tags?: string
  readonly desc?: string
  readonly schedule?: string | number
  readonly tz?: string
  readonly grace?: number
  readonly channels?: string
  readonly set?: Readonly<Record<string, unknown>>
}

/** The options of a command that makes or changes a check. */
export function withCheckFields(command: Command): Command {
  return command
    .option('--slug <slug>', 'for ping URLs with a name in them')
    .option('--tags <tags>', 'words with blanks between')
    .option('--desc <text>', 'what to do when it is down; alerts show it')
    .option('--schedule <schedule>', 'cron, OnCalendar, or a period such as 1h', checkSchedule)
    .addOption(new Option('--timeout <time>').hideHelp().argParser(noTimeout))
    .option('--tz <zone>', 'the time zone of its schedule, such as Europe/Riga')
    .option('--grace <time>', 'how late it may be, such as 30m', checkTime)
    .option('--channels <channels>', 'whom it tells: names or ids, commas between; * is all')
    .option(
      '--set <field=value>',
      'any other field of the API, as JSON or as text; may be given again',
      settingOf,
    )
}

/** What a request says of a check; what is undefined is not sent. */
export type SentCheck = Readonly<Record<string, unknown>>

/** The fields of a request, as the API has them. */
export function checkFieldsOf({ schedule, set, name, ...same }: CheckOptions): SentCheck {
  const { slug, tags, desc, tz, grace, channels } = same
  return {
    name,
    slug,
    tags,
    desc,
    ...(typeof schedule === 'number' ? { timeout: schedule } : { schedule }),
    tz,
    grace,
    channels,
    ...set,
  }
}

const { shortestSeconds: least, longestSeconds: most } = scheduleBounds
const checkTime = durationWithin({ least, most })

/** @throws InvalidArgumentError, as all of these. */
function checkSchedule(text: string): string | number {
  const schedule = scheduleOption(text)
  return typeof schedule === 'number' ? checkTime(text) : schedule
}

/** What the API calls a timeout is looked for as an option. */
function noTimeout(): never {
  throw new InvalidArgumentError('The period is given as --schedule, as in --schedule 1h.')
}

/** All but one that says which check is meant. */
const knownFields = Object.keys(checkFields.shape).filter((field) => field !== 'unique')

function settingOf(text: string, before: CheckOptions['set'] = {}): CheckOptions['set'] {
  const [, field, value = ''] = /^([a-z_]+)=([^]*)$/.exec(text) ?? []
  if (field === undefined)
    throw new InvalidArgumentError('It takes a field and its value, such as methods=POST.')
  if (!knownFields.includes(field))
    throw new InvalidArgumentError(
      `A check has no field ${field}; it has ${knownFields.join(', ')}.`,
    )
  return { ...before, [field]: jsonOrText(value) }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
