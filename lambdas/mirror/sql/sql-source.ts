import type { CheckSource, SourceRow } from '../source.ts'
import type { Connection } from './connection.ts'
import { type SqlEngine, knownColumns, statementsFor } from './statements.ts'

/** A source behind one connection. @throws when the view is not there, or lacks a column. */
export async function sqlSource(connection: Connection, engine: SqlEngine): Promise<CheckSource> {
  const statements = statementsFor(engine)
  const names = knownColumns((await connection.ask(statements.columns, [])).columns)
  const select = async (
    statement: string,
    values: Parameters<Connection['ask']>[1],
  ): Promise<readonly SourceRow[]> => (await connection.ask(statement, values)).rows
  return {
    changes: async (after = '0', most) =>
      (await select(statements.changes, [Number(after), most])).map(({ id, uuid }) => {
        const name = String(uuid)
        return { id: String(id), uuid: uuid === null ? undefined : name }
      }),
    rows: async (uuids) => (uuids.length === 0 ? [] : select(statements.rows(names), [[...uuids]])),
    page: (after, most) =>
      after === undefined
        ? select(statements.firstPage(names), [most])
        : select(statements.nextPage(names), [after, most]),
    forget: async (ids) => {
      if (ids.length > 0) await connection.ask(...statements.forget(ids))
    },
    end: () => connection.end(),
  }
}
