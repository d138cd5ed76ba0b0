import type { Hold } from './hold.ts'
import type { Outage } from './outage.ts'
import type { Outlook, TellingPlan } from './outlook.ts'
import { plannedTellings, joined, withoutUnread } from './planned-telling.ts'
import { planOfPresent } from './present-plan.ts'

/**
 * What there is to tell of a flip now. It depends on what was told so far and on the time, not on
 * how often or when somebody looks: who looks late tells late, and once.
 */
export function tellingPlanOf(outlook: Outlook): TellingPlan {
  return outlook.flip.status === 'down' ? planOfOutage(outlook) : planOfRecovery(outlook)
}

function planOfOutage(outlook: Outlook): TellingPlan {
  const { flip, isCurrent, hold } = outlook
  if (outlook.outage !== undefined && outlook.outage.count > flip.count)
    return { tellings: [], outage: outlook.outage }
  const outage = outlook.outage?.count === flip.count ? outlook.outage : begun(outlook)
  if (outage.isOver === true) return { tellings: [], outage }
  if (!isCurrent) return planOfPast(outlook, outage)
  return hold === undefined ? planOfPresent(outlook, outage) : waiting(outage, hold, outlook.now)
}

/** The outage of a check that had nothing to be told later until now was told at once. */
function begun({ flip: { at, count }, channelIds, wasAcknowledged }: Outlook): Outage {
  return wasAcknowledged
    ? { at, count, toldAt: at, told: channelIds, tellings: 0 }
    : { at, count, told: [], tellings: 0 }
}

/** Nobody hears of what began and ended while it was held. */
function planOfPast({ flip, hold, channelIds }: Outlook, outage: Outage): TellingPlan {
  if (outage.toldAt === undefined && (outage.held ?? hold) !== undefined)
    return { tellings: [], outage: { ...outage, isOver: true } }
  const due = outage.toldAt === undefined ? channelIds : (outage.unread ?? [])
  const told = { toldAt: outage.toldAt ?? flip.at, told: joined(outage.told, due) }
  return {
    tellings: plannedTellings(0, due),
    outage: due.length === 0 ? outage : { ...withoutUnread(outage), ...told },
  }
}

function waiting(outage: Outage, { reason, until }: Hold, now: number): TellingPlan {
  const isKnown = outage.toldAt !== undefined || outage.held !== undefined
  return {
    tellings: [],
    outage: isKnown ? outage : { ...outage, held: { since: now, reason } },
    lookAt: until,
  }
}

/** Those hear of a recovery that were told of its outage. */
function planOfRecovery(outlook: Outlook): TellingPlan {
  const { flip, outage } = outlook
  if (outage === undefined || outage.count > flip.count) return planOfUnknown(outlook)
  const due = outage.isOver === true ? (outage.unread ?? []) : outage.told
  const isSame = outage.isOver === true && due.length === 0
  return {
    tellings: plannedTellings(0, due),
    outage: isSame ? outage : { ...withoutUnread(outage), isOver: true },
  }
}

/** Of an outage of which nothing is kept people have heard, unless it is held and about to be. */
function planOfUnknown({ flip, outage, channelIds, hold, wasAcknowledged }: Outlook): TellingPlan {
  if (hold === undefined || wasAcknowledged || outage !== undefined)
    return { tellings: plannedTellings(0, channelIds), outage }
  const { downSinceAt: at = flip.at, count } = flip
  return { tellings: [], outage: { at, count, told: [], tellings: 0, isOver: true } }
}
