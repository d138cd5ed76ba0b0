import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { makeApiHandler } from '../../lambdas/api.ts'
import type { ApiDeps } from '../../lambdas/api/app.ts'
import type { Notice } from '../../lambdas/domain/telling/notice.ts'
import type { Signal } from '../../lambdas/domain/watching/ping.ts'
import { log } from '../../lambdas/runtime/log.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Audits } from '../../lambdas/store/people/audits.ts'
import { Addresses } from '../../lambdas/store/telling/addresses.ts'
import { Allowances } from '../../lambdas/store/telling/allowances.ts'
import { Channels } from '../../lambdas/store/registry/channels.ts'
import { Deliveries } from '../../lambdas/store/telling/deliveries.ts'
import { HeartbeatLists } from '../../lambdas/store/watching/heartbeat-lists.ts'
import { KnownWindows } from '../../lambdas/store/watching/known-windows.ts'
import { Operations } from '../../lambdas/store/watching/operations.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { Tallies } from '../../lambdas/store/registry/tallies.ts'
import { Windows } from '../../lambdas/store/registry/windows.ts'
import { aPing, start } from './builders.ts'
import { actingAs } from './granted.ts'
import { healthyIntake } from './intake.ts'
import { makeTables } from './engine.ts'
import { aRequest } from './requests.ts'

/** What goes out with a request: `json` or `raw` is the body. */
export type Sent = {
  readonly key?: string
  readonly json?: unknown
  readonly raw?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** What tests look into, where there is such a field. */
export type Json = {
  readonly error: string
  readonly uuid: string
  readonly unique_key: string
  readonly name: string
  readonly slug: string
  readonly status: string
  readonly grace: number
  readonly next_ping: string
  readonly channels: unknown
  readonly update_url: string
  readonly checks: readonly Json[]
  readonly pings: readonly { readonly n: number; readonly duration?: number }[]
}

export type ApiAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
  readonly json: Json
}

const PROXY = '192.0.2.1'

/**
 * The management API over fresh tables on a real engine, with a clock that stands until a test
 * moves it.
 */
export async function makeTestApi() {
  const engine = await makeTables()
  const time = { now: start }
  const clock = {
    now: () => time.now,
    waitUntil: (at: number) => Promise.resolve(void (time.now = Math.max(time.now, at))),
  }
  const registry = new Registry(engine.database, engine.names.Registry)
  const heartbeats = new HeartbeatLists(engine.database, engine.names.Heartbeats)
  const lookups = new Lookups(engine.database, engine.names.Lookups)
  const journal = new Journal(engine.database, engine.names.Journal)
  const tallies = new Tallies(engine.database, engine.names.Lookups)
  const channels = new Channels(engine.database, engine.names.Registry)
  const deliveries = new Deliveries(engine.database, engine.names.Journal)
  const operations = new Operations(engine.database, engine.names.Operations)
  const sent: Notice[] = []
  const world = {
    registry,
    heartbeats,
    lookups,
    journal,
    tallies,
    channels,
    windows: new Windows(engine.database, engine.names.Registry),
    operations,
    knownWindows: new KnownWindows(operations),
    deliveries,
    audits: new Audits(engine.database, engine.names.Journal),
    notices: { send: (notices: readonly Notice[]) => Promise.resolve(void sent.push(...notices)) },
    addresses: new Addresses(engine.database, engine.names.Journal),
    allowances: new Allowances(engine.database, engine.names.Journal),
    intake: healthyIntake,
    clock,
    random,
    log,
    pingEndpoint: 'https://ping.example.com/ping',
    topicArns: [
      'arn:aws:sns:us-east-1:123456789012:alerts',
      'arn:aws:sns:us-east-1:123456789012:team-*',
    ],
    busArns: ['arn:aws:events:us-east-1:123456789012:event-bus/default'],
    trustedFront: PROXY,
  }

  /** The API, with some of its stores replaced. */
  const makeCall = (deps: Partial<ApiDeps>) => {
    const handle = makeApiHandler({ ...world, ...deps })
    return async (method: string, path: string, sent: Sent = {}): Promise<ApiAnswer> => {
      const {
        statusCode = 0,
        headers = {},
        body = '',
        isBase64Encoded = false,
      } = await actingAs('Api', () => handle(anEvent(method, path, sent)))
      const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
      const isJson =
        headers['content-type'] === 'application/json' &&
        headers['content-encoding'] === undefined &&
        bytes.length > 0
      return {
        status: statusCode,
        headers: headers as Record<string, string>,
        bytes,
        json: (isJson ? JSON.parse(bytes.toString()) : undefined) as Json,
      }
    }
  }
  let requests = 0
  return {
    ...world,
    engine,
    time,
    sent,
    call: makeCall({}),
    makeCall,
    async project(checkLimit?: number): Promise<CreatedProject> {
      const email = `${random.uuid()}@example.com`
      const created = await registry.createProject(
        { name: 'Shop', email, ...(checkLimit === undefined ? {} : { checkLimit }) },
        start,
        random,
      )
      if (created === 'key-taken') throw new Error('a key is taken')
      return created
    },
    async ping(checkId: string, signal: Signal = 'success') {
      requests += 1
      return heartbeats.recordPing(
        checkId,
        aPing({ signal, at: time.now, requestId: `request-${requests}` }),
      )
    },
    stop: () => engine.stop(),
  }
}

/** An event as a function URL sends it; over http it comes through the trusted front. */
function anEvent(
  method: string,
  target: string,
  { key, json, raw, headers = {} }: Sent,
): APIGatewayProxyEventV2 {
  const [path = '', query = ''] = target.split('?')
  const body = raw ?? (json === undefined ? undefined : JSON.stringify(json))
  return aRequest({
    method,
    path,
    query,
    headers: {
      host: 'api.example.com',
      ...(key === undefined ? {} : { 'x-api-key': key }),
      ...headers,
    },
    domainName: 'api.example.com',
    sourceIp: PROXY,
    requestId: random.uuid(),
    ...(body === undefined ? {} : { body: Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined,
  })
}
