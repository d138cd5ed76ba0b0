import * as z from 'zod'
import { isNamed } from '../domain/wire/arn-pattern.ts'

/**
 * The fields of one kind of channel, as requests and answers spell them. `Own` is the part that a
 * channel keeps. Schemas are made on demand, so that functions that need none bundle none.
 */
export type ChannelForm<Own extends object> = {
  /** What a request may give, with bounds, texts of errors and words for people. */
  fields(allowed: AllowedArns): z.ZodRawShape
  /** Reads these fields of a request. */
  request(allowed: AllowedArns): z.ZodType<Own>
  /**
   * A channel's fields as a request would give them. Fields that a change does not name stay so.
   */
  readonly given: (channel: Partial<Own>) => Readonly<Record<string, unknown>>
  /** What answers show. */
  shown(): z.ZodRawShape
  /** Fields of which answers show the last four characters only. */
  readonly secrets?: readonly string[]
}

/** What answers show of a channel. */
export function shownBy<Own extends object>(
  { given, secrets = [] }: Pick<ChannelForm<Own>, 'given' | 'secrets'>,
  channel: Own,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(given(channel)).map(([field, value]) => [
      field,
      secrets.includes(field) && typeof value === 'string' ? `…${value.slice(-4)}` : value,
    ]),
  )
}

/** ARNs of the topics and buses that channels may name (`isNamed`). */
export type AllowedArns = {
  readonly topicArns: readonly string[]
  readonly busArns: readonly string[]
}

export const textUpTo = (longest: number) =>
  z.string({ error: 'is not a string' }).max(longest, 'is too long')

export function arn(spelling: RegExp, allowed: readonly string[]) {
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
