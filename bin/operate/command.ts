import { Command, CommanderError, Option } from 'commander'
import { clock } from '../../lambdas/runtime/clock.ts'
import { CommandFailure } from './answering.ts'
import { addChannelCommands } from './channel/commands.ts'
import type { Terminal } from './command-answer.ts'
import { exportAll, type ExportOptions } from './backup/export.ts'
import { restoreAll } from './backup/restore.ts'
import { deleteProject } from './delete-project.ts'
import { type HealthchecksOptions, importHealthchecks } from './import/healthchecks.ts'
import { type CrontabOptions, importCrontab } from './import/jobs-of-crontab.ts'
import { serverUrl, tagList, timeZoneName } from './import/options.ts'
import { addKeyCommands } from './key-commands.ts'
import { showLog } from './log.ts'
import { joinLines } from './messages.ts'
import { addressOption, checkLimit, plainName } from './options.ts'
import { addProject, listProjects, type ProjectOptions } from './projects.ts'
import { printable } from './printable.ts'
import { reconcileNow } from './reconcile.ts'
import { redrive } from './redrive.ts'
import { listWindows } from './windows.ts'
import { addUserCommands } from './user-commands.ts'
import { answerOn, type Options, withTarget } from './with-target.ts'

const FAILED = 1
const USED_WRONGLY = 2

/**
 * Runs the operator's command, and answers with the exit status: 1 for a failure, 2 for wrong
 * usage, both of which have been noted by then.
 */
export async function runCommand(args: readonly string[], output: Terminal): Promise<number> {
  const terminal = harmless(output)
  try {
    await makeProgram(terminal).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USED_WRONGLY
    if (!(error instanceof CommandFailure)) throw error
    terminal.note(`overdue: ${error.message}`)
    return FAILED
  }
}

/** Bytes are left alone: somebody asked for them, as for a crontab. */
function harmless(output: Terminal): Terminal {
  return {
    ...output,
    answer: (text) => output.answer(typeof text === 'string' ? printable(text) : text),
    note: (text) => output.note(printable(text)),
  }
}

function makeProgram(terminal: Terminal): Command {
  const program = new Command('overdue')
    .description(
      "The operator's command of Overdue. It uses your own AWS credentials; overdue channel uses an API key of a project instead.",
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.answer(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text) =>
        terminal.note(withoutValue(joinLines(text)).replace(/^error:/, 'overdue:')),
    })
  addProjects(program.command('project').description('make, list and delete projects'), terminal)
  addKeyCommands(
    program.command('keys').description('make, list, replace and end the keys of projects'),
    terminal,
  )
  addUserCommands(
    program.command('user').description('say who may use the dashboard, and in which role'),
    terminal,
  )
  addChannelCommands(
    program.command('channel').description('make, test, list and delete channels, by the API'),
    { terminal, clock },
  )
  const imports = program
    .command('import')
    .description('bring checks along from elsewhere; safe to run again')
  addImports(imports, terminal)
  addBackup(program, imports, terminal)
  const windows = program
    .command('windows')
    .description('list the maintenance windows of a project, and when each is next')
    .argument('<project>', 'the id of the project, as overdue project list shows it')
  withTarget(windows).action((id: string, options: Options) =>
    answerOn(terminal, options, (deployment) => listWindows(deployment, id)),
  )
  const log = program
    .command('log')
    .description('show the last pings of a check, its changes, and the missed runs it tolerated')
    .argument('<check>', 'the UUID of the check, with which its ping URL ends')
  withTarget(log).action((id: string, options: Options) =>
    answerOn(terminal, options, (deployment) => showLog(deployment, id)),
  )
  const compare = program
    .command('reconcile')
    .description('compare all heartbeats with the registry, and repair what differs')
  withTarget(compare).action((options: Options) =>
    answerOn(terminal, options, (deployment) => reconcileNow(deployment, terminal)),
  )
  const again = program
    .command('redrive')
    .description('send once more what is parked because it failed for too long; tells nobody twice')
  withTarget(again).action((options: Options) =>
    answerOn(terminal, options, (deployment) => redrive(deployment, terminal, clock)),
  )
  return program
}

