import * as z from 'zod'
import { canonicalTimeZone, parseSchedule, scheduleBounds } from '../../domain/schedule/schedule.ts'
import { checkBounds, hasAtMost, slugPattern } from '../../domain/watching/check-bounds.ts'
import { type GivenFields, managedByField, parsed } from './parsing.ts'
import { ruleFields } from './rule-fields.ts'

const { shortestSeconds, longestSeconds, longestExpression } = scheduleBounds

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
  managed_by: managedByField(),
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

/** @throws FieldError of all that is wrong. */
export function parseCheckFields(body: GivenFields): CheckFields {
  return parsed(checkFields, body)
}
