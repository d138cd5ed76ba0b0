import type { Escalation } from '../watching/rules.ts'
import type { Outage } from './outage.ts'
import type { Outlook, TellingPlan } from './outlook.ts'
import { plannedTellings, joined, withoutUnread } from './planned-telling.ts'

const DAY_MS = 86_400_000
/** Within this an outage is looked at that only its end is to be told of, so that it is kept. */
const LOOK_WITHIN_MS = 30 * DAY_MS

/**
 * What to tell of a check that is down and not held: first it goes to those whose turn has come,
 * then again to those that were told before.
 */
export function planOfPresent(outlook: Outlook, before: Outage): TellingPlan {
  const toldAt = before.toldAt ?? (before.held === undefined ? outlook.flip.at : outlook.now)
  const outage = { ...before, toldAt }
  const due = dueChannels(outlook, outage, before.toldAt === undefined)
  const repeatAt = dueRepeat(outlook, outage)
  const again = repeatAt === undefined ? [] : outage.told.filter((id) => !due.includes(id))
  const after = {
    ...withoutUnread(outage),
    told: joined(outage.told, due),
    tellings: outage.tellings + (again.length > 0 ? 1 : 0),
    ...(repeatAt === undefined ? {} : { toldAgainAt: repeatAt }),
  }
  const isSame = before.toldAt !== undefined && due.length === 0 && repeatAt === undefined
  return {
    tellings: [...plannedTellings(0, due), ...plannedTellings(after.tellings, again)],
    outage: isSame ? before : after,
    ...nextLook(outlook, after),
  }
}

type ToldOutage = Outage & { readonly toldAt: number }

/**
 * Whose turn it is to hear of the flip: first the check's own channels, then those of each step.
 */
function dueChannels(
  { channelIds, rules, now }: Outlook,
  { toldAt, told, unread = [] }: ToldOutage,
  isFirst: boolean,
): readonly string[] {
  const steps = (rules.escalate ?? []).filter((step) => stepAt(step, toldAt) <= now)
  const further = steps.flatMap((step) => step.channelIds).filter((id) => !told.includes(id))
  return joined(isFirst ? channelIds : unread, further)
}

/** When the newest repeat was due that was not told; undefined for none. */
function dueRepeat(
  { rules, now }: Outlook,
  { toldAt, toldAgainAt = toldAt }: ToldOutage,
): number | undefined {
  if (rules.repeatSeconds === undefined) return undefined
  const everyMs = rules.repeatSeconds * 1000
  const newest = toldAt + Math.floor((now - toldAt) / everyMs) * everyMs
  return newest > toldAgainAt ? newest : undefined
}

function nextLook(
  { rules: { repeatSeconds, escalate = [] }, channelIds, now }: Outlook,
  { toldAt, told }: ToldOutage,
): Pick<TellingPlan, 'lookAt'> {
  const everyMs = (repeatSeconds ?? Infinity) * 1000
  const untold = escalate.filter((step) => step.channelIds.some((id) => !told.includes(id)))
  const lookAt = Math.min(
    toldAt + (Math.floor((now - toldAt) / everyMs) + 1) * everyMs,
    ...untold.map((step) => stepAt(step, toldAt)),
    told.every((id) => channelIds.includes(id)) ? Infinity : now + LOOK_WITHIN_MS,
  )
  return lookAt === Infinity ? {} : { lookAt }
}

function stepAt({ afterSeconds }: Escalation, toldAt: number): number {
  return toldAt + afterSeconds * 1000
}
