import type { Command } from 'commander'
import * as z from 'zod'
import { clock } from '../../../lambdas/runtime/clock.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { answerByApi, type ApiOptions, withApi } from '../api/connection.ts'
import type { CommandCall, Terminal } from '../command-answer.ts'
import { apply, type ApplyOptions } from './apply.ts'
import { fileShape } from './shape.ts'

type Options = ApiOptions & ApplyOptions & { readonly schema?: true }

/** Makes a project as a file says. */
export function addApplyCommand(command: Command, terminal: Terminal, call: CommandCall): void {
  command
    .option(
      '-f, --file <file>',
      'what the project is to have; - reads standard input',
      'overdue.yaml',
    )
    .option('--dry-run', 'show the plan only; ends with 2 if there is something to do')
    .option('--prune', 'delete what this file has made before and does not have any more')
    .option(
      '--adopt',
      'take over checks, channels and windows of these names that were made otherwise',
    )
    .option('--yes', 'delete without asking')
    .option('--schema', 'print the JSON schema of such files, for editors')
  withApi(command).action(async (options: Options) => {
    if (options.schema === true) {
      terminal.answer(schemaText())
      return
    }
    await untilStopped((isStopped) =>
      answerByApi(terminal, options, (api) =>
        apply({ api, terminal, call, clock, random, isStopped }, options),
      ),
    )
  })
}

/** A first Ctrl-C lets what is asked of the API come to its end; a second ends it all. */
async function untilStopped(work: (isStopped: () => boolean) => Promise<void>): Promise<void> {
  let isStopped = false
  const stop = () => {
    isStopped = true
  }
  process.once('SIGINT', stop)
  try {
    await work(() => isStopped)
  } finally {
    process.off('SIGINT', stop)
  }
}

function schemaText(): string {
  const schema = z.toJSONSchema(fileShape, {
    io: 'input',
    // A variable may stand in any value, but not in names.
    override: ({ jsonSchema, path }) => {
      const { pattern } = jsonSchema
      if (pattern !== undefined && !path.includes('propertyNames'))
        jsonSchema.pattern = `${pattern}|\\$\\{`
    },
  })
  return JSON.stringify(schema, null, 2)
}
