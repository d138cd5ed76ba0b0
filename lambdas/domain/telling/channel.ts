import type { Status } from '../watching/heartbeat.ts'

/** Where a project's alerts go. */
export type Channel = EmailChannel | WebhookChannel | TopicChannel | BusChannel

/** What all channels have. `version` grows by one with every change. */
export type ChannelBase = {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly createdAt: number
}

/** What a channel is called, in a request as well. */
export type ChannelName = Pick<ChannelBase, 'id' | 'name'>

export type EmailChannel = ChannelBase & {
  readonly kind: 'email'
  readonly address: string
  readonly verification: Verification
}

/** Why an address gets no mail any more: it can't take any, or its owner complained. */
export type Suppression = {
  readonly reason: 'bounce' | 'complaint'
  readonly detail: string
  readonly at: number
}

/**
 * Whether the owner of an address has agreed to get alerts. The link that was mailed holds a token,
 * of which only the hash is kept.
 */
export type Verification = { readonly state: 'verified'; readonly at: number } | PendingVerification

export type PendingVerification = {
  readonly state: 'pending'
  readonly tokenHash: string
  readonly mailedAt: number
  readonly expiresAt: number
}

/** An HTTP request when a check goes down, and one when it is up again; either may be missing. */
export type WebhookChannel = ChannelBase & {
  readonly kind: 'webhook'
  readonly down?: WebhookCall
  readonly up?: WebhookCall
}

/** A request whose URL, header values and body may hold placeholders. */
export type WebhookCall = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An SNS topic of the account that Overdue runs in. */
export type TopicChannel = ChannelBase & { readonly kind: 'sns'; readonly topicArn: string }

/** An EventBridge bus of the account that Overdue runs in. */
export type BusChannel = ChannelBase & { readonly kind: 'eventbridge'; readonly busArn: string }

/** What keeps mail from an address, in words. */
export function suppressionText({ reason, at, detail }: Suppression): string {
  return `suppressed since ${new Date(at).toISOString()}: ${reason}${detail === '' ? '' : ` (${detail})`}`
}

/**
 * How many channels a project may have: an alert is a message for each, and an answer lists them
 * all.
 */
export const channelLimit = 100

/**
 * Whether a channel is told of a status: an address that nobody verified of none, a webhook of
 * those that it has a request for.
 */
export function takes(channel: Channel, status: Status): boolean {
  switch (channel.kind) {
    case 'email':
      return channel.verification.state === 'verified'
    case 'webhook':
      return webhookCallOf(channel, status) !== undefined
    case 'sns':
    case 'eventbridge':
      return true
  }
}

export function webhookCallOf(channel: WebhookChannel, status: Status): WebhookCall | undefined {
  return status === 'down' ? channel.down : status === 'up' ? channel.up : undefined
}
