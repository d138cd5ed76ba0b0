import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { makeOwnDatabase } from './aws/own-database.ts'
import { makeQueues } from './aws/queues.ts'
import { type ApiDeps, makeApp } from './api/app.ts'
import { acceptedCodings } from './runtime/content-coding.ts'
import { notAcceptable, refusal, requestOf, resultOf } from './runtime/function-url.ts'
import type { RequestOrigin } from './api/author.ts'
import { clock } from './runtime/clock.ts'
import { list, optional, required } from './runtime/environment.ts'
import { type TrustedFront, isAdmitted, readFront } from './runtime/front.ts'
import { sourceOf } from './runtime/http.ts'
import { log } from './runtime/log.ts'
import { random } from './runtime/random.ts'
import { Audits } from './store/people/audits.ts'
import { Addresses } from './store/telling/addresses.ts'
import { Allowances } from './store/telling/allowances.ts'
import { Channels } from './store/registry/channels.ts'
import { Deliveries } from './store/telling/deliveries.ts'
import { HeartbeatLists } from './store/watching/heartbeat-lists.ts'
import { Journal } from './store/watching/journal.ts'
import { KnownIntake } from './store/watching/known-intake.ts'
import { KnownWindows } from './store/watching/known-windows.ts'
import { Lookups } from './store/registry/lookups.ts'
import { Operations } from './store/watching/operations.ts'
import { Registry } from './store/registry/registry.ts'
import { Tallies } from './store/registry/tallies.ts'
import { Windows } from './store/registry/windows.ts'

export type ApiHandlerDeps = ApiDeps & {
  /** The one front whose word is taken. */
  readonly trustedFront: TrustedFront | undefined
  /**
   * Whether those are let in, too, who don't come through the distribution. Nothing that a request
   * says of its way is asked of them.
   */
  readonly isOpen?: boolean
}

/** Answers the management API. */
export function makeApiHandler({ trustedFront, isOpen = false, ...deps }: ApiHandlerDeps) {
  const app = makeApp(deps)
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    if (!isOpen && !isAdmitted(event, trustedFront)) return refusal
    const request = requestOf(event, trustedFront)
    const codings = acceptedCodings(request.headers.get('Accept-Encoding') ?? '')
    if (codings.length === 0) return notAcceptable
    const { address } = sourceOf(event, trustedFront)
    const origin = { address, requestId: event.requestContext.requestId } satisfies RequestOrigin
    return resultOf(codings, await app.fetch(request, origin))
  }
}

const database = makeOwnDatabase()

const operations = new Operations(database, required('OPERATIONS_TABLE'))

export const handler = makeApiHandler({
  registry: new Registry(database, required('REGISTRY_TABLE')),
  heartbeats: new HeartbeatLists(database, required('HEARTBEATS_TABLE')),
  lookups: new Lookups(database, required('LOOKUPS_TABLE')),
  tallies: new Tallies(database, required('LOOKUPS_TABLE')),
  journal: new Journal(database, required('JOURNAL_TABLE')),
  windows: new Windows(database, required('REGISTRY_TABLE')),
  knownWindows: new KnownWindows(operations),
  channels: new Channels(database, required('REGISTRY_TABLE')),
  notices: makeQueues()(required('REQUESTS_QUEUE_URL')),
  addresses: new Addresses(database, required('JOURNAL_TABLE')),
  allowances: new Allowances(database, required('JOURNAL_TABLE')),
  audits: new Audits(database, required('JOURNAL_TABLE')),
  deliveries: new Deliveries(database, required('JOURNAL_TABLE')),
  intake: new KnownIntake(operations),
  clock,
  random,
  log,
  pingEndpoint: required('PING_ENDPOINT'),
  topicArns: list('TOPIC_ARNS'),
  busArns: list('BUS_ARNS'),
  trustedFront: readFront(),
  isOpen: optional('OWN_NAME') === 'open',
})
