import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { parsePingPath } from '../../domain/watching/ping-url.ts'
import { parseUuid } from '../../domain/wire/uuid.ts'
import { bodyOf } from '../../runtime/http.ts'
import { type Dialect, plainlyTaken } from './dialect.ts'

/**
 * The words of Healthchecks: the path says which check and how its run stands, the query says which
 * run.
 */
export const healthchecks = {
  read,
  taken: plainlyTaken,
} as const satisfies Dialect

function read(event: APIGatewayProxyEventV2): ReturnType<Dialect['read']> {
  const query = new URLSearchParams(event.rawQueryString)
  // The last of a parameter's values counts, here and below.
  const mayCreate = query.getAll('create').at(-1) === '1'
  const target = parsePingPath(event.rawPath)
  // No check has a long slug. `?create=1` asks for one: its sender hears that the URL is wrong.
  if (target === undefined || (target === 'long-slug' && !mayCreate)) return undefined
  if (typeof target === 'string') return { refused: [400, 'invalid url format'] }
  const { addressee, signal, exitStatus } = target
  const runId = runIdOf(query)
  if (signal === 'invalid-exit-status')
    return { addressee, mayCreate, mistake: 'invalid url format' }
  if (runId === 'invalid') return { addressee, mayCreate, mistake: 'invalid uuid format' }
  return {
    addressee,
    mayCreate,
    signal,
    ...(exitStatus === undefined ? {} : { exitStatus }),
    ...(runId === undefined ? {} : { runId }),
    body: bodyOf(event),
  }
}

function runIdOf(query: URLSearchParams): string | undefined {
  const text = query.getAll('rid').at(-1)
  return text === undefined ? undefined : (parseUuid(text) ?? 'invalid')
}
