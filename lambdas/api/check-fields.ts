import { type Check, type Filters, noFilters } from '../domain/watching/check.ts'
import type { Schedule } from '../domain/schedule/schedule.ts'
import type { ApiVersion } from './site.ts'
import type { CheckFields } from './schemas.ts'
import { slugOf } from './slug.ts'

/**
 * What a request changes: its fields, the channels that they name, and the version of the API,
 * which decides whether a name makes a slug.
 */
export type CheckChange = {
  readonly fields: CheckFields
  readonly channelIds: readonly string[] | undefined
  readonly version: ApiVersion
}

const DEFAULT_PERIOD_SECONDS = 86_400
const DEFAULT_GRACE_SECONDS = 3600

/** A check as it is when a request says nothing of it. */
export function newCheck(
  origin: Pick<Check, 'id' | 'projectId' | 'createdAt' | 'badgeKey'>,
): Check {
  return {
    ...origin,
    version: 1,
    name: '',
    slug: '',
    tags: '',
    description: '',
    schedule: { kind: 'simple', periodSeconds: DEFAULT_PERIOD_SECONDS },
    timeZone: 'UTC',
    graceSeconds: DEFAULT_GRACE_SECONDS,
    methods: '',
    manualResume: false,
    filters: noFilters,
    channelIds: [],
  }
}

/** The check with the fields of a request; what the request does not mention stays as it is. */
export function changed(check: Check, { fields, channelIds, version }: CheckChange): Check {
  return {
    ...check,
    name: fields.name ?? check.name,
    slug: fields.slug ?? derivedSlug(check, fields.name, version),
    tags: fields.tags ?? check.tags,
    description: fields.desc ?? check.description,
    schedule: fields.schedule ?? simpleSchedule(fields.timeout) ?? check.schedule,
    timeZone: fields.tz ?? check.timeZone,
    graceSeconds: fields.grace ?? check.graceSeconds,
    methods: fields.methods ?? check.methods,
    manualResume: fields.manual_resume ?? check.manualResume,
    filters: changedFilters(check.filters, fields),
    channelIds: channelIds ?? check.channelIds,
  }
}

/** In versions 1 and 2 a new name makes a new slug. */
function derivedSlug(check: Check, name: string | undefined, version: ApiVersion): string {
  return version === 3 || name === undefined || name === check.name ? check.slug : slugOf(name)
}

function simpleSchedule(periodSeconds: number | undefined): Schedule | undefined {
  return periodSeconds === undefined ? undefined : { kind: 'simple', periodSeconds }
}

/**
 * `subject` and `subject_fail` are older names of two keywords, and switch the subject filter,
 * unless the request does so itself.
 */
function changedFilters(filters: Filters, fields: CheckFields): Filters {
  const older = {
    successKeywords: fields.subject ?? filters.successKeywords,
    failureKeywords: fields.subject_fail ?? filters.failureKeywords,
  }
  const isSwitched = fields.subject !== undefined || fields.subject_fail !== undefined
  const subject = isSwitched
    ? older.successKeywords !== '' || older.failureKeywords !== ''
    : filters.subject
  return {
    startKeywords: fields.start_kw ?? filters.startKeywords,
    successKeywords: fields.success_kw ?? older.successKeywords,
    failureKeywords: fields.failure_kw ?? older.failureKeywords,
    subject: fields.filter_subject ?? subject,
    body: fields.filter_body ?? filters.body,
    httpBody: fields.filter_http_body ?? filters.httpBody,
    defaultFail: fields.filter_default_fail ?? filters.defaultFail,
  }
}

/**
 * Whether a request may meet a check that is there already: it names what identifies a check, and
 * gives all that it names.
 */
export function isUpsert({ unique, ...fields }: CheckFields): boolean {
  return (
    unique !== undefined &&
    unique.length > 0 &&
    unique.every((field) => fields[field] !== undefined)
  )
}

/** Whether a check is the one that an upsert means. */
export function isMeant(check: Check, fields: CheckFields): boolean {
  const { schedule } = check
  const values = {
    name: check.name,
    slug: check.slug,
    tags: check.tags,
    timeout: schedule.kind === 'simple' ? schedule.periodSeconds : undefined,
    grace: check.graceSeconds,
  }
  return fields.unique?.every((field) => fields[field] === values[field]) ?? false
}
