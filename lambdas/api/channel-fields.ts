import { isIP } from 'node:net'
import * as z from 'zod'
import type { Channel, ChannelBase } from '../domain/telling/channel.ts'
import type { WantedChannel } from '../domain/telling/verification.ts'
import { emailAddress } from '../domain/people/email-address.ts'
import { isNamed } from '../domain/wire/arn-pattern.ts'
import { isPublicAddress } from '../domain/telling/public-address.ts'
import type { Body } from './body.ts'
import { HttpError } from './http-error.ts'

/** ARNs of the topics and buses that channels may name (`isNamed`). */
export type AllowedArns = {
  readonly topicArns: readonly string[]
  readonly busArns: readonly string[]
}

export const channelKinds = [
  'email',
  'webhook',
  'sns',
  'eventbridge',
] as const satisfies readonly Channel['kind'][]

const LONGEST_NAME = 100
const LONGEST_URL = 1000
const LONGEST_HEADER = 1000
const LONGEST_BODY = 10_000
const MOST_HEADERS = 20

/** Framing is the sender's own business. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i

const text = (longest: number) => z.string({ error: 'is not a string' }).max(longest, 'is too long')

const name = text(LONGEST_NAME)

const address = text(254).regex(emailAddress, 'is not an e-mail address')

const headers = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/),
    text(LONGEST_HEADER).regex(/^\P{Cc}*$/u),
    { error: 'is not an object' },
  )
  .refine((all) => Object.keys(all).length <= MOST_HEADERS, `has more than ${MOST_HEADERS} headers`)
  .refine(
    (all) => !Object.keys(all).some((name) => ownHeaders.test(name)),
    'has a header that is set by itself',
  )

const call = z.object(
  {
    method: z.enum(['GET', 'POST', 'PUT'], { error: 'has unexpected value' }).default('GET'),
    url: text(LONGEST_URL).refine(
      leadsOutside,
      'is not the URL of a public host, by http or https',
    ),
    headers: headers.default({}),
    body: text(LONGEST_BODY).default(''),
  },
  { error: 'is not an object' },
)

/**
 * Placeholders belong behind the host: what a check is called must not decide whom it is told to.
 */
function leadsOutside(url: string): boolean {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return false
  const { host, hostname, username, password } = new URL(url)
  const literal = hostname.replace(/^\[(.*)\]$/, '$1')
  return (
    !`${host}${username}${password}`.includes('$') &&
    (isIP(literal) === 0 || isPublicAddress(literal))
  )
}

const topicArn = /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/
const busArn = /^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/[\w./-]{1,256}$/

function arn(spelling: RegExp, allowed: readonly string[]) {
  const wanted =
    allowed.length === 0
      ? 'there are none that channels may name'
      : `channels may name ${allowed.join(', ')}`
  return z
    .string({ error: 'is not a string' })
    .refine(
      (value) => spelling.test(value) && isNamed(value, allowed),
      `is not the ARN of one that is allowed: ${wanted}`,
    )
}

/**
 * What a request may hold, whatever the kind: for the description of the API, as which ARNs are
 * good is known where it runs only.
 */
export const channelFields = z.object({
  kind: z.enum(channelKinds).optional().describe('Needed to create a channel, and stays as it is'),
  name: name.nullable().optional(),
  address: address.optional().describe('Of kind email'),
  down: call
    .nullable()
    .optional()
    .describe('Of kind webhook, as is up: one of the two is needed, null takes one away'),
  up: call.nullable().optional(),
  topic_arn: z
    .string()
    .optional()
    .describe('Of kind sns: a topic that the operator of this deployment allows'),
  event_bus_arn: z
    .string()
    .optional()
    .describe('Of kind eventbridge: a bus that the operator of this deployment allows'),
})

/**
 * A channel with the fields of a request; what the request does not mention stays as it is, and
 * null takes a webhook's request away.
 * @throws HttpError 400 with the text of the first error.
 */
export function channelWith(
  base: ChannelBase & Pick<Channel, 'kind'>,
  body: Body,
  allowed: AllowedArns,
): WantedChannel {
  if ((body['kind'] ?? base.kind) !== base.kind)
    throw new HttpError(400, `json validation error: kind is ${base.kind} and stays so`)
  const { kind: _, down, up, ...given } = { ...shownFields(base), ...body }
  const named = parsed(z.object({ name }), { name: given['name'] ?? base.name })
  const common = { id: base.id, version: base.version, createdAt: base.createdAt, ...named }
  switch (base.kind) {
    case 'email':
      return { ...common, kind: 'email', ...parsed(z.object({ address }), given) }
    case 'webhook': {
      const calls = parsed(
        z.object({ down: call.exactOptional(), up: call.exactOptional() }),
        present({ down, up }),
      )
      if (calls.down === undefined && calls.up === undefined)
        throw new HttpError(400, 'json validation error: one of down and up is needed')
      return { ...common, kind: 'webhook', ...calls }
    }
    case 'sns': {
      const { topic_arn } = parsed(z.object({ topic_arn: arn(topicArn, allowed.topicArns) }), given)
      return { ...common, kind: 'sns', topicArn: topic_arn }
    }
    case 'eventbridge': {
      const { event_bus_arn } = parsed(
        z.object({ event_bus_arn: arn(busArn, allowed.busArns) }),
        given,
      )
      return { ...common, kind: 'eventbridge', busArn: event_bus_arn }
    }
  }
}

/** What is particular to a kind, as requests and answers spell it. */
export function shownFields(
  channel: (ChannelBase & Pick<Channel, 'kind'>) | Channel,
): Readonly<Record<string, unknown>> {
  if ('address' in channel) return { address: channel.address }
  if ('topicArn' in channel) return { topic_arn: channel.topicArn }
  if ('busArn' in channel) return { event_bus_arn: channel.busArn }
  return channel.kind === 'webhook'
    ? { down: null, up: null, ...('down' in channel || 'up' in channel ? calls(channel) : {}) }
    : {}
}

function calls({ down = null, up = null }: { readonly down?: unknown; readonly up?: unknown }) {
  return { down, up }
}

function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  )
}

function parsed<T>(schema: z.ZodType<T>, fields: unknown): T {
  const result = schema.safeParse(fields)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = issue?.path.map(String).join('.') ?? ''
  throw new HttpError(400, `json validation error: ${path} ${issue?.message ?? ''}`)
}
