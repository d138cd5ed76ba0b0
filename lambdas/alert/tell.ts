import type { Delivery, FlipMessage } from '../domain/telling/alert.ts'
import type { Flip } from '../domain/watching/flip.ts'
import { log } from '../runtime/log.ts'
import { type DeliveriesDeps, deliveriesOf, type Told } from './deliveries.ts'
import { gather, type GatherDeps } from './gather.ts'
import type { KnownCheck } from './known-check.ts'

export type TellDeps = DeliveriesDeps & GatherDeps

/** How many channels were told, by how many digests, and which of them can't be read. */
export type AmountTold = {
  readonly channels: number
  readonly gathered: number
  readonly broken: readonly string[]
}

/** Sends what is told on its way, to each channel that takes it. */
export async function tell(
  deps: TellDeps,
  message: FlipMessage,
  known: KnownCheck & Told,
): Promise<AmountTold> {
  const { deliveries, broken } = await deliveriesOf(deps, message, known)
  return { ...(await sendOrGather(deps, known.project.id, deliveries)), broken }
}

/** Sends deliveries of a project, but for those that wait for digests. */
export async function sendOrGather(
  deps: GatherDeps,
  projectId: string,
  deliveries: readonly Delivery[],
): Promise<AmountTold> {
  const single = await gather(deps, projectId, deliveries)
  await deps.outbox.send(single)
  const gathered = deliveries.length - single.length
  return { channels: deliveries.length, gathered, broken: [] }
}

/** The flip is kept until its channels can be read. @throws when some can't. */
export function failIfBroken(broken: readonly string[]): void {
  if (broken.length > 0) throw new Error(`channels ${broken.join(', ')} can't be read`)
}

/** What became of a flip; nothing when its check has been deleted. */
export function logTold(flip: Flip, told: AmountTold | undefined): void {
  log(told === undefined ? 'alert-dropped' : 'alert', {
    check: flip.checkId,
    status: flip.status,
    reason: flip.reason,
    at: flip.at,
    channels: told?.channels,
    gathered: told?.gathered,
  })
}