/** What was given to a misspelt option may be a secret. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '[^'=]+)=.*'/, "$1'")
}

function addProjects(project: Command, terminal: Terminal): void {
  const create = project
    .command('create')
    .description('make a project with an e-mail channel, and show its keys once')
    .requiredOption('--name <name>', 'what people call the project', plainName)
    .requiredOption('--email <address>', 'where its alerts go', addressOption)
    .option('--limit <checks>', 'how many checks it may have', checkLimit)
  const list = project.command('list').description('list all projects, oldest first')
  const remove = project
    .command('delete')
    .description(
      'delete a project with its checks, channels and keys; its ping URLs are unknown from then on',
    )
    .argument('<id>', 'the id of the project, as overdue project list shows it')
    .option('--yes', 'delete it; without this, it only says what would go')
  withTarget(create).action((options: Options & ProjectOptions) =>
    answerOn(terminal, options, (deployment) => addProject(deployment, options)),
  )
  withTarget(list).action((options: Options) => answerOn(terminal, options, listProjects))
  withTarget(remove).action((id: string, options: Options & { readonly yes?: true }) =>
    answerOn(terminal, options, (deployment) =>
      deleteProject(deployment, id, { isMeant: options.yes === true, terminal }),
    ),
  )
}

function addImports(imports: Command, terminal: Terminal): void {
  const healthchecks = imports
    .command('healthchecks')
    .description(
      'copy the checks of a Healthchecks project, under their UUIDs; ping URLs stay valid but for the host name',
    )
    .requiredOption(
      '--url <address>',
      'where Healthchecks answers, such as https://healthchecks.io',
      serverUrl,
    )
    .addOption(
      new Option(
        '--api-key <key>',
        'read-write API key of the project there; better not in the command line',
      )
        .env('HEALTHCHECKS_API_KEY')
        .makeOptionMandatory(),
    )
    .requiredOption('--project <id>', 'the project here, as overdue project list shows it')
  const crontab = imports
    .command('crontab')
    .description(
      'show what checks a crontab asks for; with --yes make them, and print the crontab with pings added',
    )
    .argument('<file>', 'a crontab; - reads what crontab -l prints')
    .requiredOption('--project <id>', 'the project here, as overdue project list shows it')
    .option('--system', 'its lines name a user before the command, as in /etc/crontab')
    .option(
      '--tz <zone>',
      "time zone of the schedules, unless CRON_TZ says; without it, TZ of the file, else this machine's",
      timeZoneName,
    )
    .option(
      '--tags <tags>',
      'tags of the checks; with the name, what they are known by (default: crontab and the host name)',
      tagList,
    )
    .option('--yes', 'make the checks; without this, it only shows the plan')
  withTarget(healthchecks).action((options: Options & HealthchecksOptions) =>
    answerOn(terminal, options, (deployment) => importHealthchecks(deployment, options, terminal)),
  )
  withTarget(crontab).action((file: string, options: Options & CrontabOptions) =>
    answerOn(terminal, options, (deployment) =>
      importCrontab(deployment, { ...options, file }, terminal),
    ),
  )
}

function addBackup(program: Command, imports: Command, terminal: Terminal): void {
  const save = program
    .command('export')
    .description(
      'write all projects, channels, checks and keys as one JSON document; what pings have left, and the log, are no part of it',
    )
    .option('--out <file>', 'write to this file, which only you may read, instead of the terminal')
  const restore = imports
    .command('overdue')
    .description(
      'restore an export into an empty deployment, with all ids and keys; broken off, it goes on when run again',
    )
    .argument('<file>', 'what overdue export has written; - reads standard input')
  withTarget(save).action((options: Options & ExportOptions) =>
    answerOn(terminal, options, (deployment) => exportAll(deployment, options, terminal)),
  )
  withTarget(restore).action((file: string, options: Options) =>
    answerOn(terminal, options, (deployment) => restoreAll(deployment, file, terminal)),
  )
}
