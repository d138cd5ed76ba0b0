import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { decodedOnce } from '../../domain/watching/ping-url.ts'
import { uuidPattern } from '../../domain/wire/uuid.ts'
import { bodyOf } from '../../runtime/http.ts'
import { type Dialect, plainlyTaken, type Spoken } from './dialect.ts'

/**
 * The words of Oh Dear, as spatie's schedule monitor for Laravel sends them: the path says how a
 * run stands, JSON tells the rest. A ping counts by its path even when its JSON can't be read,
 * because a run that ended must never pass for one that did not.
 */
export const ohDear = {
  read,
  taken: plainlyTaken,
} as const satisfies Dialect

/** No ping key is a UUID, so no slug of Healthchecks' words is hidden by these. */
const OWN = new RegExp(`^(?:/ping)?/(${uuidPattern})/(starting|finished|failed)$`)
/** The package sends some hundred bytes. What is longer is kept, and not read. */
const LONGEST_JSON_BYTES = 100_000
const LONGEST_RUN_SECONDS = 366 * 86_400

type Facts = Readonly<Record<string, unknown>>

function read(event: APIGatewayProxyEventV2): Spoken | undefined {
  if (event.requestContext.http.method !== 'POST') return undefined
  const [, checkId, word] = OWN.exec(decodedOnce(event.rawPath) ?? '') ?? []
  if (checkId === undefined) return undefined
  const sent = bodyOf(event)
  const facts = factsIn(sent)
  const to = { addressee: { checkId }, mayCreate: false, body: keptOf(sent, facts) }
  if (word === 'starting') return { ...to, signal: 'start' }
  const end = word === 'failed' ? ({ signal: 'fail' } as const) : endBy(facts)
  return { ...to, ...end, ...lengthBy(facts) }
}

/** What a body says; undefined when it can't be read. PHP writes nothing at all as a list. */
function factsIn(body: Buffer): Facts | undefined {
  if (body.length === 0) return {}
  if (body.length > LONGEST_JSON_BYTES) return undefined
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** A message is kept as people are to read it. What says nothing is not kept, to save a write. */
function keptOf(sent: Buffer, facts: Facts | undefined): Buffer {
  const message = facts?.['failure_message']
  if (typeof message === 'string' && message !== '') return Buffer.from(message)
  return facts === undefined || Object.keys(facts).length > 0 ? sent : Buffer.alloc(0)
}

/** Laravel has no exit code for a closure: null. Symfony has -1 for a process that was killed. */
function endBy(facts: Facts | undefined): Pick<Spoken, 'signal' | 'exitStatus'> {
  const exitCode = numberOf(facts?.['exit_code'])
  // A byte holds each status that a process can end with.
  const exitStatus = exitCode === (exitCode & 0xff) ? { exitStatus: exitCode } : {}
  const hasFailed = exitCode !== 0 && !Number.isNaN(exitCode)
  return { signal: hasFailed ? 'fail' : 'success', ...exitStatus }
}

/** The package sends 0 for a run in the background, of which it does not know how long it took. */
function lengthBy(facts: Facts | undefined): Pick<Spoken, 'tookMs'> {
  const seconds = numberOf(facts?.['runtime'])
  return seconds > 0 && seconds <= LONGEST_RUN_SECONDS ? { tookMs: Math.round(seconds * 1000) } : {}
}

function numberOf(value: unknown): number {
  if (typeof value === 'string' && value.trim() !== '') return Number(value)
  return typeof value === 'number' ? value : NaN
}
