import { type Senders, senderOf } from '../channels/kinds.ts'
import type { Outcome, Postponed } from '../channels/outcome.ts'
import type { Sender } from '../channels/sender.ts'
import type { ChannelBase } from '../domain/telling/channel.ts'
import { type DigestEntry, digestLimit, type DigestRequest } from '../domain/telling/digest.ts'
import { overtakingError, supersededError } from '../domain/telling/later-change.ts'
import { postponedDelaySeconds, waitSecondsUntil } from '../domain/telling/retry.ts'
import { inGroups } from '../runtime/groups.ts'
import { log, warn } from '../runtime/log.ts'
import type { Deliveries } from '../store/telling/deliveries.ts'
import type { ClaimTerms } from '../store/telling/delivery-expressions.ts'
import type { DigestDeliveries } from '../store/telling/digest-deliveries.ts'
import type { Digests } from '../store/telling/digests.ts'
import type { Outbox } from '../store/telling/outbox.ts'
import { longestDelaySeconds } from '../runtime/queue.ts'
import { attemptAdmitted, type AttemptDeps, turnedAway } from './attempt.ts'
import { reasonOf } from './reason.ts'

export type DigestDeps = AttemptDeps & {
  readonly digests: Pick<Digests, 'takeTurn' | 'endTurn' | 'waiting'>
  readonly digestDeliveries: Pick<DigestDeliveries, 'claim' | 'settle' | 'release' | 'forget'>
  readonly senders: Senders
  readonly deliveries: Pick<Deliveries, 'noteOutcome' | 'laterThan'>
  readonly outbox: Pick<Outbox, 'send'>
}

/** When to come back where another sends a digest to the channel: most are sent by then. */
const NEXT_SECONDS = 5

/** A digest that seems due within this is due: the clocks of functions differ. */
const EARLY_SECONDS = 5

/** `receiveCount`: how often the queue has handed it out, this time included. */
export type DigestTerms = ClaimTerms & { readonly receiveCount: number }

const CONCURRENT_READS = 25

/**
 * Sends what waits for the digest of a channel. Each flip in it is claimed and settled as a
 * delivery of its own. Answers with the seconds until there may be more to do; undefined when there
 * is nothing. A new message asks for what did not fit or is not due yet, because this one comes
 * back only so often, which is for failures.
 * @throws when the digest could not be sent, or some of what waits can't be read: those flips go on
 * waiting, for the next attempt.
 */
export async function deliverDigest(
  deps: DigestDeps,
  request: DigestRequest,
  { receiveCount, ...terms }: DigestTerms,
): Promise<number | undefined> {
  const { id } = request.channel
  const waitSeconds = waitSecondsUntil(request.dueAt ?? 0, terms.now)
  if (waitSeconds > EARLY_SECONDS) {
    await deps.outbox.send([request], Math.min(waitSeconds, longestDelaySeconds))
    return undefined
  }
  const turn = await deps.digests.takeTurn(id, terms)
  // A request that comes again may be of a sender that is gone: coming back before its lease ends
  // would spend one of the few attempts.
  if (turn !== 'taken')
    return receiveCount > 1 ? waitSecondsUntil(turn.leasedUntil, terms.now) : NEXT_SECONDS
  const { isFull, hasLeased, isOvertaken, broken, postponed } = await sendDigest(
    deps,
    request,
    terms,
  )
  if (postponed !== undefined) return postponedDelaySeconds(receiveCount, postponed.seconds)
  if (hasLeased) return waitSecondsUntil(terms.leaseUntil, terms.now)
  if (isOvertaken) await deps.outbox.send([request], NEXT_SECONDS)
  else if (isFull) await deps.outbox.send([request])
  if (broken > 0)
    throw new Error(`${broken} flips that wait for the digest of channel ${id} can't be read`)
  return undefined
}

/**
 * Sends one digest. Answers with whether more may wait than fits (`isFull`), whether another sends
 * some of its flips (`hasLeased`) or later changes (`isOvertaken`), how many can't be read, and
 * whether the channel has postponed it. A channel that may not be called yet costs no look at what
 * waits for it: many requests may ask for its digest.
 * @throws Deferred when it may not be called yet.
 */
async function sendDigest(
  deps: DigestDeps,
  request: DigestRequest,
  terms: ClaimTerms,
): Promise<{
  readonly isFull: boolean
  readonly hasLeased: boolean
  readonly isOvertaken: boolean
  readonly broken: number
  readonly postponed: Postponed | undefined
}> {
  const { id } = request.channel
  try {
    const sender = digestSenderOf(deps, request)
    const outcome = await turnedAway(deps, request.channel, { ...sender, isTest: false })
    const { entries, broken, isFull } = await deps.digests.waiting(id, request.every ?? 'minute', {
      limit: digestLimit,
      now: terms.now,
    })
    const { claimed, settled, leased } = await deps.digestDeliveries.claim(id, entries, terms)
    await deps.digestDeliveries.forget(id, settled)
    const { current, isOvertaken } = await withoutOutdated(deps, { request, terms }, claimed)
    const turn = { request, claimant: terms.claimant, sender, outcome }
    const postponed = current.length === 0 ? undefined : await sendEntries(deps, turn, current)
    return { isFull, hasLeased: leased.length > 0, isOvertaken, broken: broken.length, postponed }
  } finally {
    await deps.digests.endTurn(id, terms.claimant)
  }
}

