import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import { notedAtOf, unacknowledgedFlip } from '../../lambdas/domain/watching/flip.ts'
import { nextResendAt } from '../../lambdas/domain/telling/resend.ts'
import { makeLook } from '../../lambdas/domain/watching/sweep.ts'
import type { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'

/** More than a sweep looks ahead: from here on runs may do something. */
const LEAD_MS = 180_000

/** Until when sweeps will find nothing to do, as the heartbeats are now; at most until `end`. */
export async function quietUntil(
  heartbeats: Pick<Heartbeats, 'scan'>,
  now: number,
  end: number,
): Promise<number> {
  const look = makeLook(now, end + LEAD_MS)
  let first = end + LEAD_MS
  for await (const page of heartbeats.scan(0, 1)) {
    for (const heartbeat of page.heartbeats)
      first = Math.min(
        first,
        look(heartbeat).deadline ?? first,
        resendAtOf(heartbeat, now) ?? first,
      )
  }
  return Math.min(first - LEAD_MS, end)
}

function resendAtOf(heartbeat: Heartbeat, now: number): number | undefined {
  const notedAt = unacknowledgedFlip(heartbeat) && notedAtOf(heartbeat)
  return notedAt === undefined ? undefined : nextResendAt(notedAt, now)
}
