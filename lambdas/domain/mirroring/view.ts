import { scheduleBounds } from '../schedule/bounds.ts'
import { checkBounds } from '../watching/check-bounds.ts'

/** What a source has: a view of checks, and a table that triggers note changes in. */
export const sourceNames = { view: 'overdue_checks', changes: 'overdue_changes' } as const

/** How a column of the view is read. */
export type ColumnKind = 'text' | 'whole' | 'flag' | 'json'

/** A column: its kind, the field of the API that it says, and what NULL says. */
export type Column = {
  readonly kind: ColumnKind
  readonly field: string
  /** Absent: NULL leaves the field to whoever said it before. */
  readonly empty?: string | number | boolean
  /** How many characters it may have, where its type does not say. One more is read, to see. */
  readonly longest?: number
}

/**
 * The columns of the view, as fields of the API. All but `uuid` and `project` may be missing, and
 * any other is not asked for. The index that `uuid` needs bounds it.
 */
export const viewColumns = {
  uuid: { kind: 'text', field: 'uuid' },
  project: { kind: 'text', field: 'project', longest: 200 },
  name: { kind: 'text', field: 'name', empty: '', longest: checkBounds.longestName },
  slug: { kind: 'text', field: 'slug', empty: '', longest: checkBounds.longestSlug },
  tags: { kind: 'text', field: 'tags', empty: '', longest: checkBounds.longestTags },
  description: { kind: 'text', field: 'desc', empty: '', longest: checkBounds.longestDescription },
  timeout: { kind: 'whole', field: 'timeout' },
  schedule: { kind: 'text', field: 'schedule', longest: scheduleBounds.longestExpression },
  tz: { kind: 'text', field: 'tz', empty: 'UTC', longest: 100 },
  grace: { kind: 'whole', field: 'grace', empty: 3600 },
  methods: { kind: 'text', field: 'methods', empty: '', longest: 100 },
  manual_resume: { kind: 'flag', field: 'manual_resume', empty: false },
  start_kw: { kind: 'text', field: 'start_kw', empty: '', longest: checkBounds.longestKeywords },
  success_kw: {
    kind: 'text',
    field: 'success_kw',
    empty: '',
    longest: checkBounds.longestKeywords,
  },
  failure_kw: {
    kind: 'text',
    field: 'failure_kw',
    empty: '',
    longest: checkBounds.longestKeywords,
  },
  filter_subject: { kind: 'flag', field: 'filter_subject', empty: false },
  filter_body: { kind: 'flag', field: 'filter_body', empty: false },
  filter_http_body: { kind: 'flag', field: 'filter_http_body', empty: false },
  filter_default_fail: { kind: 'flag', field: 'filter_default_fail', empty: false },
  channels: { kind: 'text', field: 'channels', longest: 10_000 },
  rules: { kind: 'json', field: 'rules', longest: 20_000 },
} as const satisfies Readonly<Record<string, Column>>

export type ColumnName = keyof typeof viewColumns

export function isColumn(name: string): name is ColumnName {
  return Object.hasOwn(viewColumns, name)
}
