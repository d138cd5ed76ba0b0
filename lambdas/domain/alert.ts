import type { Check } from './check.ts'
import type { Flip } from './flip.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { LoggedPing } from './ping.ts'
import type { Channel } from './project.ts'

/** What the Flips queue carries: an alerting flip and the heartbeat it left behind. */
export type FlipMessage = { readonly flip: Flip; readonly heartbeat: Heartbeat }

/** What people are told of a flip. It carries all that telling takes, so that sending asks nobody anything. */
export type Alert = {
  readonly flip: Flip
  readonly check: Pick<Check, 'id' | 'name' | 'tags' | 'description' | 'schedule' | 'timeZone' | 'graceSeconds'>
  readonly projectName: string
  /** When the ping that is missing was due; absent when the check went down by a fail, or came back. */
  readonly dueAt?: number
  readonly lastPingAt?: number
  /** The last pings, newest first. */
  readonly pings: readonly LoggedPing[]
  /** The tail of the last ping's body, as text. */
  readonly bodyTail?: string
}

/** What the Deliveries queue carries: one alert on its way to one channel. */
export type Delivery = { readonly alert: Alert; readonly channel: Channel }
