import type { Delivery } from '../domain/alert.ts'
import type { Channel } from '../domain/project.ts'

/** What came of an attempt that no further one could better: the channel took it, or never will. */
export type Outcome = { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: string }

/** What sends to one kind of channel. It throws when a later attempt may get through. */
export type Sender = { send(delivery: Delivery, now: number): Promise<Outcome> }

/** A sender for each kind of channel. */
export type Senders = Readonly<Record<Channel['kind'], Sender>>
