import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { makeOwnDatabase } from './aws/own-database.ts'
import { makeQueues } from './aws/queues.ts'
import { random } from './runtime/random.ts'
import { clock } from './runtime/clock.ts'
import { acceptedCodings } from './runtime/content-coding.ts'
import { list, optional, required } from './runtime/environment.ts'
import { notAcceptable, refusal, requestOf, resultOf } from './runtime/function-url.ts'
import { type TrustedFront, isAdmitted, readFront } from './runtime/front.ts'
import { sourceOf } from './runtime/http.ts'
import { log } from './runtime/log.ts'
import { Audits } from './store/people/audits.ts'
import { KnownBrowsers } from './store/people/known-browsers.ts'
import { SignInLimits } from './store/people/sign-in-limits.ts'
import { SignIns } from './store/people/sign-ins.ts'
import { Sessions } from './store/people/sessions.ts'
import { Users } from './store/people/users.ts'
import { joinedReads } from './store/items/joined-reads.ts'
import { ApiKeys } from './store/registry/api-keys.ts'
import { Channels } from './store/registry/channels.ts'
import { Projects } from './store/registry/projects.ts'
import { Lookups } from './store/registry/lookups.ts'
import { Registry } from './store/registry/registry.ts'
import { Addresses } from './store/telling/addresses.ts'
import { Allowances } from './store/telling/allowances.ts'
import { Deliveries } from './store/telling/deliveries.ts'
import { HeartbeatLists } from './store/watching/heartbeat-lists.ts'
import { Journal } from './store/watching/journal.ts'
import { KnownIntake } from './store/watching/known-intake.ts'
import { KnownWindows } from './store/watching/known-windows.ts'
import { Operations } from './store/watching/operations.ts'
import { readAssets } from './web/assets.ts'
import { makeDashboard } from './web/app.ts'
import { ListedChecks } from './web/listed-checks.ts'
import { TroubledChannels } from './web/troubles.ts'
import { routes, type WebDeps } from './web/routes.ts'

export type WebHandlerDeps = WebDeps & {
  /** The one front whose word is taken. */
  readonly trustedFront: TrustedFront | undefined
}

/** What fits into one packet is sent as it is. */
const COMPRESSED_FROM_BYTES = 1200

/** Answers the dashboard. */
export function makeWebHandler({ trustedFront, ...deps }: WebHandlerDeps) {
  const app = makeDashboard(deps, routes)
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    if (!isAdmitted(event, trustedFront)) return refusal
    const request = requestOf(event, trustedFront)
    // An event keeps them apart from the other headers, as an answer does.
    if (event.cookies !== undefined) request.headers.set('Cookie', event.cookies.join('; '))
    const codings = acceptedCodings(request.headers.get('Accept-Encoding') ?? '')
    if (codings.length === 0) return notAcceptable
    const { address } = sourceOf(event, trustedFront)
    const { requestId } = event.requestContext
    const response = await app.fetch(request, { address, requestId })
    const cookies = response.headers.getSetCookie()
    response.headers.delete('Set-Cookie')
    return { ...(await resultOf(codings, response, COMPRESSED_FROM_BYTES)), cookies }
  }
}

const database = makeOwnDatabase()
const registry = required('REGISTRY_TABLE')
const sessions = required('SESSIONS_TABLE')
const journal = required('JOURNAL_TABLE')
const operations = new Operations(database, required('OPERATIONS_TABLE'))

/** What lists of checks are made of, and what is said above them. */
const watching = {
  registry: new Registry(database, registry, joinedReads),
  audits: new Audits(database, journal),
  heartbeats: new HeartbeatLists(database, required('HEARTBEATS_TABLE')),
  knownWindows: new KnownWindows(operations),
  intake: new KnownIntake(operations),
  deliveries: new Deliveries(database, journal),
  addresses: new Addresses(database, journal),
}

const requests = makeQueues()(required('REQUESTS_QUEUE_URL'))

export const handler = makeWebHandler({
  ...watching,
  listed: new ListedChecks(watching),
  troubled: new TroubledChannels(watching),
  users: new Users(database, registry),
  sessions: new Sessions(database, sessions),
  signIns: new SignIns(database, sessions),
  knownBrowsers: new KnownBrowsers(database, sessions),
  signInLimits: new SignInLimits(database, sessions),
  personalMails: requests,
  notices: requests,
  random,
  log,
  journal: new Journal(database, journal),
  channels: new Channels(database, registry),
  allowances: new Allowances(database, journal),
  topicArns: list('TOPIC_ARNS'),
  busArns: list('BUS_ARNS'),
  lookups: new Lookups(database, required('LOOKUPS_TABLE')),
  pingEndpoint: required('PING_ENDPOINT'),
  pingEmailDomain: optional('PING_EMAIL_DOMAIN'),
  apiRoot: new URL(required('API_URL')).origin,
  apiKeys: new ApiKeys(database, registry),
  projects: new Projects(database, registry),
  clock,
  assets: readAssets(optional('LAMBDA_TASK_ROOT')),
  localPage: optional('LOCAL_PAGE'),
  trustedFront: readFront(),
})
