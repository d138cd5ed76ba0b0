import type { Alert, Delivery } from '../domain/alert.ts'
import type { EmailChannel } from '../domain/channel.ts'
import { digestEntryOf, type DigestRequest, digestWaitMs } from '../domain/digest.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Bursts } from '../store/bursts.ts'
import type { Digests } from '../store/digests.ts'
import type { Outbox } from '../store/outbox.ts'

export type GatherDeps = {
  readonly bursts: Pick<Bursts, 'admits'>
  readonly digests: Pick<Digests, 'add' | 'dueAt' | 'markDue'>
  readonly deliveries: Pick<Outbox, 'send'>
  readonly clock: Pick<Clock, 'now'>
  /** How many alerts of a project go out singly in a minute. */
  readonly burst: number
}

/** A digest that is due sooner than this may be under way already: clocks of functions differ, and calls take their time. */
const COVERED_MS = 5000

/** What of a flip is told singly. People get e-mail: beyond the burst, theirs is left to digests. Programs get each flip by itself. */
export async function singly(deps: GatherDeps, projectId: string, deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
  const mails = deliveries.flatMap(({ alert, channel }) => (channel.kind === 'email' ? [{ alert, channel }] : []))
  const [first] = mails
  if (first === undefined) return deliveries
  const isAdmitted = await deps.bursts.admits(projectId, first.alert.flip, { now: deps.clock.now(), most: deps.burst })
  const gathered = isAdmitted ? await overtaking(deps, mails) : mails
  await Promise.all(gathered.map((mail) => gather(deps, projectId, mail)))
  const ids = new Set(gathered.map(({ channel }) => channel.id))
  return deliveries.filter(({ channel }) => !ids.has(channel.id))
}

type MailDelivery = { readonly alert: Alert; readonly channel: EmailChannel }

/** Recoveries that would arrive before the outages that they end, which may be waiting for a digest. */
async function overtaking({ digests, clock }: GatherDeps, mails: readonly MailDelivery[]): Promise<readonly MailDelivery[]> {
  const recoveries = mails.filter(({ alert: { flip } }) => flip.status === 'up')
  const dueAt = await Promise.all(recoveries.map(({ channel }) => digests.dueAt(channel.id)))
  return recoveries.filter((_, index) => (dueAt[index] ?? 0) > clock.now())
}

/**
 * Lets a flip wait for the digest of a channel. That is asked for first, so that nothing waits in vain when this ends in between. A digest
 * takes what it finds when it is due: a flip that was long in being written may have come too late, and has another one asked for.
 */
async function gather(deps: GatherDeps, projectId: string, { alert, channel }: MailDelivery): Promise<void> {
  const { digests, clock } = deps
  const request: DigestRequest = { digest: true, channel, projectId, projectName: alert.projectName }
  const isAhead = (dueAt: number) => dueAt > clock.now() + COVERED_MS
  const known = await digests.dueAt(channel.id)
  const dueAt = known !== undefined && isAhead(known) ? known : await ask(deps, request)
  await digests.add(channel.id, digestEntryOf(alert, clock.now()))
  if (!isAhead(dueAt)) await ask(deps, request)
}

/** Answers with when the digest is due. The mark comes after the request: at worst, several are asked for, and the first finds everything. */
async function ask({ digests, deliveries, clock }: GatherDeps, request: DigestRequest): Promise<number> {
  const dueAt = clock.now() + digestWaitMs
  await deliveries.send([request], digestWaitMs / 1000)
  await digests.markDue(request.channel.id, dueAt)
  return dueAt
}