/**
 * Gives up flips whose channel has taken a later change of the same check, and gives back those
 * whose later change is being sent. All flips of a digest can be overtaken: a recovery goes singly
 * once the digest of its outage is due, however long that mail cannot be sent.
 */
async function withoutOutdated(
  { digestDeliveries, deliveries, clock }: DigestDeps,
  { request, terms }: { readonly request: DigestRequest; readonly terms: ClaimTerms },
  entries: readonly DigestEntry[],
): Promise<{ readonly current: readonly DigestEntry[]; readonly isOvertaken: boolean }> {
  const { id, kind } = request.channel
  const later = await inGroups(entries, CONCURRENT_READS, (entry) =>
    deliveries.laterThan(entry, id, terms),
  )
  const superseded = entries.filter((_, index) => later[index] === 'sent')
  if (superseded.length > 0) {
    const now = clock.now()
    await digestDeliveries.settle(id, superseded, { state: 'failed', error: supersededError, now })
    log('delivery-superseded', { digest: true, channel: id, kind, flips: superseded.length })
  }
  const overtaken = entries.filter((_, index) => typeof later[index] === 'object')
  const failure = { claimant: terms.claimant, at: clock.now(), error: overtakingError }
  if (overtaken.length > 0) await digestDeliveries.release(id, overtaken, failure)
  const current = entries.filter((_, index) => later[index] === undefined)
  return { current, isOvertaken: overtaken.length > 0 }
}

type Turn = {
  readonly request: DigestRequest
  readonly claimant: string
  readonly sender: DigestSender
  /** Where the channel need not be called. */
  readonly outcome: Outcome | undefined
}

type DigestSender = Pick<Sender<ChannelBase>, 'callsHosts'> &
  Pick<Required<Sender<ChannelBase>>, 'sendDigest'>

function digestSenderOf(
  { senders }: Pick<DigestDeps, 'senders'>,
  { channel }: DigestRequest,
): DigestSender {
  const sender = senderOf(senders, channel)
  const sendDigest = sender?.sendDigest?.bind(sender)
  if (sendDigest === undefined) throw new Error(`channels of kind ${channel.kind} get no digests`)
  return { ...(sender?.callsHosts && { callsHosts: true }), sendDigest }
}

async function sendEntries(
  deps: DigestDeps,
  turn: Turn,
  entries: readonly DigestEntry[],
): Promise<Postponed | undefined> {
  const { digestDeliveries, deliveries, clock } = deps
  const { id, kind } = turn.request.channel
  const startedAt = clock.now()
  const outcome = turn.outcome ?? (await attempt(deps, turn, entries))
  const now = clock.now()
  const facts = { digest: true, channel: id, kind, flips: entries.length }
  switch (outcome.kind) {
    case 'sent':
      await digestDeliveries.settle(id, entries, { state: 'sent', now })
      await deliveries.noteOutcome(
        id,
        { state: 'sent', at: now, error: outcome.remark ?? '' },
        { startedAt },
      )
      log('delivered', facts)
      return undefined
    case 'refused':
      await digestDeliveries.settle(id, entries, { state: 'failed', error: outcome.reason, now })
      await deliveries.noteOutcome(id, { state: 'failed', at: now, error: outcome.reason })
      warn('delivery-refused', facts)
      return undefined
    case 'postponed':
      warn('delivery-attempt-failed', { ...facts, error: outcome.kind })
      return outcome
  }
}

async function attempt(
  deps: DigestDeps,
  turn: Turn,
  entries: readonly DigestEntry[],
): Promise<Outcome | Postponed> {
  const { request, sender } = turn
  try {
    const outcome = await attemptAdmitted(deps, request.channel, {
      send: (now) => sender.sendDigest(request, entries, now),
    })
    if (outcome.kind === 'postponed') await giveBack(deps, turn, { entries, error: outcome.reason })
    return outcome
  } catch (problem) {
    await giveBack(deps, turn, { entries, error: reasonOf(problem) })
    throw problem
  }
}

/** Gives flips back for the next attempt. */
async function giveBack(
  { digestDeliveries, deliveries, clock }: DigestDeps,
  { request: { channel }, claimant }: Turn,
  { entries, error }: { readonly entries: readonly DigestEntry[]; readonly error: string },
): Promise<void> {
  const at = clock.now()
  await digestDeliveries.release(channel.id, entries, { claimant, at, error })
  await deliveries.noteOutcome(channel.id, { state: 'waiting', at, error })
}
