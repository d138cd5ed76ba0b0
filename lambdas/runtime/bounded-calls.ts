import { makeAgent, makeFreshAgent, type Protocol } from './connections.ts'

/** How long a call may take before it is tried again, or fails. */
export type CallLimits = {
  /** Until there is a connection; a part of the next. */
  readonly connectionTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly maxAttempts: number
  /**
   * Whether each call gets a connection of its own: where a second try might do again what the
   * first one did.
   */
  readonly isConnectedAnew?: boolean
}

/** Few and short tries, so that whoever waits for an answer gets one within seconds. */
export const usualLimits: CallLimits = {
  connectionTimeoutMs: 1000,
  requestTimeoutMs: 2000,
  maxAttempts: 3,
}

/**
 * What makes a client of AWS keep its limits. Without `throwOnRequestTimeout` the SDK only logs
 * that a request has taken too long and goes on waiting; and once an answer has begun, only
 * `socketTimeout` ends one that does not go on.
 */
export function boundedCalls({
  connectionTimeoutMs,
  requestTimeoutMs,
  maxAttempts,
  isConnectedAnew = false,
}: CallLimits) {
  const agentFor = (protocol: Protocol) =>
    isConnectedAnew ? makeFreshAgent(protocol) : makeAgent(protocol)
  const requestHandler = {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    socketTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    httpAgent: agentFor('http:'),
    httpsAgent: agentFor('https:'),
  }
  return { maxAttempts, requestHandler }
}

/** As the SDK's clients take it. */
export type BoundedCalls = ReturnType<typeof boundedCalls>
