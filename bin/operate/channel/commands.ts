import { type Command, Option } from 'commander'
import { formOf, kindNames, type KindName, signs } from '../../../lambdas/channels/kinds.ts'
import type { Clock } from '../../../lambdas/runtime/clock.ts'
import { answerWith } from '../answering.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'
import { joinLines } from '../messages.ts'
import { addChannel } from './add-channel.ts'
import type { ChannelsApi } from './api.ts'
import { type ApiOptions, connect, withApi } from './connection.ts'
import { removeChannel } from './remove-channel.ts'
import { type Given, missingFrom, optionsOf, readEntries } from './entries.ts'
import { listChannels, showChannel } from './list-channels.ts'
import { renewSigningSecret } from './signing-secret.ts'
import { tryChannel } from './try-channel.ts'

/** Commands on the channels of a project, by its API: they need its key, and nothing of AWS. */
export function addChannelCommands(channel: Command, terminal: Terminal, clock: Clock): void {
  const add = channel
    .command('add')
    .description('make a channel: asks for what is missing, sends a test, says what came of it')
  for (const kind of kindNames()) addKind(add, kind, { terminal, clock })
  const named = (command: Command) => command.argument('<channel>', 'its id or its name')
  const list = channel.command('list').description('list the channels of the project')
  const show = named(channel.command('show')).description(
    'show a channel, and what came of its last delivery',
  )
  const test = named(channel.command('test'))
    .description('send a channel a test, and say what came of it')
    .addOption(
      new Option(
        '--status <status>',
        'what the test looks like; down unless given, or up where down is not told',
      ).choices(['down', 'up']),
    )
  const secret = named(channel.command('secret'))
    .description(
      'make a new secret that signs the requests of a channel; an old one does for a day',
    )
    .addOption(secretFile().makeOptionMandatory())
  const remove = named(channel.command('delete'))
    .description('delete a channel; no check tells it from then on')
    .option('--yes', 'delete it; without this, it only says what would go')
  withApi(list).action((options: ApiOptions) => answer(terminal, options, listChannels))
  withApi(show).action((wanted: string, options: ApiOptions) =>
    answer(terminal, options, (api) => showChannel(api, wanted)),
  )
  withApi(test).action((wanted: string, options: ApiOptions & { readonly status?: string }) =>
    answer(terminal, options, (api) => tryChannel(api, { channel: wanted, ...options }, clock)),
  )
  withApi(secret).action((wanted: string, options: ApiOptions & Required<SecretFile>) =>
    answer(terminal, options, (api) => renewSigningSecret(api, wanted, options.signingSecretFile)),
  )
  withApi(remove).action((wanted: string, options: ApiOptions & { readonly yes?: true }) =>
    answer(terminal, options, (api) => removeChannel(api, wanted, options.yes === true)),
  )
}

type Seams = { readonly terminal: Terminal; readonly clock: Clock }

function addKind(add: Command, kind: KindName, { terminal, clock }: Seams): void {
  const { questions } = formOf(kind)
  const command = add
    .command(kind)
    .summary(`asks for ${questions.map(({ field }) => field).join(', ')}`)
    .description(`make a channel of kind ${kind}, send it a test, and say what came of it`)
    .argument('[name]', 'what people call it')
    .option('--on <occasions>', 'what it is told of: down, up, still-down; all unless given')
  for (const option of questions.flatMap(optionsOf)) command.addOption(option)
  if (signs({ kind })) command.addOption(secretFile())
  withApi(command).action((name: string | undefined, options: AddOptions) =>
    answer(terminal, options, async (api) => {
      const entries = await readEntries(questions, options, terminal)
      const missing = missingFrom(entries, questions)
      if (missing.length > 0)
        command.error(`error: missing ${missing.join(', ')}; on a terminal you are asked`)
      return addChannel(api, { ...options, kind, name: name ?? '', entries }, clock)
    }),
  )
}

type SecretFile = { readonly signingSecretFile?: string }
type AddOptions = ApiOptions & Given & SecretFile & { readonly on?: string }

function secretFile(): Option {
  return new Option(
    '--signing-secret-file <file>',
    'write the secret that verifies its requests to this file, which only you may read; it is printed nowhere',
  )
}

function answer(
  terminal: Terminal,
  options: ApiOptions,
  work: (api: ChannelsApi) => Promise<CommandAnswer>,
): Promise<void> {
  const explain = (error: unknown) =>
    joinLines(error instanceof Error ? error.message : String(error))
  return answerWith({ terminal, isJson: options.json === true, explain }, () =>
    work(connect(options)),
  )
}
