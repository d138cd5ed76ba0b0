import * as z from 'zod'
import type { Wants } from '../domain/telling/alert.ts'
import type { ChannelBase } from '../domain/telling/channel.ts'
import type { Status } from '../domain/watching/heartbeat.ts'
import type { Content } from './content.ts'
import * as email from './email/email.ts'
import * as eventbridge from './eventbridge.ts'
import type { ChannelForm } from './form.ts'
import type { ChannelKind } from './kind.ts'
import type { Sender, SenderMeans } from './sender.ts'
import * as sns from './sns.ts'
import * as webhook from './webhook.ts'

/*
 * The one list of kinds of channels, by parts: a function bundles the part that it uses. `alert`
 * needs no forms and no senders, the API no senders, `deliver` nothing but senders.
 */
const kinds = [email.kind, webhook.kind, sns.kind, eventbridge.kind] as const

export const forms: Of<ChannelForm<object>> = {
  email: email.form,
  webhook: webhook.form,
  sns: sns.form,
  eventbridge: eventbridge.form,
}

export const makeSenders = (means: SenderMeans): Senders => ({
  email: email.makeSender(means),
  webhook: webhook.makeSender(means),
  sns: sns.makeSender(means),
  eventbridge: eventbridge.makeSender(means),
})

/** What the services behind the kinds answer when they are content: for the local stack. */
export const contents: readonly Content[] = []

/** A channel of any kind. */
export type Channel = ChannelOf<(typeof kinds)[number]>
type ChannelOf<Kind extends { stored(): z.ZodType }> = z.output<ReturnType<Kind['stored']>>

export type KindName = Channel['kind']
export type Senders = Of<Sender<ChannelBase>>
type Of<Part> = Readonly<Record<KindName, Part>>

export function kindNames(): readonly KindName[] {
  return kinds.map(({ kind }) => kind)
}

/** A channel as it is kept. */
export function storedChannelShape() {
  const [first, ...others] = kinds
  return z.discriminatedUnion('kind', [first.stored(), ...others.map(({ stored }) => stored())])
}

/** The channel that is stored so. @throws when it can't be read, or its kind is not known. */
export function channelOf(stored: ChannelBase): Channel {
  return (shape ??= storedChannelShape()).parse(stored)
}

let shape: ReturnType<typeof storedChannelShape> | undefined

/** Whether a channel is told of a status. */
export function takes(channel: Channel, status: Status): boolean {
  return kindOf(channel)?.takes?.(channel, status) ?? true
}

/** What telling a channel of a status takes beyond the alert. */
export function wantsOf(channel: Channel, status: Status): Wants | undefined {
  return kindOf(channel)?.wants?.(channel, status)
}

/** Whether telling a channel calls a host of the internet. */
export function callsHost(channel: Pick<ChannelBase, 'kind'>): boolean {
  return kindOf(channel)?.callsHosts === true
}

export function isKindName(kind: unknown): kind is KindName {
  return kindNames().some((name) => name === kind)
}

/** The sender for the kind of a channel; undefined where the kind is not known. */
export function senderOf(
  senders: Senders,
  { kind }: Pick<ChannelBase, 'kind'>,
): Sender<ChannelBase> | undefined {
  return Object.entries(senders).find(([name]) => name === kind)?.[1]
}

function kindOf({ kind }: Pick<ChannelBase, 'kind'>): ChannelKind<ChannelBase> | undefined {
  return kinds.find((each) => each.kind === kind)
}
