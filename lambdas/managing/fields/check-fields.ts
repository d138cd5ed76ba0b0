import type { ChannelChoice } from '../chosen-channels.ts'
import type { CheckRequest } from '../checks.ts'
import type { CheckIdentity } from '../../domain/watching/check-change.ts'
import { given } from './given.ts'
import { rulesOf } from './rule-fields.ts'
import type { CheckFields } from './check-shape.ts'

/** What a request wants of a check, and whether a new name makes a new slug. */
export function wantedOf(
  fields: CheckFields,
  { isSlugDerived }: { readonly isSlugDerived: boolean },
): Pick<CheckRequest, 'change' | 'channels'> {
  const { timeout, channels } = fields
  const simple =
    timeout === undefined ? undefined : ({ kind: 'simple', periodSeconds: timeout } as const)
  const change = {
    ...given({
      name: fields.name,
      slug: fields.slug,
      tags: fields.tags,
      description: fields.desc,
      schedule: fields.schedule ?? simple,
      timeZone: fields.tz,
      graceSeconds: fields.grace,
      methods: fields.methods,
      managedBy: fields.managed_by,
      manualResume: fields.manual_resume,
      rules: fields.rules === undefined ? undefined : rulesOf(fields.rules),
    }),
    ...filtersOf(fields),
    isSlugDerived,
  }
  return { change, ...(channels === undefined ? {} : { channels: choiceOf(channels) }) }
}

/** `subject` and `subject_fail` are older names of two keywords, which switch a filter. */
function filtersOf({ subject, subject_fail, ...fields }: CheckFields) {
  const filters = given({
    startKeywords: fields.start_kw,
    successKeywords: fields.success_kw,
    failureKeywords: fields.failure_kw,
    subject: fields.filter_subject,
    body: fields.filter_body,
    httpBody: fields.filter_http_body,
    defaultFail: fields.filter_default_fail,
  })
  if (subject === undefined && subject_fail === undefined) return { filters }
  const subjectKeywords = given({ successKeywords: subject, failureKeywords: subject_fail })
  return { filters, subjectKeywords }
}

/** `*` is all channels, nothing is none; else UUIDs or exact names, separated by commas. */
export function choiceOf(channels: string): ChannelChoice {
  if (channels === '*') return 'all'
  return channels === '' ? [] : channels.split(',')
}

/**
 * What identifies the check that a request means, where it may mean one that is there already: it
 * names what identifies a check, and gives all that it names.
 */
export function identityOf({ unique = [], ...fields }: CheckFields): CheckIdentity | undefined {
  const isComplete = unique.length > 0 && unique.every((field) => fields[field] !== undefined)
  if (!isComplete) return undefined
  const named = <Field extends (typeof unique)[number]>(field: Field) =>
    unique.includes(field) ? fields[field] : undefined
  return given({
    name: named('name'),
    slug: named('slug'),
    tags: named('tags'),
    periodSeconds: named('timeout'),
    graceSeconds: named('grace'),
  })
}
