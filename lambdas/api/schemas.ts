import * as z from 'zod'
import { canonicalTimeZone, parseSchedule, scheduleBounds } from '../domain/schedule/schedule.ts'
import { checkBounds, hasAtMost, slugPattern } from '../domain/watching/check-bounds.ts'
import type { Body } from './body.ts'
import { parsed } from './fields.ts'
import { HttpError } from './http-error.ts'
import { ruleFields } from './rule-fields.ts'

const { shortestSeconds, longestSeconds, longestExpression } = scheduleBounds
const LATEST_UNIX_SECONDS = 10_000_000_000

export const textField = (longest: number) =>
  z
    .string({ error: 'is not a string' })
    .refine((value) => hasAtMost(longest, value), { error: 'is too long', abort: true })
    .meta({ maxLength: longest })

const flag = z.boolean({ error: 'is not a boolean' }).optional()
const keywords = textField(checkBounds.longestKeywords).optional()

/**
 * A boolean counts as 0 or 1, as it does in the reference: it is too small, not of the wrong type.
 * Fractions don't get here.
 */
const seconds = z
  .number({
    error: ({ input }) => (typeof input === 'boolean' ? 'is too small' : 'is not a number'),
  })
  .min(shortestSeconds, 'is too small')
  .max(longestSeconds, 'is too large')
  .meta({ type: 'integer' })
  .optional()

export const scheduleField = textField(longestExpression).transform((expression, context) => {
  const parsed = parseSchedule(expression)
  if (parsed !== undefined) return parsed
  context.addIssue('is not a valid cron or OnCalendar expression')
  return z.NEVER
})

export const timeZoneField = z.string({ error: 'is not a string' }).transform((name, context) => {
  const canonical = canonicalTimeZone(name)
  if (canonical !== undefined) return canonical
  context.addIssue('is not a valid timezone')
  return z.NEVER
})

/** What a check can be identified by when it is created once and updated from then on. */
const uniqueFields = ['name', 'slug', 'tags', 'timeout', 'grace'] as const

/**
 * Of several errors the first one is told, in the order of these fields. All are optional: what is
 * absent stays as it is.
 */
export const checkFields = z.object({
  channels: z.string({ error: 'is not a string' }).optional(),
  desc: textField(checkBounds.longestDescription).optional(),
  failure_kw: keywords,
  filter_body: flag,
  filter_default_fail: flag,
  filter_http_body: flag,
  filter_subject: flag,
  grace: seconds,
  manual_resume: flag,
  methods: z.enum(['', 'POST'], { error: 'has unexpected value' }).optional(),
  name: textField(checkBounds.longestName).optional(),
  rules: ruleFields.nullable().optional().describe('Replaces all rules; null takes them away'),
  schedule: scheduleField.optional(),
  slug: textField(checkBounds.longestSlug)
    .regex(slugPattern, 'does not match pattern')
    .meta({ maxLength: checkBounds.longestSlug })
    .optional(),
  start_kw: keywords,
  subject: keywords,
  subject_fail: keywords,
  success_kw: keywords,
  tags: textField(checkBounds.longestTags).optional(),
  timeout: seconds,
  tz: timeZoneField.optional(),
  unique: z
    .array(z.enum(uniqueFields, { error: 'has unexpected value' }), { error: 'is not an array' })
    .optional(),
})

/** The fields of a check as a request gives them, validated; unknown ones are left out. */
export type CheckFields = z.infer<typeof checkFields>

/** @throws HttpError 400 with the text of the first error. */
export function parseCheckFields(body: Body): CheckFields {
  return parsed(checkFields, body)
}

/** Which checks are listed: those that have all the tags and the slug; an empty slug is none. */
export const listQuery = z.object({
  tag: z.array(z.string()).optional(),
  slug: z.string().optional(),
})

const wholeNumber = (largest: number) =>
  z
    .string()
    .regex(/^\d{1,11}$/)
    .transform(Number)
    .refine((value) => value <= largest, 'is too large')
    .optional()

export const flipsQuery = z.object({
  start: wholeNumber(LATEST_UNIX_SECONDS),
  end: wholeNumber(LATEST_UNIX_SECONDS),
  seconds: wholeNumber(longestSeconds),
})

/** From when (inclusive) to when (exclusive), in epoch milliseconds. */
export type FlipsRange = { readonly from?: number; readonly to?: number }

/** @throws HttpError 400 that names the parameter and what it takes. */
export function parseFlipsRange(
  query: Readonly<Partial<Record<string, string>>>,
  now: number,
): FlipsRange {
  const read = flipsQuery.safeParse({
    ...query,
    seconds: query['seconds'] === '' ? '0' : query['seconds'],
  })
  if (!read.success) throw new HttpError(400, flipsError(read.error))
  const { start = 0, end, seconds: window = 0 } = read.data
  const from = Math.max(start * 1000, window === 0 ? 0 : now - window * 1000)
  return { from, ...(end === undefined ? {} : { to: end * 1000 }) }
}

function flipsError(error: z.ZodError): string {
  const name = String(error.issues[0]?.path[0])
  return `${name} must be a whole number of seconds, 0–${name === 'seconds' ? longestSeconds : LATEST_UNIX_SECONDS}`
}
