import type { Delivery } from '../domain/telling/alert.ts'
import { isGathered } from '../channels/kinds.ts'
import {
  digestEntryOf,
  type DigestInterval,
  type DigestRequest,
  digestWaitMs,
} from '../domain/telling/digest.ts'
import type { NumberedFlip } from '../domain/telling/telling.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Bursts } from '../store/telling/bursts.ts'
import type { Digests } from '../store/telling/digests.ts'
import type { Outbox } from '../store/telling/outbox.ts'
import type { Paces } from '../store/telling/paces.ts'
import { longestDelaySeconds } from '../runtime/queue.ts'

export type GatherDeps = {
  readonly paces: Pick<Paces, 'holds' | 'areHeld'>
  readonly bursts: Pick<Bursts, 'admits'>
  readonly digests: Pick<Digests, 'add' | 'dueAt' | 'markDue'>
  readonly outbox: Pick<Outbox, 'send'>
  readonly clock: Pick<Clock, 'now'>
  /** How many alerts of a project go out singly in a minute. */
  readonly burst: number
}

/**
 * A digest that is due sooner than this may be under way already: the clocks of functions differ,
 * and calls take time.
 */
const COVERED_MS = 5000

/**
 * Decides which deliveries wait for a digest: beyond `burst` alerts a minute in a project, for the
 * minute's; for a check that flaps, for the hour's. Answers with the others. Deliveries to programs
 * never wait.
 */
export async function gather(
  deps: GatherDeps,
  projectId: string,
  deliveries: readonly Delivery[],
): Promise<readonly Delivery[]> {
  const forPeople = deliveries.filter(({ channel }) => isGathered(channel))
  const [first] = forPeople
  if (first === undefined) return deliveries
  const { every, gathered } = await whatToGather(deps, {
    projectId,
    told: first.alert,
    forPeople,
  })
  await Promise.all(gathered.map((each) => addToDigest(deps, { projectId, every }, each)))
  const ids = new Set(gathered.map(({ channel }) => channel.id))
  return deliveries.filter(({ channel }) => !ids.has(channel.id))
}

/**
 * Which deliveries wait, and for which digest. A check that flaps takes no place in the burst of
 * its project.
 */
async function whatToGather(
  deps: GatherDeps,
  {
    projectId,
    told,
    forPeople,
  }: {
    readonly projectId: string
    readonly told: NumberedFlip
    readonly forPeople: readonly Delivery[]
  },
): Promise<{ readonly every: DigestInterval; readonly gathered: readonly Delivery[] }> {
  const now = deps.clock.now()
  if (await waitsForHour(deps, told, now)) return { every: 'hour', gathered: forPeople }
  const isAdmitted = await deps.bursts.admits(projectId, told, { now, most: deps.burst })
  return {
    every: 'minute',
    gathered: isAdmitted ? await recoveriesThatMustWait(deps, forPeople) : forPeople,
  }
}

/** Whether the check flaps. That it is still down is no change, and does not count as one. */
async function waitsForHour(
  { paces }: Pick<GatherDeps, 'paces'>,
  { flip, telling = 0 }: NumberedFlip,
  now: number,
): Promise<boolean> {
  return telling === 0 ? paces.holds(flip, now) : paces.areHeld(flip.checkId, now)
}

/** Recoveries that might arrive before the outages that they end, which may wait for a digest. */
async function recoveriesThatMustWait(
  { digests, clock }: GatherDeps,
  deliveries: readonly Delivery[],
): Promise<readonly Delivery[]> {
  const recoveries = deliveries.filter(({ alert: { flip } }) => flip.status === 'up')
  const dueAt = await Promise.all(
    recoveries.map(({ channel }) => digests.dueAt(channel.id, 'minute')),
  )
  return recoveries.filter((_, index) => (dueAt[index] ?? 0) > clock.now())
}

/**
 * Lets a delivery wait for the digest of its channel. The digest is requested first, so that
 * nothing waits in vain after a crash in between. It is requested once more when it may have been
 * added too late.
 */
async function addToDigest(
  deps: GatherDeps,
  { projectId, every }: { readonly projectId: string; readonly every: DigestInterval },
  { alert, channel }: Delivery,
): Promise<void> {
  const { digests, clock } = deps
  const request = {
    digest: true,
    channel,
    projectId,
    projectName: alert.projectName,
    every,
  } as const
  const isAhead = (dueAt: number) => dueAt > clock.now() + COVERED_MS
  const known = await digests.dueAt(channel.id, every)
  const dueAt = known !== undefined && isAhead(known) ? known : await requestDigest(deps, request)
  await digests.add(channel.id, digestEntryOf(alert, clock.now(), every))
  if (!isAhead(dueAt)) await requestDigest(deps, request)
}

/**
 * Answers with when the digest is due. The request says so itself where the queue can't delay it
 * that long. The mark comes after the request: at worst there are several requests, and the first
 * finds everything.
 */
async function requestDigest(
  { digests, outbox, clock }: GatherDeps,
  request: DigestRequest & { readonly every: DigestInterval },
): Promise<number> {
  const { channel, every } = request
  const waitSeconds = digestWaitMs[every] / 1000
  const dueAt = clock.now() + digestWaitMs[every]
  if (waitSeconds <= longestDelaySeconds) await outbox.send([request], waitSeconds)
  else await outbox.send([{ ...request, dueAt }], longestDelaySeconds)
  await digests.markDue(channel.id, every, dueAt)
  return dueAt
}
