import { type Command, Option } from 'commander'
import { kindNames } from '../../../lambdas/channels/kinds.ts'
import { clock } from '../../../lambdas/runtime/clock.ts'
import type { Terminal } from '../command-answer.ts'
import { addKindCommand, type CommandSeams } from './add-command.ts'
import { type ApiOptions, withApi, withKeyHelp } from '../api/connection.ts'
import { answerByChannels } from './api.ts'
import { listChannels, showChannel } from './list-channels.ts'
import { removeChannel } from './remove-channel.ts'
import { renewSigningSecret, type SecretFile, secretFileOption } from './signing-secret.ts'
import { tryChannel } from './try-channel.ts'

/** Commands on the channels of a project, by its API: they need its key, and nothing of AWS. */
export function addChannelCommands(channel: Command, terminal: Terminal): void {
  const seams: CommandSeams = { terminal, clock }
  withKeyHelp(channel)
  const add = channel
    .command('add')
    .description('make a channel: asks for what is missing, sends a test, says what came of it')
  for (const kind of kindNames()) addKindCommand(add, kind, seams)
  addReading(channel, seams)
  addTest(channel, seams)
  addChanging(channel, seams)
}

function addReading(channel: Command, { terminal }: CommandSeams): void {
  const list = channel.command('list').description('list the channels of the project')
  const show = channel
    .command('show')
    .description('show a channel, and what came of its last delivery')
  withApi(list).action((options: ApiOptions) => answerByChannels(terminal, options, listChannels))
  withApi(named(show)).action((wanted: string, options: ApiOptions) =>
    answerByChannels(terminal, options, (api) => showChannel(api, wanted)),
  )
}

type Status = { readonly status?: string }

function addTest(channel: Command, { terminal, clock }: CommandSeams): void {
  const status = new Option(
    '--status <status>',
    'what the test looks like; down unless given, or up where down is not told',
  )
  const test = channel
    .command('test')
    .description('send a channel a test, and say what came of it')
    .addOption(status.choices(['down', 'up']))
  withApi(named(test)).action((wanted: string, options: ApiOptions & Status) =>
    answerByChannels(terminal, options, (api) =>
      tryChannel(api, { channel: wanted, ...options }, clock),
    ),
  )
}

type Meant = { readonly yes?: true }

function addChanging(channel: Command, { terminal }: CommandSeams): void {
  const secret = channel
    .command('secret')
    .description(
      'make a new secret that signs the requests of a channel; an old one does for a day',
    )
    .addOption(secretFileOption().makeOptionMandatory())
  const remove = channel
    .command('delete')
    .description('delete a channel; no check tells it from then on')
    .option('--yes', 'delete it; without this, it only says what would go')
  withApi(named(secret)).action((wanted: string, options: ApiOptions & Required<SecretFile>) =>
    answerByChannels(terminal, options, (api) =>
      renewSigningSecret(api, wanted, options.signingSecretFile),
    ),
  )
  withApi(named(remove)).action((wanted: string, options: ApiOptions & Meant) =>
    answerByChannels(terminal, options, (api) => removeChannel(api, wanted, options.yes === true)),
  )
}

function named(command: Command): Command {
  return command.argument('<channel>', 'its id or its name')
}
