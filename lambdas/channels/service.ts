import * as z from 'zod'
import type { ChannelBase } from '../domain/telling/channel.ts'
import { type Message, messageOf } from '../domain/telling/message.ts'
import { type DigestEntry, digestMessageOf } from '../domain/telling/digest.ts'
import { outageOf } from '../domain/telling/outage.ts'
import type { HttpRequest } from '../domain/telling/webhook-request.ts'
import type { AnswerPlayer } from './played-answer.ts'
import { messageOfDigest } from './digest-message.ts'
import type { Field, KindFields, ValuesOf } from './fields.ts'
import { bareOf } from './fitting.ts'
import type { ChannelForm } from './form.ts'
import type { Answer, HttpSender } from './http.ts'
import { type ChannelKind, storedBase } from './kind.ts'
import type { Attempt } from './outcome.ts'
import { masked } from './secrets.ts'
import type { DeliveryTo, DigestTo, Sender } from './sender.ts'
import { answerInWords, mayMindWords, meaningOf, type Meanings } from './service-answer.ts'

/** A kind of channel that is a service of the internet, called by one HTTP request an alert. */
export type ServiceKind<Name extends string, Own extends KindFields> = {
  readonly kind: Name
  /** People read it: in storms it gets digests. */
  readonly isGathered?: true
  /** Made on demand: a function that needs none has no work with them. */
  readonly fields: () => Own
}

/** A channel of such a kind. It keeps its fields under the names that the API has for them. */
export type ServiceChannel<Kind extends ServiceKind<string, KindFields>> = ChannelBase & {
  readonly kind: Kind['kind']
} & ValuesOf<ReturnType<Kind['fields']>>

/** What there is to tell a service. */
export type Telling<To> = {
  readonly channel: To
  readonly message: Message
  /** The same for the beginning of an outage and for its end. */
  readonly outage: string
  /** When the check changed. */
  readonly at: number
}

/** How a service is told, and what its answers mean. */
export type ChannelService<To> = Meanings & {
  readonly kind: ServiceKind<string, KindFields>
  request(telling: Telling<To>): HttpRequest
  /**
   * Where an answer says that the request goes to from now on: it is sent there at once. The remark
   * is for the channel's owner.
   */
  readonly moved?: (request: HttpRequest, answer: Answer) => Again | undefined
  /** What the local stack answers in the service's place. */
  readonly playedAnswer: AnswerPlayer
}

/** A second request, and what its success leaves to say. */
type Again = { readonly request: HttpRequest; readonly remark: string }

/** The kind as all kinds are. */
export function serviceKind<const Name extends string, Own extends KindFields>({
  kind,
  isGathered,
  fields,
}: ServiceKind<Name, Own>): ChannelKind<ServiceChannel<ServiceKind<Name, Own>>> {
  const made = {
    kind,
    callsHosts: true,
    isGathered,
    stored: () =>
      z.object({
        ...storedBase(),
        kind: z.literal(kind),
        ...each(fields(), ({ stored }) => stored),
      }),
    form: () => formOf(kind, fields()),
  } as const
  // Types can't follow that an object of the fields' shapes gives the fields' values.
  return made as unknown as ChannelKind<ServiceChannel<ServiceKind<Name, Own>>>
}

function formOf(kind: string, fields: KindFields): ChannelForm<object> {
  const names = Object.keys(fields)
  const requested = each(fields, ({ request, help }) =>
    request.describe(`Of kind ${kind}: ${help}`),
  )
  return {
    fields: () => requested,
    request: () => z.object(requested),
    given: (channel) =>
      Object.fromEntries(Object.entries(channel).filter(([name]) => names.includes(name))),
    shown: () => each(fields, ({ stored }) => stored.nullable().describe(`Of kind ${kind}`)),
    secrets: secretsOf(fields),
    leading: names.filter((name) => fields[name]?.leads === true),
    questions: Object.entries(fields).map(([field, { request, help, example, isSecret }]) => ({
      field,
      help,
      example,
      isNeeded: !request.safeParse(undefined).success,
      isSecret: isSecret === true,
    })),
  }
}

