import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { shownBy } from '../../../lambdas/channels/form.ts'
import { formOf, isKindName, type KindName } from '../../../lambdas/channels/kinds.ts'
import { type Occasion, occasions } from '../../../lambdas/domain/telling/channel.ts'
import { channelWith } from '../../../lambdas/managing/fields/channel-fields.ts'
import { anyArn, type FileFields } from './shape.ts'

type WrittenChannel = NonNullable<FileFields['channels']>[string]

/** A channel as files have it, with all that they may leave out. */
export type ChannelEntry = {
  readonly kind: KindName
  readonly on: readonly Occasion[]
  /** As the API shows them: of a secret, its end. */
  readonly fields: Readonly<Record<string, unknown>>
  /** The secrets themselves, where they are known. */
  readonly secrets: Readonly<Record<string, unknown>>
}

/** A channel as the API answers it. The fields of its kind stand beside these. */
export const channelAnswerShape = z.looseObject({
  id: z.string(),
  name: z.string(),
  kind: z.custom<KindName>(isKindName),
  on: z.array(z.enum(occasions)),
  verified: z.boolean().optional(),
  managed_by: z.string().optional(),
})

export type AnsweredChannel = z.output<typeof channelAnswerShape>

/** The channel that a file means. @throws FieldError of all that is wrong. */
export function channelEntry(name: string, written: WrittenChannel): ChannelEntry {
  const { kind } = written
  const base = { id: '', name, version: 1, createdAt: 0, kind }
  const wanted = channelWith(base, written, anyArn)
  const { secrets = [] } = formOf(kind)
  return {
    kind,
    on: wanted.on ?? occasions,
    fields: told(shownBy(formOf(kind), wanted)),
    secrets: Object.fromEntries(
      Object.entries(written).filter(
        ([field, value]) => secrets.includes(field) && value !== undefined,
      ),
    ),
  }
}

/** A channel of the API as a file has it. */
export function entryOfChannel(answer: AnsweredChannel): ChannelEntry {
  const { kind, on } = answer
  const names = Object.keys(formOf(kind).fields(anyArn))
  const own = Object.entries(answer).filter(([field]) => names.includes(field))
  return { kind, on, fields: told(Object.fromEntries(own)), secrets: {} }
}

/** What a channel is made of. */
export function channelBody(name: string, written: ChannelEntry): object {
  const { kind, on, fields, secrets } = written
  return { kind, name, on, ...fields, ...secrets }
}

/**
 * What changes a channel. Only what differs is named, but for secrets: of those nobody knows
 * whether they do, and the API compares them. A field that the file leaves out is taken away.
 */
export function channelChange(wanted: ChannelEntry, before: ChannelEntry): object {
  const names = Object.keys({ ...before.fields, ...wanted.fields })
  const differing = names.filter(
    (field) => !isDeepStrictEqual(wanted.fields[field], before.fields[field]),
  )
  const fields = differing.map((field) => [field, wanted.fields[field] ?? null] as const)
  return { on: wanted.on, ...Object.fromEntries(fields), ...wanted.secrets }
}

/** The fields that are set. */
function told(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  )
}
