import { type Command, Option } from 'commander'
import { roles } from '../../lambdas/domain/people/role.ts'
import type { Terminal } from './command-answer.ts'
import { addressOption, plainName } from './options.ts'
import {
  addUser,
  changeRole,
  listUsers,
  removeUser,
  type RoleOptions,
  type UserOptions,
} from './users.ts'
import { answerOn, type Options, withTarget } from './with-target.ts'

/** Who may use the dashboard. It is also the way back in when nobody can sign in any more. */
export function addUserCommands(user: Command, terminal: Terminal): void {
  const role = () => new Option('--role <role>', 'what the person may do').choices(roles)
  const project = '--project <project>'
  const add = user
    .command('add')
    .description('let a person in, and mail where the dashboard is')
    .argument('<email>', 'by which the person signs in', addressOption)
    .addOption(role().makeOptionMandatory())
    .option(project, 'in this project only, by id or name; without it, in all')
    .option('--name <name>', 'what the person is called', plainName)
  const list = user.command('list').description('list who may do what')
  const change = user
    .command('role')
    .description('give a person another role')
    .argument('<email>', 'of a user', addressOption)
    .addOption(role().makeOptionMandatory())
    .option(project, 'in this project only, by id or name; without it, in all')
  const remove = user
    .command('remove')
    .description('take a person out, who may do nothing from the next request on')
    .argument('<email>', 'of a user', addressOption)
    .option(project, 'out of this project only, by id or name; without it, out of all')
  withTarget(add).action((email: string, options: Options & UserOptions) =>
    answerOn(terminal, options, (deployment) => addUser(deployment, email, options)),
  )
  withTarget(list).action((options: Options) => answerOn(terminal, options, listUsers))
  withTarget(change).action((email: string, options: Options & RoleOptions) =>
    answerOn(terminal, options, (deployment) => changeRole(deployment, email, options)),
  )
  withTarget(remove).action((email: string, options: Options & { readonly project?: string }) =>
    answerOn(terminal, options, (deployment) => removeUser(deployment, email, options)),
  )
}
