import type { Agent } from 'node:http'
import { backOff } from '../runtime/backoff.ts'
import { boundedCalls, usualLimits } from '../runtime/bounded-calls.ts'
import { clock } from '../runtime/clock.ts'
import { optional, required } from '../runtime/environment.ts'
import { type Reply, type Exchange, makeExchange, type Outgoing } from './exchange.ts'
import { ServiceError } from './service-error.ts'
import { type Credentials, Signer } from './signer.ts'

/** As they stand in host names and in signatures, and as the environment names their endpoints. */
const services = {
  dynamodb: { host: 'dynamodb', signed: 'dynamodb', variable: 'DYNAMODB' },
  events: { host: 'events', signed: 'events', variable: 'EVENTBRIDGE' },
  lambda: { host: 'lambda', signed: 'lambda', variable: 'LAMBDA' },
  monitoring: { host: 'monitoring', signed: 'monitoring', variable: 'CLOUDWATCH' },
  secretsmanager: { host: 'secretsmanager', signed: 'secretsmanager', variable: 'SECRETS_MANAGER' },
  sesv2: { host: 'email', signed: 'ses', variable: 'SESV2' },
  sns: { host: 'sns', signed: 'sns', variable: 'SNS' },
  sqs: { host: 'sqs', signed: 'sqs', variable: 'SQS' },
} as const

export type ServiceName = keyof typeof services

/**
 * As the SDK's clients take them, as far as they are used here (`boundedCalls`). An attempt
 * includes connecting.
 */
export type ClientSettings = {
  readonly endpoint?: string
  readonly maxAttempts?: number
  readonly requestHandler?: {
    readonly connectionTimeout: number
    readonly requestTimeout: number
    readonly httpAgent: Agent
    readonly httpsAgent: Agent
  }
}

/** Names of headers are in lower case. */
export type ServiceRequest = Pick<Outgoing, 'path' | 'headers' | 'body' | 'onSent'> & {
  readonly method?: 'GET' | 'POST'
}

const CONNECT_MS = 1000
/** Steps of back-off that throttling is worth: waits of up to 400 and 800 ms, not 25 and 50. */
const THROTTLED_STEPS = 4

/**
 * Signed calls to one service of AWS, at the address and with the credentials that the environment
 * gives, as the SDK takes them.
 */
export class Service {
  readonly #endpoint: URL
  readonly #signer: Signer
  readonly #exchange: Exchange
  readonly #attempts: number
  readonly #timeoutMs: number

  constructor(name: ServiceName, settings: ClientSettings = {}) {
    const region = required('AWS_REGION')
    this.#endpoint = new URL(settings.endpoint ?? endpointOf(name, region))
    this.#signer = new Signer({
      service: services[name].signed,
      region,
      credentials: credentials(),
    })
    const { maxAttempts, requestHandler } = { ...boundedCalls(usualLimits), ...settings }
    const { connectionTimeout: connectMs, requestTimeout, httpAgent, httpsAgent } = requestHandler
    this.#exchange = makeExchange({
      endpoint: this.#endpoint,
      agents: { 'http:': httpAgent, 'https:': httpsAgent },
      connectMs,
    })
    this.#attempts = maxAttempts
    this.#timeoutMs = requestTimeout
  }

  /**
   * Calls, and answers with what `read` takes from the reply. A call that broke on its way, was
   * throttled, or got a reply that `read` can't understand is tried again, so it has to do no harm
   * twice.
   * @throws ServiceError when the service refuses.
   */
  async call<T>(request: ServiceRequest, read: (answer: Reply) => T): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.#attempt(request)
        if (answer.status >= 300) throw new ServiceError(answer)
        return read(answer)
      } catch (error) {
        if (attempt >= this.#attempts || (error instanceof ServiceError && !error.mayPass))
          throw error
        await backOff(
          attempt - 1 + (error instanceof ServiceError && error.isThrottle ? THROTTLED_STEPS : 0),
        )
      }
    }
  }

  /**
   * Opens a connection for the calls to come, by a request for nothing whose answer does not
   * matter. It costs nothing and never fails: the first call connects by itself otherwise.
   * @param meanwhile runs once, while the answer is awaited or after connecting has failed; it may
   * fail
   */
  async connect(meanwhile: () => Promise<unknown>): Promise<void> {
    let done: Promise<unknown> | undefined
    const begin = () =>
      (done ??= Promise.resolve()
        .then(meanwhile)
        .catch(() => undefined))
    const nothing = { method: 'GET', path: '/', headers: {}, body: '' } as const
    await Promise.resolve()
      .then(() => this.#attempt({ ...nothing, onSent: () => void begin() }, CONNECT_MS))
      .catch(() => undefined)
    await begin()
  }

  #attempt(asked: ServiceRequest, timeoutMs = this.#timeoutMs): Promise<Reply> {
    const { host, pathname } = this.#endpoint
    const path = pathname === '/' ? asked.path : pathname + asked.path
    const request = { method: 'POST', ...asked, path, headers: { ...asked.headers, host } }
    return this.#exchange(
      { ...request, headers: this.#signer.sign(request, clock.now()) },
      timeoutMs,
    )
  }
}

/** The credentials of an instance don't expire before Lambda replaces it. */
export function credentials(): Credentials {
  const sessionToken = optional('AWS_SESSION_TOKEN')
  return {
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
}

/**
 * The address of a service, as the SDK has it. The stack gives the suffix of host names, which is
 * one for each partition of AWS.
 */
export function endpointOf(name: ServiceName, region: string): string {
  const { host, variable } = services[name]
  const given = optional(`AWS_ENDPOINT_URL_${variable}`) ?? optional('AWS_ENDPOINT_URL')
  return given ?? `https://${host}.${region}.${required('URL_SUFFIX')}`
}
