import type { AttributeValue, TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb'
import { CheckChannels } from '../oracle/channels.ts'
import {
  deliveryIn,
  plainFlipsOf,
  type GivenUp,
  givenUpOf,
  plainTellingsOf,
  type ToldFlip,
} from '../oracle/flips.ts'
import { plainChangesOf, ruledChecks } from '../oracle/history.ts'
import { type Sent, toldKey } from '../platform/sent.ts'
import type { CallNote } from '../process.ts'
import type { Invariant, Run } from '../invariant.ts'

/** How far behind a look at a check's channels may be. */
const STALE_MS = 1500

/**
 * 5. Every flip that alerts reaches every channel that its check had all the time, by itself or in
 * a digest, also if it takes an operator who sends the dead letters again; or it is shown as given
 * up, because its channel has heard of a later one; once, unless it was taken and the sender did
 * not come to write that down. Nobody is told of a flip that never was, or by a channel that the
 * check no longer had.
 */
export const flipsAreTold: Invariant = {
  name: '5 flips are told',
  find(run) {
    const flips = plainFlipsOf(run)
    const tellings = plainTellingsOf(run)
    const channels = new CheckChannels(run)
    const ruled = ruledChecks(run)
    const givenUp = givenUpOf(run).filter(({ key }) => !ruled.has(partsOf(key).checkId ?? ''))
    const failed = new Set(givenUp.map(({ key }) => key))
    const wanted = flips.flatMap((flip) =>
      channels.steadySince(flip.checkId, flip.happenedAt).map((channel) => toldKey(flip, channel)),
    )
    const possible = new Set(
      [...flips, ...lateRecoveries(run)].flatMap((flip) =>
        channels
          .anySince(flip.checkId, flip.happenedAt - STALE_MS)
          .map((channel) => toldKey(flip, channel)),
      ),
    )
    return [
      ...wanted
        .filter((key) => !tellings.has(key) && !failed.has(key))
        .map((key) => `flip ${key} is not told`),
      ...givenUp
        .filter((each) => !isOvertaken(run, tellings, each))
        .map(({ key }) => `flip ${key} is given up without a reason`),
      ...[...tellings.keys()]
        .filter((key) => !possible.has(key))
        .map((key) => `somebody is told of flip ${key}, which never was`),
      ...[...tellings].flatMap(([key, sent]) => unexcused(key, sent)),
    ]
  },
}

/**
 * A check that was paused and resumed while it was down, and is up by the time at which its outage
 * is told: people are told of that, too, because what they heard last is that it is down (decision
 * 3).
 */
function lateRecoveries(run: Run): readonly ToldFlip[] {
  return plainChangesOf(run).flatMap(({ id: checkId, at: happenedAt, before, after }) => {
    if (after?.s !== 'up' || after.a?.endsWith('#down') !== true || after.a === before?.a) return []
    return [
      {
        checkId,
        status: 'up',
        count: after.U ?? 0,
        at: Math.max(after.u ?? 0, Number(after.a.split('#')[0])),
        happenedAt,
      },
    ]
  })
}

/**
 * Whether the channel of a delivery that was given up had heard of a later flip of the check by
 * then.
 */
function isOvertaken(
  { world }: Run,
  tellings: ReadonlyMap<string, readonly Sent[]>,
  { key, at, isSuperseded }: GivenUp,
): boolean {
  const own = partsOf(key)
  return (
    isSuperseded &&
    [...tellings].some(([other, sent]) => {
      const { checkId, channelId, flipAt, count, status } = partsOf(other)
      if (checkId !== own.checkId || channelId !== own.channelId || other === key) return false
      const isLater =
        flipAt > own.flipAt ||
        (flipAt === own.flipAt &&
          (count > own.count || (count === own.count && status > own.status)))
      return isLater && sent.some((each) => each.at <= at + world.faults.maxSkewMs)
    })
  )
}

function partsOf(key: string) {
  const [checkId, status = '', count, flipAt, channelId] = key.split(' ')
  return { checkId, status, count: Number(count), flipAt: Number(flipAt), channelId }
}

/**
 * Tellings beyond the first, unless the sender of the one before came to an end before it could
 * mark what it had sent.
 */
function unexcused(key: string, sent: readonly Sent[]): readonly string[] {
  return sent.slice(1).flatMap(({ at, by: later }, index) => {
    const earlier = sent[index]?.by
    const marks = (earlier?.calls ?? []).filter((call) => isMark(call, key))
    const wasKnown = marks.some(
      ({ effectAt }) => effectAt !== undefined && effectAt <= (later.calls[0]?.at ?? 0),
    )
    const wasMarked = marks.some(({ outcome, effects }) => outcome === 'answered' && effects > 0)
    const wasHeard = earlier?.calls.some(
      ({ service, outcome }) =>
        (service === 'ses' || service === 'internet') && outcome === 'answered',
    )
    const cameToMark =
      wasHeard === true &&
      earlier?.state === 'ended' &&
      !marks.some(({ outcome }) => outcome === 'failed')
    return wasKnown || wasMarked || cameToMark ? [`flip ${key} is told again at ${at}`] : []
  })
}

type Update = {
  readonly Key?: Record<string, AttributeValue> | undefined
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined
}

/** Whether a call writes down that a delivery was sent. */
function isMark({ operation, input }: CallNote, key: string): boolean {
  if (operation !== 'UpdateItem' && operation !== 'TransactWriteItems') return false
  const { TransactItems } = input as Partial<TransactWriteItemsCommandInput>
  const updates: readonly Update[] = TransactItems?.flatMap(
    ({ Update: update }) => update ?? [],
  ) ?? [input]
  return updates.some(
    ({ Key, ExpressionAttributeValues: values }) =>
      values?.[':state']?.S === 'sent' &&
      deliveryIn(Key?.['check']?.S ?? '', Key?.['entry']?.S ?? '') === key,
  )
}
