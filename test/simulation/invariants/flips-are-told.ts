import type { Delivery } from '../../../lambdas/domain/alert.ts'
import { changesOf, itemsOf } from '../oracle/history.ts'
import type { SentMail } from '../platform/mail.ts'
import type { Invariant, Run } from '../invariant.ts'

/** A flip that people are to be told of, taken from the images of the heartbeat. */
type Told = {
  readonly check: string
  readonly status: 'down' | 'up'
  readonly count: number
  readonly at: number
  readonly happenedAt: number
}

/**
 * 5. Every flip that alerts reaches every channel that its check had all the time, also if it takes an operator who sends the dead letters again, or is shown as failed; once, unless the mail was
 * taken and the sender did not come to write that down. Nobody is told of a flip that never was, or by a channel that the check never had.
 */
export const flipsAreTold: Invariant = {
  name: '5 flips are told',
  find(run) {
    const flips = flipsOf(run)
    // Without those that came of handing everything over again.
    const sent = run.deployment.mail.sent.slice(0, run.settled?.mailsBefore)
    const mails = Map.groupBy(sent.flatMap(deliveriesIn), ({ key }) => key)
    const channels = new Channels(run)
    const failed = new Set(itemsOf(run, 'Journal').flatMap(givenUp))
    const wanted = flips.flatMap((flip) => channels.steadySince(flip).map((channel) => `${keyOfFlip(flip)} ${channel}`))
    const possible = new Set(
      [...flips, ...lateRecoveries(run)].flatMap((flip) => channels.ever(flip.check).map((channel) => `${keyOfFlip(flip)} ${channel}`)),
    )
    return [
      ...wanted.filter((key) => !mails.has(key) && !failed.has(key)).map((key) => `flip ${key} is not told`),
      ...[...mails.keys()].filter((key) => !possible.has(key)).map((key) => `a mail tells of flip ${key}, which never was`),
      ...[...mails].flatMap(([key, sent]) => unexcused(run, key, sent)),
    ]
  },
}

function flipsOf(run: Run): readonly Told[] {
  return changesOf(run).flatMap(({ id: check, at: happenedAt, before, after }): readonly Told[] => {
    if (before === undefined || after === undefined) return []
    if (after.s === 'down' && before.s !== 'down') return [{ check, status: 'down', count: after.W ?? 0, at: after.w ?? 0, happenedAt }]
    if (after.s !== 'up' || before.s !== 'down') return []
    return [{ check, status: 'up', count: after.U ?? 0, at: Math.max(after.u ?? 0, before.w ?? 0), happenedAt }]
  })
}

/**
 * A check that was paused and resumed while it was down, and is up by the time at which its outage is told: people are told of that, too,
 * because what they heard last is that it is down (decision 3).
 */
function lateRecoveries(run: Run): readonly Told[] {
  return changesOf(run).flatMap(({ id: check, at: happenedAt, before, after }) => {
    if (after?.s !== 'up' || after.a?.endsWith('#down') !== true || after.a === before?.a) return []
    return [{ check, status: 'up', count: after.U ?? 0, at: Math.max(after.u ?? 0, Number(after.a.split('#')[0])), happenedAt }]
  })
}

/** What the log of a check shows as failed, as what was overtaken by a later change that was told first. */
function givenUp({ check, entry, state }: Readonly<Record<string, unknown>>): readonly string[] {
  const [kind, at, count, status, channel] = String(entry).split('#')
  return kind === 'delivery' && state === 'failed' ? [`${String(check)} ${status} ${Number(count)} ${Number(at)} ${channel}`] : []
}

type Sent = { readonly key: string; readonly mail: SentMail }

function deliveriesIn(mail: SentMail): readonly Sent[] {
  return mail.notices.flatMap((notice) => ('alert' in notice ? [{ key: keyOf(notice), mail }] : []))
}

function keyOf({ alert: { flip }, channel }: Delivery): string {
  return `${flip.checkId} ${flip.status} ${flip.count} ${flip.at} ${channel.id}`
}

function keyOfFlip({ check, status, count, at }: Told): string {
  return `${check} ${status} ${count} ${at}`
}

/** Mails beyond the first, unless the sender of the one before came to an end before it could mark what it had sent. */
function unexcused({ world }: Run, key: string, sent: readonly Sent[]): readonly string[] {
  return sent.slice(1).flatMap((_, index) => {
    const earlier = sent[index]?.mail.by
    const hasMarked = earlier?.calls.some((call) => isMark(call) && call.effects > 0 && call.outcome === 'answered') ?? false
    const wasHeard = earlier?.calls.some(({ service, outcome }) => service === 'ses' && outcome === 'answered') ?? false
    const isExcused =
      !hasMarked && (!wasHeard || earlier?.state !== 'ended' || earlier.calls.some((call) => isMark(call) && call.outcome === 'failed'))
    return isExcused ? [] : [`flip ${key} is told again at ${world.now}`]
  })
}

function isMark({ input }: { readonly input: object }): boolean {
  const { ExpressionAttributeValues: values } = input as {
    readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>
  }
  return values?.[':state']?.S === 'sent'
}

/** Which channels checks had and when, from the writes to the registry. */
class Channels {
  readonly #changes: ReadonlyMap<string, readonly { readonly at: number; readonly channels: readonly string[] }[]>

  constructor(run: Run) {
    const writes = run.world.writesTo('Registry').flatMap(({ at, record: { dynamodb } }) => {
      if (dynamodb?.Keys?.['sk']?.S?.startsWith('check#') !== true) return []
      const id = (dynamodb.NewImage ?? dynamodb.OldImage)?.['id']?.S ?? ''
      return [{ at, id, channels: (dynamodb.NewImage?.['channelIds']?.L ?? []).map(({ S = '' }) => S) }]
    })
    this.#changes = Map.groupBy(writes, ({ id }) => id)
  }

  ever(check: string): readonly string[] {
    return [...new Set((this.#changes.get(check) ?? []).flatMap(({ channels }) => channels))]
  }

  /** The channels that a check had from a flip to the end. */
  steadySince({ check, happenedAt }: Told): readonly string[] {
    const changes = this.#changes.get(check) ?? []
    const before = changes.findLastIndex(({ at }) => at <= happenedAt)
    const since = changes.slice(Math.max(0, before))
    const [first, ...others] = since
    return (first?.channels ?? []).filter((channel) => others.every(({ channels }) => channels.includes(channel)))
  }
}
