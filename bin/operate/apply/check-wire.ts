import * as z from 'zod'
import { ruleFields } from '../../../lambdas/managing/fields/rule-fields.ts'
import type { CheckEntry, RuleEntry } from './check-entry.ts'
import type { Names } from './names.ts'

/*
 * Checks between files and the API: words in lists there are one text here, and names are ids.
 */

/** A check as the API answers it, as far as a file has it. */
export const checkAnswerShape = z.object({
  uuid: z.string(),
  slug: z.string(),
  name: z.string(),
  desc: z.string(),
  tags: z.string(),
  channels: z.string(),
  timeout: z.number().optional(),
  schedule: z.string().optional(),
  tz: z.string().optional(),
  grace: z.number(),
  methods: z.enum(['', 'POST']),
  manual_resume: z.boolean(),
  start_kw: z.string(),
  success_kw: z.string(),
  failure_kw: z.string(),
  filter_subject: z.boolean(),
  filter_body: z.boolean(),
  filter_http_body: z.boolean(),
  filter_default_fail: z.boolean(),
  rules: ruleFields.optional(),
  managed_by: z.string().optional(),
})

export type AnsweredCheck = Omit<z.output<typeof checkAnswerShape>, 'uuid'>

/** Names for the ids in an answer, and ids for the names in a file. */
export type CheckNames = { readonly channels: Names; readonly checks: Names }

/** A check of the API as a file has it. */
export function entryOfCheck(answer: AnsweredCheck, names: CheckNames): CheckEntry {
  const { timeout, schedule = '', tz = 'UTC' } = answer
  return {
    name: answer.name,
    ...(timeout === undefined ? { schedule, tz } : { timeout }),
    grace: answer.grace,
    desc: answer.desc,
    tags: words(answer.tags, /\s+/),
    channels: words(answer.channels, ',').map(names.channels.nameOf).sort(),
    rules: rulesFrom(answer.rules, names),
    methods: answer.methods,
    manual_resume: answer.manual_resume,
    start_kw: words(answer.start_kw, ','),
    success_kw: words(answer.success_kw, ','),
    failure_kw: words(answer.failure_kw, ','),
    filter_subject: answer.filter_subject,
    filter_body: answer.filter_body,
    filter_http_body: answer.filter_http_body,
    filter_default_fail: answer.filter_default_fail,
  }
}

/** What the API is asked for, whole: what a file leaves out is as in a new check. */
export function checkBody(slug: string, entry: CheckEntry, names: CheckNames): object {
  const { rules, channels, ...fields } = entry
  return {
    ...fields,
    slug,
    tags: fields.tags.join(' '),
    start_kw: fields.start_kw.join(','),
    success_kw: fields.success_kw.join(','),
    failure_kw: fields.failure_kw.join(','),
    channels: channels.map(names.channels.idOf).join(','),
    rules: Object.keys(rules).length === 0 ? null : rulesTo(rules, names),
  }
}

function rulesFrom(rules: AnsweredCheck['rules'], { channels, checks }: CheckNames): RuleEntry {
  if (rules === undefined) return {}
  const { escalate, depends_on: parents, ...simple } = rules
  return {
    ...withoutEqualOf(simple),
    ...(escalate && {
      escalate: escalate.map(({ after, channels: ids }) => ({
        after,
        channels: words(ids, ',').map(channels.nameOf).sort(),
      })),
    }),
    ...(parents && { depends_on: parents.map(checks.nameOf).sort() }),
  }
}

function rulesTo(rules: RuleEntry, { channels, checks }: CheckNames): object {
  const { escalate, depends_on: parents, ...simple } = rules
  return {
    ...simple,
    ...(escalate && {
      escalate: escalate.map(({ after, channels: named }) => ({
        after,
        channels: named.map(channels.idOf).join(','),
      })),
    }),
    ...(parents && { depends_on: parents.map(checks.idOf) }),
  }
}

function words(text: string, separator: string | RegExp): string[] {
  return text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

/** So many failures in a row, or among as many runs, are the same. */
export function withoutEqualOf<Rules extends Pick<RuleEntry, 'failures'>>(rules: Rules): Rules {
  const { failures } = rules
  return failures?.of === failures?.count && failures !== undefined
    ? { ...rules, failures: { count: failures.count } }
    : rules
}
