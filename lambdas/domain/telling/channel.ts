import type { ManagedBy } from '../watching/managed-by.ts'

/**
 * What all channels have: where a project's alerts go. The rest is the business of their kind
 * (`lambdas/channels`). `version` grows by one with every change.
 */
export type ChannelBase = {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly version: number
  readonly createdAt: number
  /** What it is told of; of everything when left out. */
  readonly on?: readonly Occasion[]
  /** Absent where people keep it. */
  readonly managedBy?: ManagedBy
}

/** What a channel can be told of. */
export const occasions = ['down', 'up', 'still-down'] as const
export type Occasion = (typeof occasions)[number]

/** What a channel is called, in a request as well. */
export type ChannelName = Pick<ChannelBase, 'id' | 'name'>

/** A project begins with one. Only this kind is verified and suppressed. */
export type EmailChannel = ChannelBase & {
  readonly kind: typeof emailKind
  readonly address: string
  readonly verification: Verification
}

export const emailKind = 'email'

export function isEmail(channel: ChannelBase): channel is EmailChannel {
  return channel.kind === emailKind
}

/** Why an address gets no mail any more: it can't take any, or its owner complained. */
export type Suppression = {
  readonly reason: 'bounce' | 'complaint'
  readonly detail: string
  readonly at: number
}

/**
 * Whether the owner of an address has agreed to get alerts. The mailed link holds a token; only its
 * hash is stored.
 */
export type Verification = { readonly state: 'verified'; readonly at: number } | PendingVerification

export type PendingVerification = {
  readonly state: 'pending'
  readonly tokenHash: string
  readonly mailedAt: number
  readonly expiresAt: number
}

/** What keeps mail from an address, in words. */
export function suppressionText({ reason, at, detail }: Suppression): string {
  return `suppressed since ${new Date(at).toISOString()}: ${reason}${detail === '' ? '' : ` (${detail})`}`
}

/**
 * The most channels of a project. An alert is one message for each, and one answer lists them all.
 */
export const channelLimit = 100
