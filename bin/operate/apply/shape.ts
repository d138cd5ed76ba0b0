import * as z from 'zod'
import { isPlainName } from '../../../lambdas/domain/people/plain-name.ts'
import { occasions } from '../../../lambdas/domain/telling/channel.ts'
import { checkBounds, slugPattern } from '../../../lambdas/domain/watching/check-bounds.ts'
import { formOf, kindNames } from '../../../lambdas/channels/kinds.ts'
import { checkFields, textField } from '../../../lambdas/managing/fields/check-shape.ts'
import { isNot, listUpTo, strictObject } from '../../../lambdas/managing/fields/parsing.ts'
import { ruleFields } from '../../../lambdas/managing/fields/rule-fields.ts'
import { windowFields } from '../../../lambdas/managing/fields/window-fields.ts'
import { ruleBounds } from '../../../lambdas/domain/watching/rule-bounds.ts'
import type { FieldFault } from './fault.ts'
import { nameList, wordList, writtenDuration } from './fields.ts'

const check = checkFields.shape
const rule = ruleFields.shape
const window = windowFields.shape

const keywords = wordList(',', checkBounds.longestKeywords).optional()

const rules = strictObject({
  ...rule,
  max_runtime: writtenDuration(rule.max_runtime).optional(),
  min_runtime: writtenDuration(rule.min_runtime).optional(),
  early: writtenDuration(rule.early).optional(),
  most_pings: strictObject({
    count: rule.most_pings.unwrap().shape.count,
    seconds: writtenDuration(rule.most_pings.unwrap().shape.seconds),
  }).optional(),
  repeat: writtenDuration(rule.repeat).optional(),
  escalate: listUpTo(
    strictObject({
      after: writtenDuration(rule.escalate.unwrap().element.shape.after),
      channels: nameList().refine(
        ({ length }) => length > 0 && length <= ruleBounds.mostChannelsTold,
        `does not name 1 to ${ruleBounds.mostChannelsTold} channels`,
      ),
    }),
    ruleBounds.mostEscalations,
  )
    .optional()
    .describe('Further channels, by name, told when the check is down for so long'),
  depends_on: nameList()
    .refine(
      ({ length }) => length > 0 && length <= ruleBounds.mostParents,
      `does not name 1 to ${ruleBounds.mostParents} checks`,
    )
    .optional()
    .describe('Checks, by slug; while one of them is down, alerts wait'),
})

const settings = {
  schedule: check.schedule
    .unwrap()
    .transform(({ expression }) => expression)
    .optional(),
  timeout: writtenDuration(check.timeout).optional(),
  tz: check.tz,
  grace: writtenDuration(check.grace).optional(),
  desc: check.desc,
  tags: wordList(' ', checkBounds.longestTags).optional(),
  channels: nameList().optional().describe('Names of channels of this file or of the project'),
  rules: rules
    .nullable()
    .transform((all) => all ?? {})
    .optional(),
  methods: check.methods,
  manual_resume: check.manual_resume,
  start_kw: keywords,
  success_kw: keywords,
  failure_kw: keywords,
  filter_subject: check.filter_subject,
  filter_body: check.filter_body,
  filter_http_body: check.filter_http_body,
  filter_default_fail: check.filter_default_fail,
}

/** Which ARNs are good is known where the API runs only. */
export const anyArn = { topicArns: ['*'], busArns: ['*'] }

const on = z
  .array(z.enum(occasions, { error: `is not one of ${occasions.join(', ')}` }), {
    error: isNot('a list'),
  })
  .optional()

/** The fields of each kind. What they hold is judged where the channel is made of them. */
function channelShape() {
  const kinds = kindNames().map((kind) =>
    strictObject({ kind: z.literal(kind), on, ...formOf(kind).fields(anyArn) }),
  )
  return z.discriminatedUnion('kind', kinds as unknown as [(typeof kinds)[number]], {
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? `needs a kind, one of ${kindNames().join(', ')}`
        : 'is not an object',
  })
}

const name = textField(checkBounds.longestName).min(1, 'is empty')
const slug = textField(checkBounds.longestSlug)
  .min(1, 'is empty')
  .regex(slugPattern, 'is not a slug: small letters, digits, - and _')

/** A file of `overdue apply`. */
export const fileShape = strictObject({
  project: z
    .string({ error: isNot('a text') })
    .refine(isPlainName, 'is not one line of 1 to 100 characters')
    .describe('What this file is called in the mark of all that it makes'),
  defaults: strictObject(settings).nullish().describe('For checks that do not say otherwise'),
  channels: section(name, channelShape()).describe('By name'),
  checks: section(slug, strictObject({ name: check.name, ...settings }).nullable()).describe(
    'By slug',
  ),
  windows: section(
    name,
    strictObject({
      tags: wordList(' ', checkBounds.longestTags).optional(),
      start: window.start,
      schedule: settings.schedule,
      tz: window.tz,
      seconds: writtenDuration(window.seconds),
    }),
  ).describe('Maintenance windows, by name'),
})

export type FileFields = z.output<typeof fileShape>

function section<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  key: Key,
  value: Value,
) {
  return z.record(key, value, { error: isNot('an object') }).nullish()
}

/** What is wrong with a file, field by field. */
export function shapeFaults({ issues }: z.ZodError): readonly FieldFault[] {
  return issues.flatMap((issue): readonly FieldFault[] => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...path, key], words: 'is not known' }))
    if (issue.code === 'invalid_key')
      return issue.issues.map(({ message }) => ({ path, words: message }))
    return [{ path, words: `${issue.message}${boundOf(issue)}` }]
  })
}

/** What is taken at least or at most, of numbers, texts and lists. */
function boundOf(issue: z.core.$ZodIssue): string {
  if (!issue.message.startsWith('is too')) return ''
  if (issue.code === 'too_small') return `: ${issue.minimum} is the least`
  return issue.code === 'too_big' ? `: ${issue.maximum} is the most` : ''
}
