import { type Command, Option } from 'commander'
import { windowSeconds } from '../../../lambdas/domain/watching/window.ts'
import { type ApiOptions, withApi, withKeyHelp } from '../api/connection.ts'
import type { Terminal } from '../command-answer.ts'
import { type Target, withPlace } from '../place-options.ts'
import { durationWithin } from '../time-options.ts'
import { answerByWindows } from './api.ts'
import {
  addWindowByApi,
  deleteWindowByApi,
  editWindowByApi,
  showWindow,
  type WindowOptions,
} from './change-windows.ts'
import { listWindows } from './list-windows.ts'

/** Commands on the maintenance windows of a project, by its API. An operator may list any's. */
export function addWindowCommands(window: Command, terminal: Terminal): void {
  withKeyHelp(window)
  addListing(window, terminal)
  addChanging(window, terminal)
}

type ListOptions = ApiOptions & Target & { readonly project?: string }

function addListing(window: Command, terminal: Terminal): void {
  const list = withApi(window.command('list'))
    .description('list the windows of the project, and when each is next')
    .addOption(
      new Option(
        '--project <id>',
        'of any project, by your AWS credentials instead of an API key; the options below go with it',
      ),
    )
  const show = named(window.command('show')).description('show a window, and when it is next')
  withApi(show).action((wanted: string, options: ApiOptions) =>
    answerByWindows(terminal, options, (api) => showWindow(api, wanted)),
  )
  withPlace(list).action(async (options: ListOptions) => {
    const { project } = options
    if (project === undefined)
      return answerByWindows(terminal, options, async (api) => listWindows(await api.list()))
    const { answerWindowsOf } = await import('./project-windows.ts')
    return answerWindowsOf(terminal, options, project)
  })
}

function addChanging(window: Command, terminal: Terminal): void {
  const add = window
    .command('add')
    .description('plan time in which jobs need not run, once or again and again')
    .argument('[name]', 'what people call it', '')
  const edit = named(window.command('edit'))
    .description('change what is given of a window; the rest stays')
    .option('--name <name>', 'what people call it')
  const remove = named(window.command('delete'))
    .description('delete a window; it excuses no check from then on')
    .option('--yes', 'delete it; without this, it only says what would go')
  withApi(withFields(add)).action((name: string, options: ApiOptions & WindowOptions) =>
    answerByWindows(terminal, options, (api) =>
      addWindowByApi(api, fieldsOf({ ...options, name })),
    ),
  )
  withApi(withFields(edit)).action((wanted: string, options: ApiOptions & WindowOptions) => {
    const fields = fieldsOf(options)
    if (Object.keys(fields).length === 0)
      edit.error('error: there is nothing to change; give --seconds or another of its options')
    const note = (line: string) => terminal.note(line)
    return answerByWindows(terminal, options, (api) =>
      editWindowByApi(api, { wanted, fields, note }),
    )
  })
  withApi(remove).action((wanted: string, options: ApiOptions & { readonly yes?: true }) =>
    answerByWindows(terminal, options, (api) =>
      deleteWindowByApi(api, wanted, options.yes === true),
    ),
  )
}

function named(command: Command): Command {
  return command.argument('<window>', 'its id or its name')
}

function withFields(command: Command): Command {
  return command
    .option('--seconds <time>', 'how long it is, such as 2h', durationWithin(windowSeconds))
    .option('--schedule <schedule>', 'when it begins, again and again: cron or OnCalendar')
    .option('--tz <zone>', 'the time zone of its schedule, UTC unless given')
    .option('--start <instant>', 'when it begins, once, such as 2027-01-31T06:00:00Z')
    .option('--tags <tags>', 'for checks with any of these tags; for all checks unless given')
}

function fieldsOf({ name, tags, start, schedule, tz, seconds }: WindowOptions): WindowOptions {
  const fields = { name, tags, start, schedule, tz, seconds }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
