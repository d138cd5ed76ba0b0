import * as z from 'zod'
import { mayBePublic } from '../domain/telling/public-address.ts'

/** A field of a kind of channel, under the name that requests and answers have for it. */
export type Field<Value = unknown> = {
  /** What a request may give. Its error texts never hold the value, which may be a secret. */
  readonly request: z.ZodType<Value>
  /** The field as it is kept: without bounds, so that these may change. */
  readonly stored: z.ZodType<Value>
  /** For people: what it is, and where the service shows it. */
  readonly help: string
  /** What one looks like. */
  readonly example: Value
  /** Answers show its last four characters only. */
  readonly isSecret?: true
  /** It says where requests go, with the secrets in them. */
  readonly leads?: true
  /** The words that it may be, if it is one of a few. */
  readonly choices?: readonly string[]
}

export type KindFields = Readonly<Record<string, Field>>

export type ValuesOf<Own extends KindFields> = {
  readonly [Name in keyof Own]: z.output<Own[Name]['request']>
}

const LONGEST_URL = 1000

/** For people: what a field is, and what one looks like. */
type Words<Value> = { readonly help: string; readonly example: Value }

type TextTerms = Words<string> & {
  /** At most so many characters; 200 when left out. */
  readonly longest?: number
  /** The whole text, and how errors describe it. */
  readonly pattern?: RegExp
  readonly wanted?: string
}

/** One word that fits into a header. */
export const visibleAscii = { pattern: /^[\x21-\x7e]+$/, wanted: 'one word of ASCII' } as const

/** A text that a request has to give. */
export function shortText(terms: TextTerms): Field<string> {
  return { request: textOf(terms), stored: z.string(), ...wordsOf(terms) }
}

/** A text that may be missing; null takes it away. */
export function optionalText(terms: TextTerms): Field<string | undefined> {
  const request = textOf(terms).nullish().transform(unlessNull)
  return { request, stored: z.string().optional(), ...wordsOf(terms) }
}

/** A whole number that may be missing; null takes it away. */
export function optionalCount(terms: Words<number>): Field<number | undefined> {
  const request = z
    .int({ error: 'is not a whole number' })
    .positive('is too small')
    .nullish()
    .transform(unlessNull)
  return { request, stored: z.number().optional(), ...wordsOf(terms) }
}

/** The URL of a public host; https only, because what is sent names jobs. */
export function url(terms: Words<string> & { readonly otherwise?: string }): Field<string> {
  const given = z
    .string(needed('is not a string'))
    .max(LONGEST_URL, 'is too long')
    .regex(/^[^\s\p{Cc}\p{Cs}]*$/u, 'has spaces in it')
    .refine(isPublicUrl, 'is not the URL of a public host, by https')
  const { otherwise } = terms
  return {
    leads: true,
    request: otherwise === undefined ? given : given.nullish().transform(orElse(otherwise)),
    stored: z.string(),
    ...wordsOf(terms),
  }
}

/** One of several words. */
export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  terms: Words<Values[number]> & { readonly otherwise: Values[number] },
): Field<Values[number]> {
  return {
    request: wordOf(values).nullish().transform(orElse(terms.otherwise)),
    stored: z.enum(values),
    choices: values,
    ...wordsOf(terms),
  }
}

/** One of several words, or none: the service then takes its own default. */
export function optionalChoice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  terms: Words<Values[number]>,
): Field<Values[number] | undefined> {
  return {
    request: wordOf(values).nullish().transform(unlessNull),
    stored: z.enum(values).optional(),
    choices: values,
    ...wordsOf(terms),
  }
}

/** A whole number between two bounds. */
export function level(
  terms: Words<number> & {
    readonly from: number
    readonly to: number
    readonly otherwise: number
  },
): Field<number> {
  const { from, to, otherwise } = terms
  const wanted = `is not a whole number from ${from} to ${to}`
  return {
    request: z
      .int({ error: wanted })
      .min(from, wanted)
      .max(to, wanted)
      .nullish()
      .transform(orElse(otherwise)),
    stored: z.number(),
    ...wordsOf(terms),
  }
}

/** The field as a secret one. */
export function secret<Value>(field: Field<Value>): Field<Value> & { readonly isSecret: true } {
  return { ...field, isSecret: true }
}

function wordsOf<Value>({ help, example }: Words<Value>): Words<Value> {
  return { help, example }
}

function textOf({ longest = 200, pattern, wanted = 'well-formed' }: TextTerms) {
  const bounded = z.string(needed('is not a string')).min(1, 'is empty').max(longest, 'is too long')
  return bounded.regex(pattern ?? /^[^\p{Cc}\p{Cs}]+$/u, `is not ${wanted}`)
}

function wordOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `is not one of ${values.join(', ')}` })
}

function needed(otherwise: string) {
  return {
    error: ({ input }: { readonly input?: unknown }) =>
      input === undefined ? 'is needed' : otherwise,
  }
}

function orElse<Value>(otherwise: Value): (value: Value | null | undefined) => Value {
  return (value) => value ?? otherwise
}

function unlessNull<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined
}

function isPublicUrl(value: string): boolean {
  if (!/^https:\/\//i.test(value) || !URL.canParse(value)) return false
  const parsed = new URL(value)
  return `${parsed.username}${parsed.password}` === '' && mayBePublic(parsed)
}
