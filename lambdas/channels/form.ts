import * as z from 'zod'
import { isNamed } from '../domain/wire/arn-pattern.ts'
import { ending } from './secrets.ts'

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
  /** What people are asked for who set up a channel, in order. */
  readonly questions: readonly Question[]
  /** What a request gives for what people have entered; the same fields when left out. */
  readonly entered?: (entries: Entries) => Readonly<Record<string, unknown>>
  /**
   * A channel as people would have entered it; undefined where they could not have. The same fields
   * when left out.
   */
  readonly entriesOf?: (channel: Partial<Own>) => Entries | undefined
  /** Fields of which answers show the end only (`ending`). */
  readonly secrets?: readonly string[]
  /** Fields that say where requests go, with the secrets in them. */
  readonly leading?: readonly string[]
}

/** A field as people are asked for it. One that is not needed has a default, or may be missing. */
export type Question = {
  readonly field: string
  readonly help: string
  readonly example: unknown
  readonly isNeeded: boolean
  readonly isSecret: boolean
  /** It may have several lines. */
  readonly isLong?: true
  /** The words that it may be, if it is one of a few. */
  readonly choices?: readonly string[]
}

/** What people have entered, by the fields that they were asked for. */
export type Entries = Readonly<Record<string, string>>

/**
 * The fields of a request, as people have entered them. What is to be a number and is none stays a
 * text, and is refused as one.
 */
export function enteredFields(
  { questions, entered }: Pick<ChannelForm<object>, 'questions' | 'entered'>,
  entries: Entries,
): Readonly<Record<string, unknown>> {
  if (entered !== undefined) return entered(entries)
  return Object.fromEntries(
    questions.flatMap(({ field, example }) => {
      const text = entries[field]
      if (text === undefined) return []
      const isNumber = typeof example === 'number' && /^-?\d+$/.test(text)
      return [[field, isNumber ? Number(text) : text]]
    }),
  )
}

/** A channel as people would have entered it; undefined where they could not have. */
export function entriesOfChannel(
  { questions, given, entriesOf }: Pick<ChannelForm<object>, 'questions' | 'given' | 'entriesOf'>,
  channel: object,
): Entries | undefined {
  if (entriesOf !== undefined) return entriesOf(channel)
  const kept = given(channel)
  return Object.fromEntries(
    questions.flatMap(({ field }) => {
      const value = kept[field]
      return typeof value === 'string' || typeof value === 'number' ? [[field, String(value)]] : []
    }),
  )
}

/**
 * A channel's fields as a change of them would give them. What was told to one host is not told to
 * another: a change of that has to give the secrets again, which nobody may read.
 */
export function changedBy<Own extends object>(
  { given, secrets = [], leading = [] }: Pick<ChannelForm<Own>, 'given' | 'secrets' | 'leading'>,
  channel: Partial<Own>,
  change: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const kept = given(channel)
  const isElsewhere = leading.some((field) => field in change && change[field] !== kept[field])
  const left = Object.entries(kept).filter(([field]) => !isElsewhere || !secrets.includes(field))
  return { ...Object.fromEntries(left), ...change }
}

/** What answers show of a channel. */
export function shownBy<Own extends object>(
  { given, secrets = [] }: Pick<ChannelForm<Own>, 'given' | 'secrets'>,
  channel: Own,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(given(channel)).map(([field, value]) => [
      field,
      secrets.includes(field) && typeof value === 'string' ? ending(value) : value,
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
