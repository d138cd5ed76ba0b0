import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../../lambdas/runtime/clock.ts'
import type { CommandAnswer } from '../command-answer.ts'
import type { ChannelsApi, LastDelivery } from './api.ts'
import { channelNamed, channelTitle } from './named-channel.ts'

type Wanted = {
  /** By its id or its name. */
  readonly channel: string
  /** What the test looks like; as the API decides when left out. */
  readonly status?: string
}

/** Sends a channel a test, and says what came of it. */
export async function tryChannel(
  api: ChannelsApi,
  wanted: Wanted,
  clock: Clock,
): Promise<CommandAnswer> {
  const channel = await channelNamed(api, wanted.channel)
  const { last_delivery: before } = await api.read(channel.id)
  const outcome = await outcomeOfTest(api, { ...wanted, id: channel.id, before }, clock)
  const said = outcomeInWords(outcome)
  return {
    text: `Tested the ${channelTitle(channel)}.`,
    ...said,
    json: { channel, test: outcome ?? null },
  }
}

export type Test = Pick<Wanted, 'status'> & {
  readonly id: string
  /** What came of the delivery before. */
  readonly before: LastDelivery | null
}

const POLL_MS = 500
/** A cold start, a queue and the time-out of a call are well within it. */
const MOST_POLLS = 120

/** Sends a test, and waits for what comes of it; undefined when nothing does in time. */
export async function outcomeOfTest(
  api: Pick<ChannelsApi, 'test' | 'read'>,
  { id, status, before }: Test,
  clock: Clock,
): Promise<LastDelivery | undefined> {
  await api.test(id, status)
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    await clock.waitUntil(clock.now() + POLL_MS)
    const { last_delivery: outcome } = await api.read(id)
    if (outcome !== null && !isDeepStrictEqual(outcome, before)) return outcome
  }
  return undefined
}

/** What came of a test, for people. */
export function outcomeInWords(
  outcome: LastDelivery | undefined,
): Pick<CommandAnswer, 'failure'> & { readonly text?: string } {
  if (outcome === undefined)
    return {
      failure: `nothing has come of the test in ${(MOST_POLLS * POLL_MS) / 1000} seconds; overdue channel show tells later`,
    }
  const { status, error, at } = outcome
  const said = error === null ? '' : `: ${error}`
  switch (status) {
    case 'sent':
      return { text: `The test was taken at ${at}${said}` }
    case 'waiting':
      return { failure: `the test was not taken${said}; it is tried again, for a day` }
    case 'failed':
      return { failure: `the test was not taken${said}` }
  }
}
