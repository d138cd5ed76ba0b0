/** What is known of the tables behind the view: one has a row for each check. */
export type DdlOptions = {
  readonly engine: 'mysql' | 'postgres'
  readonly table: string
  readonly uuid: string
  readonly project: string
  readonly user: string
}

/** What differs between databases. */
export type DdlParts = {
  readonly quoted: (name: string) => string
  /** The statement that makes the table of changes. */
  readonly changes: string
  readonly triggers: string
  /** How a trigger looks at some columns only. */
  readonly narrower: string
  /** What triggers do not see, and how to live with it. */
  readonly unseen: readonly string[]
  readonly grants: string
}
