import * as z from 'zod'
import { makeDatabaseToken } from '../../aws/database-token.ts'
import { secretText } from '../../aws/secret.ts'
import { credentials } from '../../aws/service.ts'
import { optional, required } from '../../runtime/environment.ts'
import type { CheckSource } from '../source.ts'
import type { Place } from './connection.ts'
import { connectToMysql } from './mysql.ts'
import { connectToPostgres } from './postgres.ts'
import { sqlSource } from './sql-source.ts'
import type { SqlEngine } from './statements.ts'

/** A database, and how to get into it. */
export type DatabaseAccess = { readonly engine: SqlEngine; readonly place: Place }

const usualPorts: Readonly<Record<SqlEngine, number>> = { mysql: 3306, postgres: 5432 }

/** Connects to a database. @throws when it is away, lets nobody in, or has no view of checks. */
export async function openSource({ engine, place }: DatabaseAccess): Promise<CheckSource> {
  const connect = engine === 'mysql' ? connectToMysql : connectToPostgres
  const connection = await connect(place)
  try {
    return await sqlSource(connection, engine)
  } catch (error) {
    await connection.end()
    throw error
  }
}

/**
 * What the environment says of the database: a secret of Secrets Manager, or a URL. Without a
 * password in it the role of the function lets it in (IAM authentication). A URL with one is that
 * of a database on a laptop.
 */
export async function accessToSource(now: number): Promise<DatabaseAccess> {
  const secret = optional('SOURCE_SECRET')
  if (secret !== undefined) return accessBySecret(await secretText(secret))
  const access = accessByUrl(required('SOURCE_URL'))
  if (access.place.password !== '') return access
  const scope = { ...access.place, region: required('AWS_REGION') }
  const password = await makeDatabaseToken(scope, credentials(), now)
  return { ...access, place: { ...access.place, password, isProven: true, isToken: true } }
}

/** As in `mysql://user:password@host:3306/database`. @throws when it is none. */
export function accessByUrl(text: string): DatabaseAccess {
  const url = URL.parse(text)
  const engine = engineOf(url?.protocol.slice(0, -1) ?? '')
  if (url === null || engine === undefined)
    throw new Error('the URL of a source begins with mysql:// or postgres://')
  const place = {
    host: url.hostname,
    port: url.port === '' ? usualPorts[engine] : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    isProven: false,
    isToken: false,
  }
  return { engine, place }
}

/** As RDS makes them. */
const secretShape = z.object({
  engine: z.string(),
  host: z.string(),
  port: z.coerce.number().optional(),
  username: z.string(),
  password: z.string(),
  dbname: z.string(),
})

/** @throws when the secret is none that RDS has made for one database. */
export function accessBySecret(text: string): DatabaseAccess {
  const read = secretShape.safeParse(jsonOf(text))
  const engine = read.success ? engineOf(read.data.engine) : undefined
  if (!read.success || engine === undefined)
    throw new Error('the secret must have engine, host, username, password and dbname, as of RDS')
  const { host, port = usualPorts[engine], username: user, password, dbname } = read.data
  const place = { host, port, user, password, database: dbname, isProven: true, isToken: false }
  return { engine, place }
}

/** What is wrong with a secret must not be told by showing it. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function engineOf(name: string): SqlEngine | undefined {
  if (/^(aurora-)?postgres(ql)?$/.test(name)) return 'postgres'
  return /^(mysql|mariadb|aurora|aurora-mysql)$/.test(name) ? 'mysql' : undefined
}
