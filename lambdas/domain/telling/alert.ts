import type { ChannelBase } from './channel.ts'
import type { HoldReason } from './hold.ts'
import type { Check } from '../watching/check.ts'
import type { DownCause } from '../watching/down-cause.ts'
import type { Flip } from '../watching/flip.ts'
import { dueAtOf } from '../watching/deadline.ts'
import type { Heartbeat } from '../watching/heartbeat.ts'
import { type Impairment, type Interval, lastImpaired } from '../watching/impairment.ts'
import type { LoggedPing } from '../watching/ping.ts'
import type { Project } from '../people/project.ts'

/** What the Flips queue carries: an alerting flip and the heartbeat it left behind. */
export type FlipMessage = { readonly flip: Flip; readonly heartbeat: Heartbeat }

/** What people are told of a flip. It is complete, so that sending reads nothing more. */
export type Alert = {
  readonly flip: Flip
  readonly cause: Cause
  /** When pings could not be taken while the one that is missing was awaited. */
  readonly impaired?: Interval
  readonly check: Pick<
    Check,
    'id' | 'name' | 'tags' | 'description' | 'schedule' | 'timeZone' | 'graceSeconds'
  > &
    Partial<Pick<Check, 'slug'>>
  /** Absent where an older version made the alert. */
  readonly projectId?: string
  readonly projectName: string
  /** The last success or fail. */
  readonly lastPingAt?: number
  /** When a check that is up again is due next. */
  readonly nextDueAt?: number
  /** The last pings, newest first. */
  readonly pings: readonly LoggedPing[]
  readonly lastBody?: LastBody
  /** The page of the check, where there is a dashboard. */
  readonly link?: string
  /** Since when it waited, and what for. */
  readonly held?: { readonly since: number; readonly reason: HoldReason }
  /** Which time it is told that a check is still down, from 1; absent on DOWN and UP. */
  readonly telling?: number
}

/** Why a check went down, or that it came back. */
export type Cause = DownCause | { readonly kind: 'recovered'; readonly downSinceAt?: number }

/**
 * The end of the last ping's kept body, as text. `cut` says how much is kept where the body was
 * cut: `the first 10,000 of 43,120 bytes`.
 */
export type LastBody = {
  readonly pingNumber: number
  readonly tail: string
  readonly cut?: string
  /** The subject, where the ping was a mail. The rest is then about the mail's text. */
  readonly subject?: string
}

/** One alert on its way to one channel. A test is not tried again. */
export type Delivery = {
  readonly alert: Alert
  readonly channel: ChannelBase
  readonly payload?: Payload
  readonly isTest?: true
}

/**
 * What a webhook may name beyond the alert: the check as the API shows it, the beginning of the
 * last ping's body.
 */
export type Payload = { readonly check?: object; readonly body?: string }

/** Which parts of a payload a channel asks for. */
export type Wants = { readonly check: boolean; readonly body: boolean }

/** How many pings an alert shows. */
export const shownPings = 10

/** Cuts long descriptions, because a whole alert must fit into one message of a queue. */
const DESCRIPTION_LENGTH = 4000

/** What an alert is made of, beside the flip itself: the check and its log as they are now. */
export type Background = {
  readonly check: Check
  readonly project: Project
  readonly pings: readonly LoggedPing[]
  readonly lastBody: LastBody | undefined
  readonly impairment: Impairment
  readonly link?: string | undefined
}

/**
 * The alert of a flip. The log may lag behind the heartbeat, so the last ping comes from the
 * heartbeat.
 */
export function alertOf(
  message: FlipMessage,
  { check, project, pings, lastBody, impairment, link }: Background,
): Alert {
  const { flip, heartbeat } = message
  const { id, name, slug, tags, description, schedule, timeZone, graceSeconds } = check
  const shown = withLastPing(pings, heartbeat)
  const nextDueAt = dueAtOf(heartbeat)
  const impaired =
    flip.reason === 'timeout'
      ? lastImpaired(impairment, heartbeat.lastPingAt ?? flip.at, flip.at)
      : undefined
  return {
    flip,
    cause: causeOf(message),
    ...(impaired === undefined ? {} : { impaired }),
    check: {
      id,
      name,
      slug,
      tags,
      description: description.slice(0, DESCRIPTION_LENGTH),
      schedule,
      timeZone,
      graceSeconds,
    },
    projectId: project.id,
    projectName: project.name,
    ...(heartbeat.lastPingAt === undefined ? {} : { lastPingAt: heartbeat.lastPingAt }),
    ...(flip.status === 'down' || nextDueAt === undefined ? {} : { nextDueAt }),
    pings: shown,
    ...(lastBody === undefined ? {} : { lastBody }),
    ...(link === undefined ? {} : { link }),
  }
}

function withLastPing(pings: readonly LoggedPing[], heartbeat: Heartbeat): readonly LoggedPing[] {
  const { lastPing, pingCount } = heartbeat
  if (lastPing === undefined || pings.some((ping) => ping.number === pingCount))
    return pings.slice(0, shownPings)
  return [{ ...lastPing, number: pingCount }, ...pings]
    .sort((one, other) => other.number - one.number)
    .slice(0, shownPings)
}

function causeOf({ flip, heartbeat }: FlipMessage): Cause {
  const cause = flip.status === 'down' ? heartbeat.since?.cause : undefined
  if (cause !== undefined) return cause
  const { downSinceAt } = flip
  return { kind: 'recovered', ...(downSinceAt === undefined ? {} : { downSinceAt }) }
}
