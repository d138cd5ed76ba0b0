import type { Alert, Delivery } from '../domain/alert.ts'
import type { EmailChannel } from '../domain/channel.ts'
import { digestEntryOf, type DigestRequest, digestWaitMs } from '../domain/digest.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Bursts } from '../store/bursts.ts'
import type { Digests } from '../store/digests.ts'
import type { Queue } from '../store/queue.ts'

export type GatherDeps = {
  readonly bursts: Pick<Bursts, 'admits'>
  readonly digests: Pick<Digests, 'add' | 'dueAt' | 'markDue'>
  readonly deliveries: Pick<Queue, 'send'>
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
  if (await deps.bursts.admits(projectId, first.alert.flip, { now: deps.clock.now(), most: deps.burst })) return deliveries
  await Promise.all(mails.map(({ alert, channel }) => gather(deps, alert, channel)))
  return deliveries.filter(({ channel }) => channel.kind !== 'email')
}

/**
 * Lets a flip wait for the digest of a channel. A digest takes what it finds when it is due, so the flip is written before the look at
 * when that is: one that is still ahead will find it. The mark comes after the request: at worst, several are asked for, and the first
 * finds everything.
 */
async function gather({ digests, deliveries, clock }: GatherDeps, alert: Alert, channel: EmailChannel): Promise<void> {
  await digests.add(channel.id, digestEntryOf(alert, clock.now()))
  const dueAt = await digests.dueAt(channel.id)
  const now = clock.now()
  if (dueAt !== undefined && dueAt > now + COVERED_MS) return
  const request: DigestRequest = { digest: true, channel, projectName: alert.projectName }
  await deliveries.send([request], digestWaitMs / 1000)
  await digests.markDue(channel.id, now + digestWaitMs)
}
