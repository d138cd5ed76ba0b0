import type { Alert } from './alert.ts'
import { messageOf } from './message.ts'

/** An alert for programs. Instants are ISO 8601 in UTC. */
export type AlertEvent = {
  readonly project: string
  readonly check: {
    readonly uuid: string
    readonly name: string
    readonly slug: string
    readonly tags: readonly string[]
  }
  readonly status: string
  readonly from: string
  readonly reason: string
  readonly at: string
  readonly summary: string
  readonly last_ping: string | null
  /** Which time it is told that the check is still down, from 1; absent on DOWN and UP. */
  readonly telling?: number
  /** Since when it waited, and what for. */
  readonly held?: { readonly since: string; readonly reason: string; readonly name?: string }
  readonly test: boolean
}

export function alertEventOf(
  alert: Alert,
  { now, isTest }: { readonly now: number; readonly isTest: boolean },
): AlertEvent {
  const { check, flip, lastPingAt, telling } = alert
  return {
    project: alert.projectName,
    check: {
      uuid: check.id,
      name: check.name,
      slug: check.slug ?? '',
      tags: check.tags.split(/\s+/).filter((tag) => tag !== ''),
    },
    status: flip.status,
    from: flip.from,
    reason: flip.reason,
    at: new Date(flip.at).toISOString(),
    summary: messageOf(alert, now).summary,
    last_ping: lastPingAt === undefined ? null : new Date(lastPingAt).toISOString(),
    ...(telling === undefined ? {} : { telling }),
    ...heldOf(alert),
    test: isTest,
  }
}

function heldOf({ held }: Alert): Pick<AlertEvent, 'held'> {
  if (held === undefined) return {}
  const { reason } = held
  const since = new Date(held.since).toISOString()
  const name = reason.kind === 'snoozed' ? {} : { name: reason.name }
  return { held: { since, reason: reason.kind, ...name } }
}
