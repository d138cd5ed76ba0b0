import {
  type Column,
  type ColumnName,
  isColumn,
  viewColumns,
  sourceNames,
} from '../../domain/mirroring/view.ts'
import type { AskedValue } from './connection.ts'

export const engines = ['mysql', 'postgres'] as const

export type SqlEngine = (typeof engines)[number]

/** What is asked of the database; a list is handed over in the place of one parameter. */
export type Statements = {
  /** Answers with no row; its columns are those of the view. */
  readonly columns: string
  readonly changes: string
  readonly forget: (ids: readonly string[]) => Question
  readonly rows: Selection
  readonly firstPage: Selection
  readonly nextPage: Selection
}

/** A statement, and the values in the places of its parameters. */
type Question = readonly [statement: string, values: readonly AskedValue[]]

type Selection = (names: readonly ColumnName[]) => string

/**
 * Rows are found by their UUID and nothing else, which their tables have an index on. Of texts so
 * much is read as shows that they are too long: five hundred rows have to fit into memory.
 */
export function statementsFor(engine: SqlEngine): Statements {
  const { quoted, isOneOf, mark, textOf, forget } = dialects[engine]
  const uuid = quoted('uuid')
  const selected = (name: ColumnName) => {
    const { longest }: Column = viewColumns[name]
    return longest === undefined
      ? quoted(name)
      : `LEFT(${textOf(quoted(name))}, ${longest + 1}) AS ${quoted(name)}`
  }
  const from: Selection = (names) => `SELECT ${names.map(selected).join(', ')} FROM ${view}`
  return {
    columns: `SELECT * FROM ${view} LIMIT 0`,
    changes: `SELECT id, ${uuid} FROM ${changes} WHERE id > ${mark(1)} ORDER BY id LIMIT ${mark(2)}`,
    forget,
    rows: (names) => `${from(names)} WHERE ${uuid} ${isOneOf}`,
    firstPage: (names) =>
      `${from(names)} WHERE ${uuid} IS NOT NULL ORDER BY ${uuid} LIMIT ${mark(1)}`,
    nextPage: (names) =>
      `${from(names)} WHERE ${uuid} > ${mark(1)} ORDER BY ${uuid} LIMIT ${mark(2)}`,
  }
}

const { view, changes } = sourceNames

const dialects: Readonly<Record<SqlEngine, Dialect>> = {
  mysql: {
    quoted: (name) => `\`${name}\``,
    isOneOf: 'IN (?)',
    mark: () => '?',
    textOf: (column) => column,
    // With IN, MariaDB goes through a table of few changes as a whole, and waits for those that
    // others have written and not committed. A join finds each by its id.
    forget: (ids) => [
      `DELETE noted FROM (${ids.map(() => 'SELECT ? AS id').join(' UNION ALL ')}) AS taken
         STRAIGHT_JOIN ${changes} AS noted ON noted.id = taken.id`,
      ids.map(Number),
    ],
  },
  postgres: {
    quoted: (name) => `"${name}"`,
    isOneOf: '= ANY($1)',
    mark: (place) => `$${place}`,
    textOf: (column) => `${column}::text`,
    forget: (ids) => [`DELETE FROM ${changes} WHERE id = ANY($1)`, [[...ids]]],
  },
}

type Dialect = {
  readonly quoted: (name: string) => string
  readonly isOneOf: string
  readonly mark: (place: number) => string
  /** A column that may have a type of its own, such as JSON. */
  readonly textOf: (column: string) => string
  /** Of ids, at least one. */
  readonly forget: Statements['forget']
}

/** Those columns of a view that are asked for. @throws when one is missing that all rows need. */
export function knownColumns(found: readonly string[]): readonly ColumnName[] {
  const missing = ['uuid', 'project'].find((name) => !found.includes(name))
  if (missing !== undefined)
    throw new Error(`the view ${sourceNames.view} has no column ${missing}`)
  return Object.keys(viewColumns)
    .filter(isColumn)
    .filter((name) => found.includes(name))
}
