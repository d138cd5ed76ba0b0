import { createHash } from 'node:crypto'
import type { PlayedAnswer, ReceivedRequest } from '../../lambdas/channels/played-answer.ts'
import { CALL_TIMEOUT_MS } from '../../lambdas/channels/http.ts'
import { answerPlayers } from '../../lambdas/channels/kinds.ts'
import type { Database } from '../../lambdas/runtime/database.ts'
import { nextLookAt, nextResendAt } from '../../lambdas/domain/telling/resend.ts'
import { notedAtOf, unacknowledgedFlip } from '../../lambdas/domain/watching/flip.ts'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import { parseMailbox, type Unpingable } from '../../lambdas/domain/watching/mailbox.ts'
import { isCanary } from '../../lambdas/domain/watching/own-heartbeats.ts'
import { decodedOnce } from '../../lambdas/domain/watching/ping-url.ts'
import { makeInspection } from '../../lambdas/domain/watching/inspection.ts'
import { uuidPattern } from '../../lambdas/domain/wire/uuid.ts'
import type { TableName } from '../../lambdas/store/keys.ts'
import { Sessions } from '../../lambdas/store/people/sessions.ts'
import { Users } from '../../lambdas/store/people/users.ts'
import { Audits } from '../../lambdas/store/people/audits.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Operations } from '../../lambdas/store/watching/operations.ts'

/*
 * This file holds all that the local stack knows of Overdue besides its template. Everything else
 * here plays AWS, and could play another template.
 */

/** The scheduled functions. Runs of theirs that would change nothing are skipped. */
export const scheduled = { sweep: 'sweep', sync: 'sync', drill: 'drill', mirror: 'mirror' } as const

const tables = {
  registry: 'Registry',
  heartbeats: 'Heartbeats',
  lookups: 'Lookups',
  operations: 'Operations',
  sessions: 'Sessions',
  journal: 'Journal',
} as const satisfies Record<string, TableName>

/** The tables that scheduled functions read. */
const watchedTables: readonly string[] = [tables.registry, tables.heartbeats, tables.lookups]

export type OperatorStores = {
  readonly registry: Registry
  readonly lookups: Lookups
  readonly heartbeats: Heartbeats
  readonly operations: Operations
  readonly users: Users
  readonly sessions: Sessions
  readonly audits: Audits
}

export function makeOperatorStores(database: Database): OperatorStores {
  return {
    registry: new Registry(database, tables.registry),
    lookups: new Lookups(database, tables.lookups),
    heartbeats: new Heartbeats(database, tables.heartbeats),
    operations: new Operations(database, tables.operations),
    users: new Users(database, tables.registry),
    sessions: new Sessions(database, tables.sessions),
    audits: new Audits(database, tables.journal),
  }
}

/** A call to AWS. */
type Sent = { readonly input: Readonly<Record<string, unknown>> }

/** Whether a call is about the canary, which Overdue pings by itself. */
export function isOfCanary({ input }: Sent): boolean {
  const { Key } = input as { readonly Key?: { readonly id?: { readonly S?: string } } }
  return isCanary(Key?.id?.S ?? '')
}

/** Whether a write may give scheduled functions something to do. Writes of the canary don't. */
export function isWatched(written: readonly string[], call: Sent): boolean {
  return !isOfCanary(call) && written.some((table) => watchedTables.includes(table))
}

const routes: readonly (readonly [pattern: RegExp, functionName: string])[] = [
  [/^\/ping(\/|$)/, 'ping'],
  [new RegExp(`^/${uuidPattern}`, 'i'), 'ping'],
  [/^\/(app(\/.*)?)?$/, 'web'],
  [/^\/(api\/v\d|badge|b|projects|monitors)(\/|$)/, 'api'],
  // Ping key and slug. A name that serves both APIs sends all other paths to pings, too.
  [/^\/[-\w]+\/[-\w]/, 'ping'],
]

