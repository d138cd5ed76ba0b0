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
  readonly test: boolean
}

export function alertEventOf(
  alert: Alert,
  { now, isTest }: { readonly now: number; readonly isTest: boolean },
): AlertEvent {
  const { check, flip, lastPingAt } = alert
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
    test: isTest,
  }
}
