import { enteredFields, type Entries } from '../../../lambdas/channels/form.ts'
import { formOf, type KindName } from '../../../lambdas/channels/kinds.ts'
import type { Clock } from '../../../lambdas/runtime/clock.ts'
import type { CommandAnswer } from '../command-answer.ts'
import type { ChannelsApi, CreatedChannel, LastDelivery } from './api.ts'
import { channelTitle } from './named-channel.ts'
import { keepSigningSecret } from './signing-secret.ts'
import { outcomeInWords, outcomeOfTest } from './try-channel.ts'

export type NewChannel = {
  readonly kind: KindName
  readonly name: string
  readonly on?: string
  readonly entries: Entries
  /** Where its signing secret goes, if it has one. */
  readonly signingSecretFile?: string
}

/** Makes a channel, sends it a test, and says what came of that. */
export async function addChannel(
  api: ChannelsApi,
  { kind, name, on, entries, signingSecretFile: file }: NewChannel,
  clock: Clock,
): Promise<CommandAnswer> {
  const own = enteredFields(formOf(kind), entries)
  const channel = await api.create({ kind, name, ...(on && { on: on.split(',') }), ...own })
  const made = `The ${channelTitle(channel)} is made. Checks tell it that name it in their channels.`
  const secret = await unlessFailed(() => keepSigningSecret(channel, file))
  const tested = await unlessFailed(() => triedOut(api, channel, clock))
  const failures = [secret, tested].flatMap(({ failure }) => failure ?? [])
  return {
    text: [made, ...[secret, tested].flatMap(({ text }) => text ?? [])].join('\n'),
    json: { channel: { id: channel.id, name, kind, on: channel.on }, test: tested.test ?? null },
    ...(failures.length > 0 && { failure: failures.join('; ') }),
  }
}

type Step = Pick<CommandAnswer, 'failure'> & {
  readonly text?: string
  readonly test?: LastDelivery
}

/** The channel is made by then, which a step that fails must not hide. */
async function unlessFailed(step: () => Promise<Step>): Promise<Step> {
  try {
    return await step()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { failure: `the channel is made, but ${reason}` }
  }
}

async function triedOut(
  api: ChannelsApi,
  { id, verified }: CreatedChannel,
  clock: Clock,
): Promise<Step> {
  if (verified === false)
    return {
      text: `A link was mailed there. Alerts get through once it is followed; then try overdue channel test ${id}.`,
    }
  const test = await outcomeOfTest(api, { id, before: null }, clock)
  return { ...outcomeInWords(test), ...(test && { test }) }
}
