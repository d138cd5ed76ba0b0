import type { Command } from 'commander'
import type { Terminal } from './command-answer.ts'
import { deleteProject } from './delete-project.ts'
import { addressOption, checkLimit, plainName } from './options.ts'
import { addProject, listProjects, type ProjectOptions } from './projects.ts'
import { answerOn, type Options, withTarget } from './with-target.ts'

export function addProjectCommands(project: Command, terminal: Terminal): void {
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
