import { z } from 'zod'
import {
  checkBounds,
  hasAtMost,
  slugPattern,
} from '../../../lambdas/domain/watching/check-bounds.ts'
import {
  canonicalTimeZone,
  isInBounds,
  parseSchedule,
  type Schedule,
  scheduleBounds,
} from '../../../lambdas/domain/schedule/schedule.ts'
import { uuidPattern } from '../../../lambdas/domain/wire/uuid.ts'
import { foreignRules } from './foreign-rules.ts'
import type { WantedCheck } from './wanted-check.ts'

/** A check of Healthchecks in the terms of Overdue, and whether it alerts anybody there. */
export type ForeignCheck = { readonly check: WantedCheck; readonly isAlerting: boolean }

export type Reading = ForeignCheck | { readonly title: string; readonly problem: string }

const UUID = new RegExp(uuidPattern)

const text = (longest: number) =>
  z.string().refine((value) => hasAtMost(longest, value), `is longer than ${longest} characters`)
const seconds = z
  .number()
  .refine(
    isInBounds,
    `is not ${scheduleBounds.shortestSeconds}–${scheduleBounds.longestSeconds} whole seconds`,
  )
const uuidIn = z.string().transform((value, context) => {
  const [uuid] = UUID.exec(value) ?? []
  if (uuid !== undefined) return uuid
  context.addIssue('has no UUID in it')
  return z.NEVER
})

/**
 * A check in the answers of the API's versions 1 to 3. A default says what an older server means,
 * which lacks the field.
 */
const shape = z.object({
  name: text(checkBounds.longestName).default(''),
  slug: text(checkBounds.longestSlug).regex(slugPattern).default(''),
  tags: text(checkBounds.longestTags).default(''),
  desc: text(checkBounds.longestDescription).default(''),
  ping_url: uuidIn,
  badge_url: uuidIn.optional().catch(undefined),
  timeout: seconds.optional(),
  schedule: text(scheduleBounds.longestExpression).optional(),
  tz: z.string().optional(),
  grace: seconds,
  methods: z.enum(['', 'POST']).default(''),
  manual_resume: z.boolean().default(false),
  subject: text(checkBounds.longestKeywords).default(''),
  subject_fail: text(checkBounds.longestKeywords).default(''),
  start_kw: text(checkBounds.longestKeywords).default(''),
  success_kw: text(checkBounds.longestKeywords).optional(),
  failure_kw: text(checkBounds.longestKeywords).optional(),
  filter_subject: z.boolean().optional(),
  filter_body: z.boolean().default(false),
  filter_http_body: z.boolean().default(false),
  filter_default_fail: z.boolean().default(false),
  channels: z.string().default(''),
  rules: foreignRules.optional(),
})
type Fields = z.infer<typeof shape>

/**
 * Reads one check. A check that can't be taken is named, with the reason.
 * @param newBadgeKey makes a key where the server gives none
 */
export function readCheck(json: unknown, newBadgeKey: () => string): Reading {
  const parsed = shape.safeParse(json)
  if (!parsed.success) return { title: titleOf(json), problem: problemOf(parsed.error) }
  const fields = parsed.data
  const schedule = scheduleOf(fields)
  if (schedule === undefined)
    return {
      title: titleOf(json),
      problem: `schedule ${fields.schedule ?? ''} is not one that runs here`,
    }
  const timeZone = canonicalTimeZone(fields.tz ?? 'UTC')
  if (timeZone === undefined)
    return { title: titleOf(json), problem: `tz ${fields.tz ?? ''} is not a known time zone` }
  return {
    check: checkOf(fields, { schedule, timeZone, badgeKey: fields.badge_url ?? newBadgeKey() }),
    isAlerting: fields.channels !== '',
  }
}

function checkOf(
  fields: Fields,
  read: Pick<WantedCheck, 'schedule' | 'timeZone' | 'badgeKey'>,
): WantedCheck {
  const { rules = {} } = fields
  return {
    ...read,
    id: fields.ping_url,
    name: fields.name,
    slug: fields.slug,
    tags: fields.tags,
    description: fields.desc,
    graceSeconds: fields.grace,
    methods: fields.methods,
    manualResume: fields.manual_resume,
    filters: {
      startKeywords: fields.start_kw,
      // Older servers have two other fields instead, which are for subjects only.
      successKeywords: fields.success_kw ?? fields.subject,
      failureKeywords: fields.failure_kw ?? fields.subject_fail,
      subject: fields.filter_subject ?? (fields.subject !== '' || fields.subject_fail !== ''),
      body: fields.filter_body,
      httpBody: fields.filter_http_body,
      defaultFail: fields.filter_default_fail,
    },
    ...(Object.keys(rules).length === 0 ? {} : { rules }),
  }
}

function scheduleOf({ schedule, timeout }: Fields): Schedule | undefined {
  if (schedule !== undefined) return parseSchedule(schedule)
  return timeout === undefined ? undefined : { kind: 'simple', periodSeconds: timeout }
}

/** What a person knows a check by: its name, or its ping URL. */
function titleOf(json: unknown): string {
  const { name, ping_url } = z
    .object({ name: z.string().catch(''), ping_url: z.string().catch('') })
    .catch({ name: '', ping_url: '' })
    .parse(json)
  return name === '' ? ping_url || 'a check without name and ping URL' : name
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues
  return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'is not a check'}`
}
