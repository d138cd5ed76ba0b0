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
}

/**
 * The columns of the view, as fields of the API. All but `uuid` and `project` may be missing, and
 * any other is not asked for.
 */
export const viewColumns = {
  uuid: { kind: 'text', field: 'uuid' },
  project: { kind: 'text', field: 'project' },
  name: { kind: 'text', field: 'name', empty: '' },
  slug: { kind: 'text', field: 'slug', empty: '' },
  tags: { kind: 'text', field: 'tags', empty: '' },
  description: { kind: 'text', field: 'desc', empty: '' },
  timeout: { kind: 'whole', field: 'timeout' },
  schedule: { kind: 'text', field: 'schedule' },
  tz: { kind: 'text', field: 'tz', empty: 'UTC' },
  grace: { kind: 'whole', field: 'grace', empty: 3600 },
  methods: { kind: 'text', field: 'methods', empty: '' },
  manual_resume: { kind: 'flag', field: 'manual_resume', empty: false },
  start_kw: { kind: 'text', field: 'start_kw', empty: '' },
  success_kw: { kind: 'text', field: 'success_kw', empty: '' },
  failure_kw: { kind: 'text', field: 'failure_kw', empty: '' },
  filter_subject: { kind: 'flag', field: 'filter_subject', empty: false },
  filter_body: { kind: 'flag', field: 'filter_body', empty: false },
  filter_http_body: { kind: 'flag', field: 'filter_http_body', empty: false },
  filter_default_fail: { kind: 'flag', field: 'filter_default_fail', empty: false },
  channels: { kind: 'text', field: 'channels' },
  rules: { kind: 'json', field: 'rules' },
} as const satisfies Readonly<Record<string, Column>>

export type ColumnName = keyof typeof viewColumns

export function isColumn(name: string): name is ColumnName {
  return Object.hasOwn(viewColumns, name)
}
