import type { Check, Filters } from './check.ts'
import { keeperAfter, type ManagedBy } from './managed-by.ts'
import { slugOf } from './slug.ts'

/** What is wanted of a check. What is absent stays as it is. */
export type CheckChange = Partial<
  Omit<
    Check,
    'id' | 'projectId' | 'version' | 'createdAt' | 'logFrom' | 'badgeKey' | 'filters' | 'managedBy'
  >
> & {
  readonly filters?: Partial<Filters>
  /** Null where people are to keep it from now on. */
  readonly managedBy?: ManagedBy | null
  /** Keywords that switch the subject filter as well, on while there are any. */
  readonly subjectKeywords?: Partial<SubjectKeywords>
  /** Whether a new name makes a new slug where none is given. */
  readonly isSlugDerived?: boolean
}

type SubjectKeywords = Pick<Filters, 'successKeywords' | 'failureKeywords'>

/** The check with what is wanted of it. `filters` go before `subjectKeywords`. */
export function changed(check: Check, change: CheckChange): Check {
  const { filters, subjectKeywords, isSlugDerived = false, managedBy, ...fields } = change
  const { managedBy: _, ...kept } = check
  const { name = check.name } = fields
  const derived = isSlugDerived && name !== check.name ? { slug: slugOf(name) } : {}
  const switched = subjectKeywords && bySubject({ ...check.filters, ...subjectKeywords })
  return withoutEmptyRules({
    ...kept,
    ...keeperAfter(managedBy, check),
    ...derived,
    ...fields,
    filters: { ...check.filters, ...switched, ...filters },
  })
}

function withoutEmptyRules({ rules, ...rest }: Check): Check {
  return rules === undefined || Object.keys(rules).length === 0 ? rest : { ...rest, rules }
}

function bySubject({ successKeywords, failureKeywords }: SubjectKeywords): Partial<Filters> {
  const subject = successKeywords !== '' || failureKeywords !== ''
  return { successKeywords, failureKeywords, subject }
}

/** What identifies a check: it has all of these values. */
export type CheckIdentity = Partial<Pick<Check, 'name' | 'slug' | 'tags' | 'graceSeconds'>> & {
  readonly periodSeconds?: number
}

export function isMeant(check: Check, identity: CheckIdentity): boolean {
  const { name, slug, tags, graceSeconds, schedule } = check
  const periodSeconds = schedule.kind === 'simple' ? schedule.periodSeconds : undefined
  const own: Readonly<Record<string, unknown>> = { name, slug, tags, graceSeconds, periodSeconds }
  return Object.entries(identity).every(([field, value]) => own[field] === value)
}
