import { isIP } from 'node:net'
import * as z from 'zod'
import type { ChannelBase } from '../domain/telling/channel.ts'
import { isPublicAddress } from '../domain/telling/public-address.ts'
import { signatureHeader, signedRequest, type SigningSecret } from '../domain/telling/signing.ts'
import {
  exampleBodyOf,
  type WebhookCall,
  wantsOfCall,
  webhookRequestOf,
} from '../domain/telling/webhook-request.ts'
import type { Status } from '../domain/watching/heartbeat.ts'
import type { Later, Outcome } from './outcome.ts'
import type { HttpSender } from './http.ts'
import type { DeliveryTo, Sender } from './sender.ts'
import { type ChannelForm, textUpTo } from './form.ts'
import { type ChannelKind, storedBase } from './kind.ts'
import { webhookEntered, webhookQuestions } from './webhook-entries.ts'

/** An HTTP request when a check goes down, and one when it is up again; either may be missing. */
export type WebhookChannel = ChannelBase & {
  readonly kind: 'webhook'
  readonly down?: WebhookCall
  readonly up?: WebhookCall
  /** The newest secret first. Absent where it was made before requests were signed. */
  readonly signing?: readonly SigningSecret[]
}

const callsHosts = true

export const kind = {
  kind: 'webhook',
  callsHosts,
  signs: true,
  stored: () =>
    z.object({
      ...storedBase(),
      kind: z.literal('webhook'),
      down: storedCall().exactOptional(),
      up: storedCall().exactOptional(),
      signing: z
        .array(z.object({ secret: z.string(), until: z.number().exactOptional() }))
        .readonly()
        .exactOptional(),
    }),
  takes: (channel, status) => callOf(channel, status) !== undefined,
  wants: (channel, status) => {
    const call = callOf(channel, status)
    return call && wantsOfCall(call)
  },
  form: () => form,
} as const satisfies ChannelKind<WebhookChannel>

const form: ChannelForm<Pick<WebhookChannel, 'down' | 'up'>> = {
  fields,
  request: () =>
    z
      .object(fields())
      .transform(({ down, up }) => ({ ...(down && { down }), ...(up && { up }) }))
      .refine(({ down, up }) => down !== undefined || up !== undefined, {
        error: 'one of down and up is needed',
      }),
  given: ({ down = null, up = null }) => ({ down, up }),
  questions: webhookQuestions,
  entered: webhookEntered,
  shown: () => ({
    down: storedCall().nullable().describe('Of kind webhook, as is up'),
    up: storedCall().nullable(),
  }),
}

export const makeSender = ({
  http,
}: {
  readonly http: Pick<HttpSender, 'send'>
}): Sender<WebhookChannel> => ({
  callsHosts,
  /** @throws when a later attempt may get through. */
  async send(delivery: DeliveryTo<WebhookChannel>, now: number): Promise<Outcome | Later> {
    const { alert, channel } = delivery
    const { status } = alert.flip
    const wanted = callOf(channel, status)
    if (wanted === undefined) return { kind: 'refused', reason: `no request for ${status}` }
    const request = webhookRequestOf(wanted, delivery, now)
    const { signing: secrets } = channel
    return http.send(
      secrets === undefined ? request : signedRequest(request, delivery, { secrets, now }),
      now,
    )
  },
})

function callOf({ down, up }: WebhookChannel, status: Status): WebhookCall | undefined {
  return status === 'down' ? down : status === 'up' ? up : undefined
}

const methods = ['GET', 'POST', 'PUT'] as const

const storedCall = () =>
  z.object({
    method: z.enum(methods),
    url: z.string(),
    headers: z.record(z.string(), z.string()).transform(byName),
    body: z.string(),
  })

/** Tables keep headers in no order. */
function byName(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).sort(([one], [other]) => (one < other ? -1 : 1)),
  )
}

const LONGEST_URL = 1000
const LONGEST_HEADER = 1000
const LONGEST_BODY = 10_000
const MOST_HEADERS = 20

/** Framing is the sender's own business. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i

function fields() {
  return {
    down: call()
      .nullable()
      .optional()
      .describe('Of kind webhook, as is up: one of the two is needed, null takes one away'),
    up: call().nullable().optional(),
  }
}

const call = () =>
  z
    .object(
      {
        method: z.enum(methods, { error: 'has unexpected value' }).default('GET'),
        url: textUpTo(LONGEST_URL).refine(
          leadsOutside,
          'is not the URL of a public host, by http or https',
        ),
        headers: headers().default({}),
        body: textUpTo(LONGEST_BODY).default(''),
      },
      { error: 'is not an object' },
    )
    .refine((wanted) => !isToBeJson(wanted) || isJson(exampleBodyOf(wanted)), {
      path: ['body'],
      error: 'is not JSON once its placeholders are filled in, as its Content-Type says it is',
    })

/** https://mimesniff.spec.whatwg.org/#json-mime-type */
const jsonType = /^\s*((application|text)\/json|[^/;\s]+\/[^/;\s]+\+json)\s*(;|$)/i

function isToBeJson({ method, headers, body }: WebhookCall): boolean {
  const says = Object.entries(headers).some(
    ([name, value]) => /^content-type$/i.test(name) && jsonType.test(value),
  )
  return says && method !== 'GET' && body !== ''
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const headers = () =>
  z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/),
      textUpTo(LONGEST_HEADER).regex(/^\P{Cc}*$/u),
      { error: 'is not an object' },
    )
    .refine(
      (all) => Object.keys(all).length <= MOST_HEADERS,
      `has more than ${MOST_HEADERS} headers`,
    )
    .refine(
      (all) =>
        !Object.keys(all).some((name) => ownHeaders.test(name) || signatureHeader.test(name)),
      'has a header that is set by itself',
    )

/** Placeholders belong behind the host: a check's name must not decide whom it is told to. */
function leadsOutside(url: string): boolean {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return false
  const { host, hostname, username, password } = new URL(url)
  const literal = hostname.replace(/^\[(.*)\]$/, '$1')
  return (
    !`${host}${username}${password}`.includes('$') &&
    (isIP(literal) === 0 || isPublicAddress(literal))
  )
}
