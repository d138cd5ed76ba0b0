import type { StatusChange } from '../watching/heartbeat.ts'

/** One telling of a check's change on its way to one channel, as it stands now. */
export type CheckDelivery = {
  readonly channelId: string
  readonly change: StatusChange
  /** Which time it is told that the check is still down; absent of the change itself. */
  readonly telling?: number
  readonly state: 'sending' | 'waiting' | 'sent' | 'failed'
  /** When it was sent, or failed last; when the status changed before that. */
  readonly at: number
  /** Of the last attempt that failed, if the delivery is not sent. */
  readonly error?: string
}