/** The function that answers at a path; undefined when none does. */
export function functionBehind(path: string): string | undefined {
  const decoded = decodedOnce(path) ?? path
  return routes.find(([pattern]) => pattern.test(decoded))?.[1]
}

/** Whether a path lists the log of a check, which is written behind the answer to a ping. */
export function listsLog(path: string): boolean {
  return /^\/api\/v\d\/checks\/[^/]+\/(pings|flips)\//.test(path)
}

/** Why nothing can be pinged at an address of a domain; undefined when it can. */
export function refusalOf(address: string, domain: string): Unpingable | undefined {
  const addressee = parseMailbox(address, domain)
  return typeof addressee === 'string' ? addressee : undefined
}

/**
 * Settings of an assembly that would have a function call the internet by itself: a stack on this
 * machine must not tell a deployment's watcher that all is well.
 */
export const unheard = { WATCHER_URL: '' } as const

/** The database of this machine that is mirrored, in place of the one that the template names. */
export function toldOf(source: string | undefined): Readonly<Record<string, string>> {
  return source === undefined ? {} : { SOURCE_URL: source }
}

/** How long a function waits for an answer from the internet. */
export const patienceMs = CALL_TIMEOUT_MS

/** What a service of the internet answers when it takes a request. */
export function playedAnswerTo(request: ReceivedRequest): PlayedAnswer {
  for (const answerTo of answerPlayers()) {
    const answer = answerTo(request)
    if (answer !== undefined) return answer
  }
  return { status: 200, body: 'ok' }
}

/** How long before a deadline a run may do something: longer than a sweep looks ahead. */
const LEAD_MS = 180_000

/** A check that waits for another is looked at by each sweep. */
const LOOK_EACH_SWEEP_MS = 60_000

/**
 * What there was to see when runs were last skipped: the checks, and when outages are looked at.
 */
export type Sight = { readonly checks: string; readonly looks: ReadonlyMap<string, number> }

/** Before when sweeps find nothing to do, `end` at most; and what was seen. */
export type Quiet = { readonly until: number; readonly sight: Sight }

/**
 * How long sweeps find nothing to do, as the heartbeats are now. While no check has changed, nobody
 * needs to look again at one that waits for another: that would only put off the next look.
 */
export async function quietFrom(
  heartbeats: Pick<Heartbeats, 'scan'>,
  [now, end]: readonly [now: number, end: number],
  before: Sight | undefined,
): Promise<Quiet> {
  const inspect = makeInspection(now, end + LEAD_MS)
  const checks = createHash('sha1')
  const looks = new Map<string, number>()
  let first = end + LEAD_MS
  for await (const page of heartbeats.scan(0, 1)) {
    for (const heartbeat of page.heartbeats) {
      if (isCanary(heartbeat.id)) continue
      const { id, version, status, since, pingCount, lookAt } = heartbeat
      checks.update(`${id} ${version} ${status} ${since?.at} ${pingCount} `)
      if (status === 'down' && lookAt !== undefined) looks.set(id, lookAt)
      first = Math.min(
        first,
        inspect(heartbeat).deadline ?? first,
        resendAtOf(heartbeat, now) ?? first,
      )
    }
  }
  const sight = { checks: checks.digest('hex'), looks }
  const idle = before?.checks === sight.checks ? before.looks : undefined
  for (const [id, lookAt] of looks) {
    const isPutOff = idle !== undefined && idle.get(id) !== lookAt
    if (!isPutOff || lookAt > now + LOOK_EACH_SWEEP_MS)
      first = Math.min(first, nextLookAt(lookAt, now) ?? first)
  }
  return { until: Math.min(first - LEAD_MS, end), sight }
}

function resendAtOf(heartbeat: Heartbeat, now: number): number | undefined {
  const notedAt = unacknowledgedFlip(heartbeat) && notedAtOf(heartbeat)
  return notedAt === undefined ? undefined : nextResendAt(notedAt, now)
}
