import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { makeDatabase } from './aws/database.ts'
import { makeFunctionCall } from './aws/function-call.ts'
import { makeOwnDatabase, rawForm } from './aws/own-database.ts'
import { makeQueues } from './aws/queues.ts'
import { parseProvisioned } from './domain/watching/provisioning.ts'
import { type PingAnswer, answer, answerToMethod } from './ping/answers.ts'
import { PingMemory } from './ping/memory.ts'
import { answerMistake } from './ping/mistake.ts'
import { rehearsedPing } from './ping/rehearsal.ts'
import { readPing } from './ping/request.ts'
import { RECORDING_MS, take, type TakeDeps } from './ping/take.ts'
import { boundedCalls } from './runtime/bounded-calls.ts'
import { clock } from './runtime/clock.ts'
import { countOrNone, requiredWord, required, requiredCount } from './runtime/environment.ts'
import { type TrustedFront, isAdmitted, readFront } from './runtime/front.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'
import { Journal } from './store/watching/journal.ts'
import { Lookups } from './store/registry/lookups.ts'

export type PingDeps = TakeDeps & {
  readonly trustedFront: TrustedFront | undefined
  /** How many pings of one kind to one check are taken a minute; infinity for all. */
  readonly pingsPerMinute: number
}

/** Takes pings: validates, records, answers. It never reads the registry. */
export function makePingHandler(
  deps: PingDeps,
): (event: APIGatewayProxyEventV2) => Promise<PingAnswer> {
  const parts = { ...deps, memory: new PingMemory(deps.pingsPerMinute) }
  return async (event) => {
    if (!isAdmitted(event, deps.trustedFront)) return answer(deps, [403, 'forbidden'])
    const answerToOther = answerToMethod(deps, event.requestContext.http.method)
    if (answerToOther !== undefined) return answerToOther
    const request = readPing(deps, event)
    if ('refused' in request) return answer(deps, request.refused)
    return 'mistake' in request ? answerMistake(deps, request) : take(parts, request)
  }
}

/** Takes a ping with stores that call nobody, so that the code is compiled before a job's ping. */
export function rehearse(deps: PingDeps): Promise<PingAnswer> {
  const nowhere = makeDatabase(() => Promise.resolve({}), rawForm)
  const nothing = () => Promise.reject(new Error('a rehearsal comes to nothing'))
  return makePingHandler({
    ...deps,
    heartbeats: new Heartbeats(nowhere, ''),
    journal: new Journal(nowhere, ''),
    lookups: new Lookups(nowhere, ''),
    provision: nothing,
    spill: nothing,
    trustedFront: undefined,
  })(rehearsedPing)
}

/** Two tries fit into the time that recording has. */
const database = makeOwnDatabase(
  boundedCalls({ connectionTimeoutMs: 800, requestTimeoutMs: 800, maxAttempts: 2 }),
)
/**
 * A cold start of `provision` may take all of the time that recording has. The second attempt only
 * helps after a quick failure.
 */
const provision = makeFunctionCall(required('PROVISION_FUNCTION'), {
  connectionTimeoutMs: 800,
  requestTimeoutMs: RECORDING_MS,
  maxAttempts: 2,
})

/** Two tries fit into the time that a ping has left after DynamoDB has failed it. */
const queueAt = makeQueues({ connectionTimeoutMs: 400, requestTimeoutMs: 400, maxAttempts: 2 })
const spillQueue = queueAt(required('SPILL_QUEUE_URL'))

const live: PingDeps = {
  heartbeats: new Heartbeats(database, required('HEARTBEATS_TABLE')),
  journal: new Journal(database, required('JOURNAL_TABLE')),
  lookups: new Lookups(database, required('LOOKUPS_TABLE')),
  provision: async (alias) => parseProvisioned(await provision(alias)),
  spill: (spilled) => spillQueue.send([spilled]),
  clock,
  unknownPings: requiredWord('UNKNOWN_PINGS', ['open', 'hosted', 'strict']),
  bodyLimit: countOrNone('PING_BODY_LIMIT'),
  logDays: requiredCount('LOG_DAYS'),
  trustedFront: readFront(),
  pingsPerMinute: countOrNone('PING_RATE'),
}

export const handler = makePingHandler(live)

// Lambda waits for this before it gives the instance its first ping.
await database.connect(() => rehearse(live))
