import { ddlOf } from '../../bin/operate/source/ddl.ts'
import { random } from '../../lambdas/runtime/random.ts'
import type { Connection } from '../../lambdas/mirror/sql/connection.ts'
import type { SqlEngine } from '../../lambdas/mirror/sql/statements.ts'
import type { Server } from './server.ts'

/** The columns of a table of jobs, as an application has it; what is not named is NULL. */
export type Job = {
  readonly uuid?: string
  readonly project: string
  readonly name?: string
  readonly schedule?: string | null
  readonly timeout?: number | null
  readonly grace?: number
}

/** Makes a table of jobs, and what Overdue reads of it, by the SQL that the command prints. */
export async function makeJobsTable(server: Server, engine: SqlEngine): Promise<void> {
  const uuid = engine === 'mysql' ? 'CHAR(36)' : 'uuid'
  await server.ask(
    `CREATE TABLE jobs (id ${uuid} PRIMARY KEY, project VARCHAR(100) NOT NULL, name VARCHAR(200),
       schedule VARCHAR(300), timeout INT, grace INT)`,
  )
  for (const statement of statementsOf(adapted(engine))) await server.ask(statement)
}

/** Makes, in a schema of its own, a table in which some rows are no checks and have no UUID. */
export async function makeTasksTable(owner: Connection, engine: SqlEngine): Promise<void> {
  await owner.ask('CREATE SCHEMA tasks', [])
  await owner.ask(engine === 'mysql' ? 'USE tasks' : 'SET search_path TO tasks', [])
  await owner.ask(
    `CREATE TABLE tasks (id INT PRIMARY KEY, uuid VARCHAR(300), project INT, name VARCHAR(200),
       schedule VARCHAR(300))`,
    [],
  )
  const ddl = ddlOf({ engine, table: 'tasks', uuid: 'uuid', project: 'project', user: 'none' })
  const isOfUser = /^(GRANT|CREATE USER)/
  for (const statement of statementsOf(ddl))
    if (!isOfUser.test(statement)) await owner.ask(statement, [])
}

/** With two columns more, and a password in place of RDS's ways. */
function adapted(engine: SqlEngine): string {
  const ddl = ddlOf({ engine, table: 'jobs', uuid: 'id', project: 'project', user: 'overdue' })
  return ddl
    .replace(/([`"])schedule\1 AS ([`"])schedule\2/, '$&, timeout, grace')
    .replace(
      /IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL/,
      "IDENTIFIED BY 'secret'",
    )
    .replace(/GRANT rds_iam TO "overdue"/, `ALTER USER "overdue" PASSWORD 'secret'`)
}

/** Statements end with a semicolon at the end of a line, but for those within a function. */
function statementsOf(sql: string): readonly string[] {
  const code = sql.replaceAll(/^ *--.*$/gm, '')
  return code
    .split(/;\n(?=\n)|;\n(?=GRANT|ALTER|CREATE)|;$/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

/** The statement that inserts jobs, and their UUIDs. */
export function insertion(jobs: readonly Job[]): {
  readonly statement: string
  readonly uuids: readonly string[]
} {
  const rows = jobs.map(({ uuid = random.uuid(), project, name, schedule, timeout, grace }) => ({
    uuid,
    values: [uuid, project, name, schedule, timeout === undefined ? 3600 : timeout, grace],
  }))
  const tuples = rows.map(({ values }) => `(${values.map(literal).join(', ')})`)
  return {
    statement: `INSERT INTO jobs (id, project, name, schedule, timeout, grace) VALUES ${tuples.join(', ')}`,
    uuids: rows.map(({ uuid }) => uuid),
  }
}

/** A list of UUIDs as SQL has it. */
export function listed(uuids: readonly string[]): string {
  return `(${uuids.map(literal).join(', ')})`
}

function literal(value: string | number | null | undefined): string {
  if (value === undefined || value === null) return 'NULL'
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`
}
