import { type Command, Option } from 'commander'
import type { KeyKind } from '../../lambdas/domain/people/api-key.ts'
import type { Access } from '../../lambdas/domain/people/project.ts'
import type { Terminal } from './command-answer.ts'
import {
  addNamedKey,
  type AddOptions,
  keyKinds,
  listKeys,
  endKey,
  type RotateOptions,
  rotateKey,
} from './keys.ts'
import { plainName } from './options.ts'
import { answerOn, type Options, withTarget } from './with-target.ts'

const ofProject = 'the id of the project, as overdue project list shows it'

export function addKeyCommands(keys: Command, terminal: Terminal): void {
  const list = keys
    .command('list')
    .description('list the keys of all projects: kind, age and name, never the key')
  const add = keys
    .command('add')
    .description('make an API key for a project, and show it once')
    .argument('<project>', ofProject)
    .requiredOption('--name <name>', 'what people call the key', plainName)
    .addOption(
      new Option('--access <access>', 'what it opens')
        .choices(['read-write', 'read-only'] satisfies readonly Access[])
        .default('read-write' satisfies Access),
    )
  const revoke = keys
    .command('revoke')
    .description('end an API key of a project; it stops at once')
    .argument('<project>', ofProject)
    .argument('<key>', 'its name, or its id, as overdue keys list shows them')
  const rotate = keys
    .command('rotate')
    .description('replace a key of a project, and show the new one once; the old one stops at once')
    .argument('<project>', ofProject)
    .addOption(
      new Option('--kind <kind>', 'which of its keys')
        .choices(keyKinds)
        .default('read-write' satisfies KeyKind),
    )
    .option('--key <key>', 'its name, or its id, where there are several of the kind')
  withTarget(list).action((options: Options) => answerOn(terminal, options, listKeys))
  withTarget(add).action((id: string, options: Options & AddOptions) =>
    answerOn(terminal, options, (deployment) => addNamedKey(deployment, id, options)),
  )
  withTarget(revoke).action((id: string, key: string, options: Options) =>
    answerOn(terminal, options, (deployment) => endKey(deployment, id, key)),
  )
  withTarget(rotate).action((id: string, options: Options & RotateOptions) =>
    answerOn(terminal, options, (deployment) => rotateKey(deployment, id, options)),
  )
}
