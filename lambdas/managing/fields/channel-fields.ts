import * as z from 'zod'
import { type AllowedArns, changedBy, shownBy, textUpTo } from '../../channels/form.ts'
import { type Channel, formOf, kindNames, type KindName, signs } from '../../channels/kinds.ts'
import { type ChannelBase, occasions } from '../../domain/telling/channel.ts'
import { keeperAfter } from '../../domain/watching/managed-by.ts'
import type { WantedChannel } from '../links.ts'
import { FieldError } from './field-error.ts'
import { given as valued } from './given.ts'
import { type GivenFields, managedByField, parsed } from './parsing.ts'

/** A channel as far as all kinds have it. */
type Base = ChannelBase & { readonly kind: KindName }

const LONGEST_NAME = 100

const name = textUpTo(LONGEST_NAME)

const on = z
  .array(z.enum(occasions, { error: `is not one of ${occasions.join(', ')}` }), {
    error: 'is not an array',
  })
  .min(1, 'names nothing')
  .transform((named) => occasions.filter((occasion) => named.includes(occasion)))
  .nullish()

const keeperField = z.object({ managed_by: managedByField() })

/**
 * What a request may hold, whatever the kind: for the description of the API, as which ARNs are
 * good is known where it runs only.
 */
export function channelFields() {
  const shapes = kindNames().map((kind) => formOf(kind).fields({ topicArns: [], busArns: [] }))
  return z.object({
    kind: z.enum(kindNames()).optional().describe('Needed to create a channel, and stays as it is'),
    name: name.nullable().optional(),
    on: on.describe('What the channel is told of: down, up, still-down, all three unless given'),
    ...keeperField.shape,
    ...fieldsOfAny(shapes),
  })
}

/** Fields of several kinds as optional ones of one. Those of one name may differ. */
export function fieldsOfAny(shapes: readonly z.ZodRawShape[]): z.ZodRawShape {
  const named = Map.groupBy(
    shapes.flatMap((shape) => Object.entries(shape)),
    ([field]) => field,
  )
  return Object.fromEntries(
    [...named].map(([field, some]) => [field, z.optional(anyOf(some.map(([, each]) => each)))]),
  )
}

function anyOf(schemas: readonly z.core.$ZodType[]): z.core.$ZodType {
  const [first, ...others] = schemas
  return first !== undefined && others.length === 0 ? first : z.union(schemas)
}

/**
 * A channel with the fields of a request; what the request does not mention stays as it is.
 * @throws FieldError of all that is wrong.
 */
export function channelWith(
  base: Base | Channel,
  body: GivenFields,
  allowed: AllowedArns,
): WantedChannel {
  const { id, version, createdAt, kind } = base
  if ((body['kind'] ?? kind) !== kind)
    throw new FieldError({ path: ['kind'], words: `is ${kind} and stays so` })
  const form = formOf(kind)
  const given = changedBy(form, base, body)
  const named = parsed(z.object({ name }), { name: body['name'] ?? base.name })
  const told = parsed(z.object({ on }), { on: 'on' in body ? body['on'] : base.on })
  const keeper = parsed(keeperField, { managed_by: body['managed_by'] })
  const own = parsed(form.request(allowed), given)
  // A form gives what its kind keeps, of which types know no more than that it is some kind's.
  return valued({
    id,
    version,
    createdAt,
    kind,
    ...named,
    ...(told.on && told.on.length < occasions.length && { on: told.on }),
    ...keeperAfter(keeper.managed_by, base),
    ...own,
  }) as WantedChannel
}

/** What a test may ask for. */
export function testFields() {
  return z.object({
    status: z
      .enum(['down', 'up'], { error: 'is not one of down, up' })
      .optional()
      .describe('What the test looks like; down unless given'),
  })
}

/** @throws FieldError of all that is wrong. */
export function parseTest(body: GivenFields): z.infer<ReturnType<typeof testFields>> {
  return parsed(testFields(), body)
}

/** What is particular to a kind, as answers spell it. */
export function shownFields(channel: Channel): Readonly<Record<string, unknown>> {
  return {
    ...shownBy(formOf(channel.kind), channel),
    on: channel.on ?? occasions,
    ...(channel.managedBy && { managed_by: channel.managedBy }),
    ...(signs(channel) ? { signed: channel.signing !== undefined } : {}),
  }
}

/** The newest secret of a channel, for its owner to keep: no other answer shows it. */
export function secretField(channel: Channel): { readonly signing_secret?: string } {
  const [newest] = (signs(channel) && channel.signing) || []
  return newest === undefined ? {} : { signing_secret: newest.secret }
}
