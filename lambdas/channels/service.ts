import * as z from 'zod'
import type { ChannelBase } from '../domain/telling/channel.ts'
import type { Message } from '../domain/telling/message.ts'
import type { HttpRequest } from '../domain/telling/webhook-request.ts'
import type { Field, KindFields, ValuesOf } from './fields.ts'
import type { ChannelForm } from './form.ts'
import type { Answer } from './http.ts'
import { type ChannelKind, storedBase } from './kind.ts'
import type { AnswerPlayer } from './played-answer.ts'
import type { Meanings } from './service-answer.ts'

/** A kind of channel that is a service of the internet, called by one HTTP request an alert. */
export type ServiceKind<Name extends string, Own extends KindFields> = {
  readonly kind: Name
  /** What people call it. */
  readonly title: string
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
export type Again = { readonly request: HttpRequest; readonly remark: string }

/** The kind as all kinds are. */
export function serviceKind<const Name extends string, Own extends KindFields>({
  kind,
  title,
  isGathered,
  fields,
}: ServiceKind<Name, Own>): ChannelKind<ServiceChannel<ServiceKind<Name, Own>>> {
  const made = {
    kind,
    title,
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
    secrets: secretNames(fields),
    leading: names.filter((name) => fields[name]?.leads === true),
    questions: Object.entries(fields).map(
      ([field, { request, help, example, isSecret, choices }]) => ({
        field,
        help,
        example,
        isNeeded: !request.safeParse(undefined).success,
        isSecret: isSecret === true,
        ...(choices && { choices }),
      }),
    ),
  }
}

/** The names of the fields that are secret. */
export function secretNames(fields: KindFields): readonly string[] {
  return Object.keys(fields).filter((name) => fields[name]?.isSecret === true)
}

function each<Part>(
  fields: KindFields,
  part: (field: Field) => Part,
): Readonly<Record<string, Part>> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, part(field)]))
}
