import { type Command, Option } from 'commander'
import type { Terminal } from '../command-answer.ts'
import { answerOn, type Options, withTarget } from '../with-target.ts'
import { attachProject, detachProject } from './attach.ts'
import type { DdlOptions } from './ddl-parts.ts'
import { ddlOf, plainTable } from './ddl.ts'
import { mirrorNow } from './now.ts'
import { sourceStatus } from './status.ts'

export function addSourceCommands(source: Command, terminal: Terminal): void {
  addDdl(source, terminal)
  const attach = source
    .command('attach')
    .description('let the database say which checks a project has')
    .argument('<project>', 'the id of the project, as overdue project list shows it')
    .requiredOption('--as <name>', 'what the column project of the view has for it')
  const detach = source
    .command('detach')
    .description('give the checks of a project to people, whatever the database says')
    .argument('<project>', 'the id of the project')
  const now = source
    .command('now')
    .description('compare all rows with all checks now, and write what differs')
    .option('--yes', 'delete what is gone, even if that is most of a project')
  const status = source
    .command('status')
    .description('show the attached projects, the last runs, and the rows that cannot be taken')
  withTarget(attach).action((id: string, options: Options & { readonly as: string }) =>
    answerOn(terminal, options, (deployment) => attachProject(deployment, id, options.as)),
  )
  withTarget(detach).action((id: string, options: Options) =>
    answerOn(terminal, options, (deployment) => detachProject(deployment, id)),
  )
  withTarget(now).action((options: Options & { readonly yes?: true }) =>
    answerOn(terminal, options, (deployment) =>
      mirrorNow(deployment, { isMeant: options.yes === true, terminal }),
    ),
  )
  withTarget(status).action((options: Options) => answerOn(terminal, options, sourceStatus))
}

/** It works on no deployment. */
function addDdl(source: Command, terminal: Terminal): void {
  source
    .command('ddl')
    .description('print SQL that makes the view, the changes, the triggers and the user')
    .addOption(
      new Option('--engine <engine>', 'what your database is')
        .choices(['mysql', 'postgres'])
        .makeOptionMandatory(),
    )
    .requiredOption('--table <table>', 'the table that has a row for each check', plainTable)
    .option('--uuid <column>', 'the column with the UUID of a check', plainTable, 'uuid')
    .option('--project <column>', 'the column that tells projects apart', plainTable, 'project')
    .option('--user <name>', 'the user that Overdue asks as', plainTable, 'overdue')
    .action((options: DdlOptions) => {
      terminal.answer(ddlOf(options))
    })
}
