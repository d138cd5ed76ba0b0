import { enteredFields, type Entries } from '../../../lambdas/channels/form.ts'
import { formOf, type KindName } from '../../../lambdas/channels/kinds.ts'
import type { Clock } from '../../../lambdas/runtime/clock.ts'
import type { CommandAnswer } from '../command-answer.ts'
import type { ChannelsApi, ShownChannel } from './api.ts'
import { channelTitle } from './named-channel.ts'
import { outcomeInWords, outcomeOfTest } from './try-channel.ts'

export type NewChannel = {
  readonly kind: KindName
  readonly name: string
  readonly on?: string
  readonly entries: Entries
}

/** Makes a channel, sends it a test, and says what came of that. */
export async function addChannel(
  api: ChannelsApi,
  { kind, name, on, entries }: NewChannel,
  clock: Clock,
): Promise<CommandAnswer> {
  const own = enteredFields(formOf(kind), entries)
  const channel = await api.create({ kind, name, ...(on && { on: on.split(',') }), ...own })
  const { test = null, text, failure } = await tested(api, channel, clock)
  const made = `The ${channelTitle(channel)} is made. Checks tell it that name it in their channels.`
  return {
    text: text === undefined ? made : `${made}\n${text}`,
    json: { channel: { id: channel.id, name, kind, on: channel.on }, test },
    ...(failure !== undefined && { failure }),
  }
}

type Tested = Pick<CommandAnswer, 'failure'> & {
  readonly text?: string
  readonly test?: ShownChannel['last_delivery']
}

/** The channel is made by then, which a test that can't be sent must not hide. */
async function tested(
  api: ChannelsApi,
  { id, verified }: ShownChannel,
  clock: Clock,
): Promise<Tested> {
  if (verified === false)
    return {
      text: `A link was mailed there. Alerts get through once it is followed; then try overdue channel test ${id}.`,
    }
  try {
    const test = await outcomeOfTest(api, { id, before: null }, clock)
    return { ...outcomeInWords(test), ...(test && { test }) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { failure: `the channel is made, but what came of its test is not known: ${reason}` }
  }
}
