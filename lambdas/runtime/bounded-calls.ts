import { makeAgent, makeFreshAgent, type Protocol } from './connections.ts'

/** How long a call may take before it is tried again, or fails. */
export type CallLimits = {
  /** The time until there is a connection, which is a part of `requestTimeoutMs`. */
  readonly connectionTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly maxAttempts: number
  /**
   * Whether each call gets a connection of its own. A call that must not be made twice needs one.
   */
  readonly isConnectedAnew?: boolean
}

/** Tries are few and short, so that an answer comes within seconds. */
export const usualLimits: CallLimits = {
  connectionTimeoutMs: 1000,
  requestTimeoutMs: 2000,
  maxAttempts: 3,
}

/**
 * Settings by which a client of the SDK keeps its limits. Without `throwOnRequestTimeout` the SDK
 * only logs that a request takes too long, and goes on waiting. Only `socketTimeout` ends an answer
 * that has begun and does not go on.
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
