import type { Command } from 'commander'
import { formOf, type KindName, signs } from '../../../lambdas/channels/kinds.ts'
import type { Clock } from '../../../lambdas/runtime/clock.ts'
import type { Terminal } from '../command-answer.ts'
import { addChannel } from './add-channel.ts'
import { type ApiOptions, withApi } from '../api/connection.ts'
import { answerByChannels } from './api.ts'
import { type Given, missingFrom, optionsOf, readEntries } from './entries.ts'
import { type SecretFile, secretFileOption } from './signing-secret.ts'

export type CommandSeams = { readonly terminal: Terminal; readonly clock: Clock }

type AddOptions = ApiOptions & Given & SecretFile & { readonly on?: string }

/** The command that makes a channel of one kind: its questions are its options. */
export function addKindCommand(
  add: Command,
  kind: KindName,
  { terminal, clock }: CommandSeams,
): void {
  const { questions } = formOf(kind)
  const command = add
    .command(kind)
    .summary(`asks for ${questions.map(({ field }) => field).join(', ')}`)
    .description(`make a channel of kind ${kind}, send it a test, and say what came of it`)
    .argument('[name]', 'what people call it')
    .option('--on <occasions>', 'what it is told of: down, up, still-down; all unless given')
  for (const option of questions.flatMap(optionsOf)) command.addOption(option)
  if (signs({ kind })) command.addOption(secretFileOption())
  withApi(command).action((name: string | undefined, options: AddOptions) =>
    answerByChannels(terminal, options, async (api) => {
      const entries = await readEntries(questions, options, terminal)
      const missing = missingFrom(entries, questions)
      if (missing.length > 0)
        command.error(`error: missing ${missing.join(', ')}; on a terminal you are asked`)
      return addChannel(api, { ...options, kind, name: name ?? '', entries }, clock)
    }),
  )
}
