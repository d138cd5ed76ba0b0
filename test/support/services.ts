import { expect } from 'vitest'
import type { Answer } from '../../lambdas/channels/http.ts'
import {
  type Channel,
  channelOf,
  formOf,
  type KindName,
  makeSenders,
  senderOf,
  callsHost,
  kindNames,
} from '../../lambdas/channels/kinds.ts'
import type { ChannelBase } from '../../lambdas/domain/telling/channel.ts'
import type { HttpRequest } from '../../lambdas/domain/telling/webhook-request.ts'
import type { Attempt } from '../../lambdas/channels/outcome.ts'
import type { Sender } from '../../lambdas/channels/sender.ts'
import type { DigestEntry } from '../../lambdas/domain/telling/digest.ts'
import type { Delivery } from '../../lambdas/domain/telling/alert.ts'
import { aChannel, aDelivery, deadline } from './alerts.ts'

const { address: _, verification: __, kind: ___, ...base } = aChannel()

/** The kinds that are services of the internet: all that call hosts, but for webhooks. */
export function serviceNames(): readonly KindName[] {
  return kindNames().filter((kind) => callsHost({ kind }) && kind !== 'webhook')
}

/** The fields of a kind as its examples have them, with others in their place. */
export function exampleFields(
  kind: KindName,
  others: object = {},
): Readonly<Record<string, unknown>> {
  const { questions } = formOf(kind)
  return {
    ...Object.fromEntries(questions.map(({ field, example }) => [field, example])),
    ...others,
  }
}

/** A request for a channel of any kind, by the examples of its own questions. */
export function exampleOfKind(kind: KindName): Readonly<Record<string, unknown>> {
  const { questions, entered } = formOf(kind)
  const arns: Readonly<Record<string, string>> = {
    topic_arn: 'arn:aws:sns:us-east-1:123456789012:alerts',
    event_bus_arn: 'arn:aws:events:us-east-1:123456789012:event-bus/default',
  }
  const entries = Object.fromEntries(
    questions.map(({ field, example }) => [field, arns[field] ?? example]),
  )
  return entered === undefined ? entries : entered(entries as Record<string, string>)
}

/** A channel of a kind of service, as the API makes it of these fields. */
export function aServiceChannel(kind: KindName, fields: object = {}): Channel {
  const own = formOf(kind)
    .request({ topicArns: [], busArns: [] })
    .parse(exampleFields(kind, fields))
  return channelOf({ ...base, kind, ...own })
}

type Said = Answer | 'forbidden' | Error
const taken: Said = { status: 200, body: '' }

/** Tells a channel of a service that answers so, each time or in turn, and what it was sent. */
export function told(
  channel: ChannelBase,
  delivery: Partial<Delivery> = {},
  answer: Said | readonly Said[] = taken,
) {
  return sentBy(channel, answer, (sender) =>
    sender.send(aDelivery({ ...delivery, channel }), deadline),
  )
}

/** Tells a channel of many flips at once. */
export function toldDigest(channel: ChannelBase, entries: readonly DigestEntry[], answer = taken) {
  const request = { digest: true, channel, projectId: 'project', projectName: 'Home lab' } as const
  return sentBy(channel, answer, (sender) =>
    sender.sendDigest?.(request, entries, deadline + 60_000),
  )
}

async function sentBy(
  channel: ChannelBase,
  answer: Said | readonly Said[],
  send: (sender: Sender<ChannelBase>) => Promise<Attempt> | undefined,
) {
  const requests: HttpRequest[] = []
  const call = (request: HttpRequest) => {
    requests.push(request)
    const answers = Array.isArray(answer) ? (answer as readonly Said[]) : undefined
    const given = answers === undefined ? (answer as Said) : answers[requests.length - 1]
    if (given === undefined) return Promise.reject(new Error('called once too often'))
    return given instanceof Error ? Promise.reject(given) : Promise.resolve(given)
  }
  const nobody = () => Promise.reject(new Error('nobody is reached'))
  const means = { mailer: { send: nobody }, http: { follow: nobody, call }, post: nobody }
  const sender = senderOf(makeSenders(means), channel)
  const outcome = await (sender && send(sender))?.catch((error: unknown) => error)
  return { outcome, requests, request: requests[0] ?? expect.unreachable('nothing was sent') }
}

/** What a request says in its body: JSON, or a form. */
export function payloadOf({ body }: HttpRequest): Readonly<Record<string, unknown>> {
  return body.startsWith('{')
    ? (JSON.parse(body) as Record<string, unknown>)
    : Object.fromEntries(new URLSearchParams(body))
}

/** All texts of a payload, wherever they stand. */
export function textsOf(payload: unknown): readonly string[] {
  if (typeof payload === 'string') return [payload]
  return typeof payload === 'object' && payload !== null
    ? Object.values(payload).flatMap(textsOf)
    : []
}
