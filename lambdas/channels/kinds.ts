import * as z from 'zod'
import type { Wants } from '../domain/telling/alert.ts'
import type { ChannelBase, Occasion } from '../domain/telling/channel.ts'
import type { Status } from '../domain/watching/heartbeat.ts'
import type { AnswerPlayer } from './played-answer.ts'
import * as discord from './discord.ts'
import * as email from './email/email.ts'
import * as eventbridge from './eventbridge.ts'
import type { ChannelForm } from './form.ts'
import * as googlechat from './googlechat.ts'
import * as jsm from './jsm.ts'
import type { ChannelKind } from './kind.ts'
import * as mattermost from './mattermost.ts'
import * as msteams from './msteams.ts'
import * as ntfy from './ntfy.ts'
import * as pagerduty from './pagerduty.ts'
import * as pushover from './pushover.ts'
import type { Sender, SenderMeans } from './sender.ts'
import { serviceSender } from './service-sender.ts'
import { type ChannelService, serviceKind } from './service.ts'
import * as slack from './slack.ts'
import * as sns from './sns.ts'
import * as splunkoncall from './splunkoncall.ts'
import * as telegram from './telegram.ts'
import * as webhook from './webhook.ts'
import * as zulip from './zulip.ts'

/*
 * Two lists: `alert` and the API use only `kinds`, and the bundler drops the rest. A service stands
 * in both.
 */
const kinds = [
  email.kind,
  webhook.kind,
  sns.kind,
  eventbridge.kind,
  serviceKind(discord.kind),
  serviceKind(googlechat.kind),
  serviceKind(jsm.kind),
  serviceKind(mattermost.kind),
  serviceKind(msteams.kind),
  serviceKind(ntfy.kind),
  serviceKind(pagerduty.kind),
  serviceKind(pushover.kind),
  serviceKind(slack.kind),
  serviceKind(splunkoncall.kind),
  serviceKind(telegram.kind),
  serviceKind(zulip.kind),
] as const
const services: readonly ChannelService<never>[] = [
  discord.service,
  googlechat.service,
  jsm.service,
  mattermost.service,
  msteams.service,
  ntfy.service,
  pagerduty.service,
  pushover.service,
  slack.service,
  splunkoncall.service,
  telegram.service,
  zulip.service,
]

/** A sender for each kind. */
export function makeSenders(means: SenderMeans): Senders {
  const senders = {
    email: email.makeSender(means),
    webhook: webhook.makeSender(means),
    sns: sns.makeSender(means),
    eventbridge: eventbridge.makeSender(means),
  }
  const toServices = services.map((service) => [
    service.kind.kind,
    serviceSender(service, means.http),
  ])
  return { ...senders, ...Object.fromEntries(toServices) } as Senders
}

/** What the local stack answers in the place of each service. */
export function answerPlayers(): readonly AnswerPlayer[] {
  return services.map(({ playedAnswer }) => playedAnswer)
}

/** A channel of any kind. */
export type Channel = ChannelOf<(typeof kinds)[number]>
type ChannelOf<Kind extends { stored(): z.ZodType }> = z.output<ReturnType<Kind['stored']>>

/** A channel whose requests are signed, once it has a secret. */
type SigningChannel = ChannelOf<Extract<(typeof kinds)[number], { readonly signs: true }>>

/** Whether requests to a channel are signed, once it has a secret. */
export function signs<Of extends Pick<ChannelBase, 'kind'>>(
  channel: Of,
): channel is Extract<Of, Pick<SigningChannel, 'kind'>> {
  return kindOf(channel)?.signs === true
}

export type KindName = Channel['kind']
export type Senders = Of<Sender<ChannelBase>>
type Of<Part> = Readonly<Record<KindName, Part>>

export function kindNames(): readonly KindName[] {
  return kinds.map(({ kind }) => kind)
}

/** A channel as it is kept, for whole documents of them. */
export function storedChannelShape(): z.ZodType<Channel> {
  // Each of them is an object with its kind's name, which their common type does not say.
  const shapes = kinds.map(({ stored }) => stored()) as unknown as [z.core.$ZodTypeDiscriminable]
  return z.discriminatedUnion('kind', shapes) as z.ZodType as z.ZodType<Channel>
}

/** The channel that is stored so. @throws when it can't be read, or its kind is not known. */
export function channelOf(stored: ChannelBase): Channel {
  return shapeOf(knownKind(stored)).parse(stored)
}

const shapes = new Map<string, z.ZodType<Channel>>()

function shapeOf({ kind, stored }: (typeof kinds)[number]): z.ZodType<Channel> {
  const known = shapes.get(kind) ?? stored()
  shapes.set(kind, known)
  return known
}

/** What people call channels of a kind. */
export function titleOfKind(kind: KindName): string {
  return knownKind({ kind }).title
}

/** The fields of a kind. */
export function formOf(kind: KindName): ChannelForm<object> {
  return knownKind({ kind }).form()
}

/** Whether a channel is told on an occasion. */
export function takes(channel: Channel, occasion: Occasion): boolean {
  const isWanted = channel.on?.includes(occasion) ?? true
  return isWanted && canTake(channel, occasion === 'up' ? 'up' : 'down')
}

/** Whether a channel could be told of a status, if it is to be. */
export function canTake(channel: Channel, status: Status): boolean {
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

/** Whether people read a channel, so that storms come to it in digests. */
export function isGathered(channel: Pick<ChannelBase, 'kind'>): boolean {
  return kindOf(channel)?.isGathered === true
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

function kindOf(channel: Pick<ChannelBase, 'kind'>): ChannelKind<ChannelBase> | undefined {
  return kinds.find(({ kind }) => kind === channel.kind)
}

function knownKind(channel: Pick<ChannelBase, 'kind'>): (typeof kinds)[number] {
  const known = kinds.find(({ kind }) => kind === channel.kind)
  if (known === undefined) throw new Error(`channels of kind ${channel.kind} are not known`)
  return known
}
