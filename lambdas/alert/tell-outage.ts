import type { FlipMessage } from '../domain/telling/alert.ts'
import type { Outage } from '../domain/telling/outage.ts'
import type { TellingPlan } from '../domain/telling/outlook.ts'
import { tellingPlanOf } from '../domain/telling/plan.ts'
import { isCurrentFlip, isOutageAcknowledged } from '../domain/watching/flip.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { log } from '../runtime/log.ts'
import type { KeptOutage, Outages } from '../store/telling/outages.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { type HeldCheck, type HeldCheckDeps, heldCheckOf } from './held-check.ts'
import type { KnownCheck } from './known-check.ts'
import { failIfBroken, logTold, type TellDeps } from './tell.ts'
import { tellPlan } from './tell-plan.ts'

export type TellOutageDeps = TellDeps &
  HeldCheckDeps & {
    readonly outages: Pick<Outages, 'read' | 'keep'>
    readonly heartbeats: Pick<Heartbeats, 'readMany' | 'acknowledge' | 'scheduleLook'>
  }

/** A race is lost to another look, or to somebody who changes what holds the check. */
const MOST_TRIES = 5

/**
 * Tells what is to be told now of a flip of a check that may be held, or told of later. Who hears
 * of an outage is kept first, so that they hear of its end whatever happens; then messages go, then
 * that is kept, then the heartbeat changes. After a crash the same is told again, and claims keep
 * it from being delivered twice.
 * @throws when others write all the time.
 */
export async function tellOutage(
  deps: TellOutageDeps,
  message: FlipMessage,
  known: KnownCheck,
): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if ((await tellOnce(deps, message, known)) === 'done') return
  }
  throw new Error(`the outage of check ${known.check.id} changed ${MOST_TRIES} times`)
}

async function tellOnce(
  deps: TellOutageDeps,
  message: FlipMessage,
  known: KnownCheck,
): Promise<'done' | 'raced'> {
  const { flip } = message
  const current = await heldCheckOf(deps, known.check)
  if (current === undefined) return 'done'
  const beganAt = flip.status === 'down' ? flip.at : (flip.downSinceAt ?? flip.at)
  const kept = await deps.outages.read(flip.checkId, beganAt)
  const plan = planIn(deps, message, { known, kept, current })
  const promised = await keep(deps, message, kept, promiseOf(plan, message, kept.outage))
  if (promised === 'raced') return 'raced'
  const told = await tellPlan(deps, message, { known, before: kept.outage, ...plan })
  const outage = plan.outage && withUnread(plan.outage, told.unread)
  if ((await keep(deps, message, promised, outage)) === 'raced') return 'raced'
  const { heartbeat } = current
  const isAcknowledged = told.broken.length === 0
  const settled = await settle(deps, message, { heartbeat, plan, isAcknowledged })
  if (settled === 'changed') return 'raced'
  failIfBroken(told.broken)
  if (plan.tellings.length > 0) logTold(flip, told)
  return 'done'
}

function planIn(
  { clock }: TellOutageDeps,
  { flip }: FlipMessage,
  {
    known: { check },
    kept: { outage },
    current: { heartbeat, hold },
  }: {
    readonly known: KnownCheck
    readonly kept: KeptOutage
    readonly current: HeldCheck
  },
): TellingPlan {
  return tellingPlanOf({
    flip,
    isCurrent: isCurrentFlip(flip, heartbeat),
    outage,
    channelIds: check.channelIds,
    rules: check.rules ?? {},
    hold,
    now: clock.now(),
    wasAcknowledged: isOutageAcknowledged(flip, heartbeat),
  })
}

/** The outage with whom is about to hear of it; undefined for nobody. */
function promiseOf(
  { tellings, outage }: TellingPlan,
  { flip }: FlipMessage,
  before: Outage | undefined,
): Outage | undefined {
  const due = tellings.find(({ number }) => number === 0)
  if (flip.status !== 'down' || due === undefined || outage === undefined) return undefined
  // A repeat that is due as well counts once it is told.
  const counted = before?.toldAt === undefined ? outage : before
  const { toldAgainAt: _, ...rest } = outage
  return {
    ...rest,
    tellings: counted.tellings,
    ...(counted.toldAgainAt === undefined ? {} : { toldAgainAt: counted.toldAgainAt }),
    unread: due.channelIds,
  }
}

function withUnread(outage: Outage, unread: readonly string[]): Outage {
  return unread.length === 0 ? outage : { ...outage, unread }
}

async function keep(
  { outages, clock }: TellOutageDeps,
  { flip }: FlipMessage,
  before: KeptOutage,
  outage: Outage | undefined,
): Promise<KeptOutage | 'raced'> {
  if (outage === undefined) return before
  const kept = await outages.keep(flip.checkId, before, { outage, now: clock.now() })
  if (kept !== 'raced' && outage.held !== undefined && before.outage?.held === undefined)
    log('alert-held', { check: flip.checkId, at: flip.at, by: outage.held.reason.kind })
  return kept
}

/** A flip that something has overtaken is acknowledged as any other. */
async function settle(
  { heartbeats, clock }: TellOutageDeps,
  { flip }: FlipMessage,
  {
    heartbeat,
    plan: { lookAt },
    isAcknowledged,
  }: {
    readonly heartbeat: Heartbeat
    readonly plan: TellingPlan
    readonly isAcknowledged: boolean
  },
): Promise<'noted' | 'changed'> {
  if (isCurrentFlip(flip, heartbeat))
    return heartbeats.scheduleLook(flip, { before: heartbeat.lookAt, lookAt, isAcknowledged })
  if (isAcknowledged) await heartbeats.acknowledge(flip, clock.now())
  return 'noted'
}
