import { type Command, InvalidArgumentError, Option } from 'commander'
import { type ApiOptions, withApi, withKeyHelp } from '../api/connection.ts'
import type { Terminal } from '../command-answer.ts'
import { checkOption } from '../time-options.ts'
import { answerByChecks } from './api.ts'
import {
  addCheckByApi,
  deleteCheckByApi,
  editCheckByApi,
  pauseCheckByApi,
  resumeCheckByApi,
} from './change-checks.ts'
import { checkFieldsOf, type CheckOptions, withCheckFields } from './fields.ts'
import { listChecks, shownStatuses } from './list-checks.ts'
import { MOST_PINGS } from './log-api.ts'
import { showCheck } from './show-check.ts'
import { showCheckLog } from './show-log.ts'

/** Commands on the checks of a project, by its API: they need its key, and nothing of AWS. */
export function addCheckCommands(check: Command, terminal: Terminal): void {
  withKeyHelp(check)
  addReading(check, terminal)
  addChanging(check, terminal)
  addStates(check, terminal)
}

type ListOptions = ApiOptions & {
  readonly tag?: readonly string[]
  readonly slug?: string
  readonly status?: string
}

function addReading(check: Command, terminal: Terminal): void {
  const list = check
    .command('list')
    .description('list the checks of the project, oldest first')
    .option('--tag <tag>', 'only those with this tag; may be given again', oneMore)
    .option('--slug <slug>', 'only those with this slug', checkOption)
    .addOption(new Option('--status <status>', 'only those that are so').choices(shownStatuses))
  const show = check.command('show').description('show a check, whom it tells, and why it is down')
  const log = check
    .command('log')
    .description('show the last pings of a check, newest first')
    .addOption(new Option('--limit <pings>', 'how many').argParser(pingLimit).default(USUAL_PINGS))
  withApi(named(log)).action((wanted: string, options: ApiOptions & { readonly limit: number }) =>
    answerByChecks(terminal, options, (api, client) =>
      showCheckLog(api, client, { wanted, limit: options.limit }),
    ),
  )
  withApi(list).action((options: ListOptions) =>
    answerByChecks(terminal, options, (api) => listChecks(api, options)),
  )
  withApi(named(show)).action((wanted: string, options: ApiOptions) =>
    answerByChecks(terminal, options, (api, client) => showCheck(api, client, wanted)),
  )
}

function addChanging(check: Command, terminal: Terminal): void {
  const add = check
    .command('add')
    .description('make a check that tells all channels, of a period of a day, unless you say')
    .argument('<name>', 'what people call it; its slug is made of it')
  const edit = named(check.command('edit'))
    .description('change what is given of a check; the rest stays')
    .option('--name <name>', 'what people call it')
  withApi(withCheckFields(add)).action((name: string, options: ApiOptions & CheckOptions) =>
    answerByChecks(terminal, options, (api, client) =>
      addCheckByApi(api, client, { ...options, name }),
    ),
  )
  withApi(withCheckFields(edit)).action((wanted: string, options: ApiOptions & CheckOptions) => {
    const fields = checkFieldsOf(options)
    if (Object.values(fields).every((value) => value === undefined))
      edit.error('error: there is nothing to change; give --grace or another of its options')
    const note = (line: string) => terminal.note(line)
    return answerByChecks(terminal, options, (api, client) =>
      editCheckByApi(api, client, { wanted, fields, note }),
    )
  })
}

function addStates(check: Command, terminal: Terminal): void {
  const pause = check
    .command('pause')
    .description('watch a check no more until it is resumed, or pinged again')
  const resume = check.command('resume').description('watch a paused check again')
  const remove = check
    .command('delete')
    .description('delete a check with its log')
    .option('--yes', 'delete it; without this, it only says what would go')
  check
    .command('snooze', { hidden: true })
    .allowExcessArguments()
    .allowUnknownOption()
    .action(() => check.error('error: snooze stands alone, as in overdue snooze <check> 2h'))
  withApi(named(pause)).action((wanted: string, options: ApiOptions) =>
    answerByChecks(terminal, options, (api) => pauseCheckByApi(api, wanted)),
  )
  withApi(named(resume)).action((wanted: string, options: ApiOptions) =>
    answerByChecks(terminal, options, (api) => resumeCheckByApi(api, wanted)),
  )
  withApi(named(remove)).action((wanted: string, options: ApiOptions & { readonly yes?: true }) =>
    answerByChecks(terminal, options, (api) => deleteCheckByApi(api, wanted, options.yes === true)),
  )
}

function named(command: Command): Command {
  return command.argument('<check>', 'its slug or its UUID', checkOption)
}

const USUAL_PINGS = 20

/** @throws InvalidArgumentError. */
function pingLimit(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > MOST_PINGS)
    throw new InvalidArgumentError(`It takes a whole number from 1 to ${MOST_PINGS}.`)
  return Number(text)
}

function oneMore(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}