function secretsOf(fields: KindFields): readonly string[] {
  return Object.keys(fields).filter((name) => fields[name]?.isSecret === true)
}

function each<Part>(
  fields: KindFields,
  part: (field: Field) => Part,
): Readonly<Record<string, Part>> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, part(field)]))
}

/** What tells channels of a kind of service. No error of it holds a secret of the channel. */
export function serviceSender<To extends ChannelBase>(
  service: ChannelService<To>,
  http: Pick<HttpSender, 'call'>,
): Sender<To> {
  const { fields, isGathered } = service.kind
  const attempt = async (telling: Telling<To>, now: number) => {
    const secrets = secretsOf(fields()).flatMap((name) =>
      Object.entries(telling.channel).flatMap(([field, value]) =>
        field === name && typeof value === 'string' ? [value] : [],
      ),
    )
    try {
      const call = async (each: HttpRequest) => withoutSecrets(await http.call(each, now), secrets)
      const attempted = await called(service, call, telling)
      return attempted.kind === 'sent'
        ? attempted
        : { ...attempted, reason: masked(attempted.reason, secrets) }
    } catch (error) {
      // Without its cause, which holds what is masked here.
      const message = error instanceof Error ? error.message : String(error)
      return Promise.reject(new Error(masked(message, secrets)))
    }
  }
  return {
    callsHosts: true,
    send: (delivery, now) => attempt(tellingOf(delivery, now), now),
    ...(isGathered === true && {
      sendDigest: (request, entries, now) => attempt(digestTellingOf(request, entries, now), now),
    }),
  }
}

/** A secret has to go before the text is shortened: its beginning would stay. */
function withoutSecrets(
  answer: Answer | 'forbidden',
  secrets: readonly string[],
): Answer | 'forbidden' {
  return answer === 'forbidden' ? answer : { ...answer, body: masked(answer.body, secrets) }
}

function tellingOf<To extends ChannelBase>(delivery: DeliveryTo<To>, now: number): Telling<To> {
  const { alert, channel } = delivery
  return { channel, message: messageOf(alert, now), outage: outageOf(delivery), at: alert.flip.at }
}

function digestTellingOf<To extends ChannelBase>(
  { channel, projectName }: DigestTo<To>,
  entries: readonly DigestEntry[],
  now: number,
): Telling<To> {
  const message = messageOfDigest(digestMessageOf(entries, projectName, now))
  return { channel, message, outage: `digest-${channel.id}-${now}`, at: now }
}

/**
 * Calls a service, and once more where it has moved, or minds what people and jobs have written:
 * who is told the sentence alone is told.
 */
async function called<To extends ChannelBase>(
  service: ChannelService<To>,
  call: (request: HttpRequest) => ReturnType<HttpSender['call']>,
  telling: Telling<To>,
): Promise<Attempt> {
  const request = service.request(telling)
  const answer = await call(request)
  if (answer === 'forbidden') return forbidden
  const other = service.moved?.(request, answer) ?? withoutDetails(service, telling, answer)
  if (other === undefined) return meaningOf(service, answer)
  const second = await call(other.request)
  const attempt = second === 'forbidden' ? forbidden : meaningOf(service, second)
  return attempt.kind === 'sent' ? { ...attempt, remark: other.remark } : attempt
}

const forbidden = {
  kind: 'refused',
  reason: 'the address is not one of the public internet',
} as const

function withoutDetails<To extends ChannelBase>(
  service: ChannelService<To>,
  telling: Telling<To>,
  answer: Answer,
): Again | undefined {
  if (!mayMindWords(service, answer)) return undefined
  return {
    request: service.request({ ...telling, message: bareOf(telling.message) }),
    remark: `taken without details only; with them, ${answerInWords(answer)}`,
  }
}
