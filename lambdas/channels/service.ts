import * as z from 'zod'
import type { ChannelBase } from '../domain/telling/channel.ts'
import { type Message, messageOf } from '../domain/telling/message.ts'
import { type DigestEntry, digestMessageOf } from '../domain/telling/digest.ts'
import { outageOf } from '../domain/telling/outage.ts'
import type { HttpRequest } from '../domain/telling/webhook-request.ts'
import { oneLine, shortened } from '../domain/wire/plain-text.ts'
import type { Content } from './content.ts'
import { messageOfDigest } from './digest-message.ts'
import type { Field, KindFields, ValuesOf } from './fields.ts'
import type { ChannelForm } from './form.ts'
import type { Answer, HttpSender } from './http.ts'
import { type ChannelKind, storedBase } from './kind.ts'
import type { Attempt } from './outcome.ts'
import { masked } from './secrets.ts'
import type { DeliveryTo, DigestTo, Sender } from './sender.ts'

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
export type ChannelService<To> = {
  readonly kind: ServiceKind<string, KindFields>
  request(telling: Telling<To>): HttpRequest
  /**
   * What an answer means by its own error body. Undefined leaves it to the status, as far as
   * services agree on those.
   */
  readonly judge?: (answer: Answer) => Attempt | undefined
  /**
   * Where an answer says that the request goes to from now on: it is sent there at once. The remark
   * is for the channel's owner.
   */
  readonly moved?: (
    request: HttpRequest,
    answer: Answer,
  ) => { readonly request: HttpRequest; readonly remark: string } | undefined
  /** The statuses by which this service says that the hook is gone. */
  readonly gone?: readonly number[]
  /** What it answers when it is content. */
  readonly content: Content
}

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
  const attempt = async (channel: ChannelBase, request: HttpRequest, now: number) => {
    const secrets = secretsOf(fields()).flatMap((name) =>
      Object.entries(channel).flatMap(([field, value]) =>
        field === name && typeof value === 'string' ? [value] : [],
      ),
    )
    try {
      const call = async (each: HttpRequest) => withoutSecrets(await http.call(each, now), secrets)
      const attempted = await called(service, call, request)
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
    send: (delivery, now) =>
      attempt(delivery.channel, service.request(tellingOf(delivery, now)), now),
    ...(isGathered === true && {
      sendDigest: (request, entries, now) =>
        attempt(request.channel, service.request(digestTellingOf(request, entries, now)), now),
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

/** Calls a service, and once more where it has moved. */
async function called<To extends ChannelBase>(
  service: ChannelService<To>,
  call: (request: HttpRequest) => ReturnType<HttpSender['call']>,
  request: HttpRequest,
): Promise<Attempt> {
  const answer = await call(request)
  const moved = answer === 'forbidden' ? undefined : service.moved?.(request, answer)
  if (moved === undefined) return outcomeOf(service, answer)
  const outcome = outcomeOf(service, await call(moved.request))
  return outcome.kind === 'sent' ? { ...outcome, remark: moved.remark } : outcome
}

const credentialsRefused: readonly number[] = [401, 403]
const busy: readonly number[] = [408, 425, 429]

/**
 * What an answer means. A request that a service calls wrong would be as wrong the next time: only
 * what may pass is tried again.
 * @throws for what may pass and says no time.
 */
function outcomeOf<To extends ChannelBase>(
  { judge, gone = [] }: Pick<ChannelService<To>, 'judge' | 'gone'>,
  answer: Answer | 'forbidden',
): Attempt {
  if (answer === 'forbidden')
    return { kind: 'refused', reason: 'the address is not one of the public internet' }
  const judged = judge?.(answer)
  if (judged !== undefined) return judged
  const { status, retryAfterSeconds } = answer
  if (status >= 200 && status < 300) return { kind: 'sent' }
  const reason = answerInWords(answer)
  if (gone.includes(status)) return { kind: 'refused', reason }
  if (credentialsRefused.includes(status)) return { kind: 'denied', reason }
  if (status >= 400 && status < 500 && !busy.includes(status)) return { kind: 'refused', reason }
  if (retryAfterSeconds !== undefined) return { kind: 'later', seconds: retryAfterSeconds, reason }
  throw new Error(reason)
}

const LONGEST_SAID = 100

/** The status of an answer, and what the service says of it. */
export function answerInWords({ status, body }: Pick<Answer, 'status' | 'body'>): string {
  const said = shortened(oneLine(body), LONGEST_SAID)
  return `received status code ${status}${said === '' ? '' : `: ${said}`}`
}
