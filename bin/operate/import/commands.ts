import { type Command, Option } from 'commander'
import { restoreAll } from '../backup/restore.ts'
import type { Terminal } from '../command-answer.ts'
import { answerOn, type Options, withTarget } from '../with-target.ts'
import { type HealthchecksOptions, importHealthchecks } from './healthchecks.ts'
import { type CrontabOptions, importCrontab } from './jobs-of-crontab.ts'
import { programPath, serverUrl, tagList, timeZoneName } from './options.ts'

export function addImportCommands(imports: Command, terminal: Terminal): void {
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
    .addOption(
      new Option(
        '--run [program]',
        'have overdue run ping, and not curl; where that is, unless cron finds it as overdue',
      )
        .preset('overdue')
        .argParser(programPath),
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
  addRestore(imports, terminal)
}

function addRestore(imports: Command, terminal: Terminal): void {
  const restore = imports
    .command('overdue')
    .description(
      'restore an export into an empty deployment, with all ids and keys; broken off, it goes on when run again',
    )
    .argument('<file>', 'what overdue export has written; - reads standard input')
  withTarget(restore).action((file: string, options: Options) =>
    answerOn(terminal, options, (deployment) => restoreAll(deployment, file, terminal)),
  )
}
