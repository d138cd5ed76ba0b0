import * as z from 'zod'
import type { Wants } from '../domain/telling/alert.ts'
import { type ChannelBase, occasions } from '../domain/telling/channel.ts'
import type { Status } from '../domain/watching/heartbeat.ts'
import { isManagedBy, type ManagedBy } from '../domain/watching/managed-by.ts'
import type { ChannelForm } from './form.ts'

/** How channels of one kind are kept, set up, and what they are told. */
export type ChannelKind<Of extends ChannelBase> = {
  readonly kind: Of['kind']
  /** What people call it. */
  readonly title: string
  /**
   * It calls hosts of the internet. Those may hang or fail by themselves, so deliveries to them
   * have a queue of their own.
   */
  readonly callsHosts?: true
  /** Its requests are signed, by the secrets in `signing` of each channel. */
  readonly signs?: true
  /**
   * People read it: in storms it gets digests. Incident tools and programs get each flip by itself.
   */
  readonly isGathered?: true
  /** A channel as it is kept. */
  readonly stored: () => z.ZodType<Of>
  /** What requests give of a channel, and answers show. */
  readonly form: () => ChannelForm<object>
  /** Whether a channel can be told of a status; of each when left out. */
  takes?(channel: Of, status: Status): boolean
  /** What telling takes beyond the alert; nothing when left out. */
  wants?(channel: Of, status: Status): Wants | undefined
}

/** What all channels are kept with. One from before channels had versions has version 0. */
export const storedBase = () => ({
  id: z.string(),
  name: z.string(),
  version: z.number().default(0),
  createdAt: z.number(),
  on: z.array(z.enum(occasions)).readonly().exactOptional(),
  managedBy: z.custom<ManagedBy>(isManagedBy).exactOptional(),
})
