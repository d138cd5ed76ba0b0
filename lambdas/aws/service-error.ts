import type { Reply } from './exchange.ts'

/**
 * A refusal by a service of AWS: the SDK's name of the error, and whether the same call may pass
 * next time.
 */
export class ServiceError extends Error {
  readonly mayPass: boolean
  readonly isThrottle: boolean
  readonly status: number
  /** The body as it came, for whatever else it says. */
  readonly text: string

  constructor({ status, headers, text }: Reply) {
    const { type, message } = saidIn(text)
    super(message)
    // As in `com.amazonaws.dynamodb.v20120810#ThrottlingException` and
    // `ResourceNotFoundException:http://…`.
    this.name =
      /[^#:]+(?=$|:)/.exec((headers['x-amzn-errortype'] ?? type).toString())?.[0] ?? `Http${status}`
    this.isThrottle = status === 429 || throttles.has(this.name)
    this.mayPass = status >= 500 || this.isThrottle || passing.has(this.name)
    this.status = status
    this.text = text
  }
}

/** Refusals of a service that is asked too much. */
const throttles = new Set([
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
])

/** Other refusals that are nobody's mistake. */
const passing = new Set([
  'PriorRequestNotComplete',
  'RequestTimeout',
  'RequestTimeoutException',
  'TransactionConflictException',
  'TransactionInProgressException',
])

/** A body that is not JSON says nothing: a proxy on the way may have answered. */
function saidIn(text: string): { readonly type: string; readonly message: string } {
  try {
    const { __type: type, message, Message } = JSON.parse(text) as Readonly<Record<string, unknown>>
    const shown = message ?? Message
    return {
      type: typeof type === 'string' ? type : '',
      message: typeof shown === 'string' ? shown : '',
    }
  } catch {
    return { type: '', message: '' }
  }
}
