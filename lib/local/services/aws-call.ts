import type { Usage } from './meter.ts'
import type { AwsAccess } from '../template/policy.ts'

/** The operator as a caller, who may do everything, is not metered, and meets no fault. */
export const operator = 'OPERATOR'

export type AwsServiceName =
  'dynamodb' | 'sqs' | 'ses' | 'sns' | 'events' | 'lambda' | 's3' | 'cloudformation' | 'cloudwatch'

/** One call to AWS. */
export type AwsCall = {
  readonly service: AwsServiceName
  /** The operation by its name in the SDK. */
  readonly operation: string
  /** Name of the calling function, or the operator. */
  readonly caller: string
  readonly input: Readonly<Record<string, unknown>>
  readonly body: Buffer
}

export type ServiceAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
  /** The use of resources; of those not named, nothing was used. */
  readonly usage?: ReadonlyMap<string, Usage>
}

export type AwsError = { readonly name: string; readonly message: string; readonly status: number }

/** One service of AWS, played. */
export type AwsService = {
  /** All that the caller's role must allow. */
  readonly accesses: (call: AwsCall) => readonly AwsAccess[]
  /** The resources of the call, by the names that the meter and faults use. */
  readonly resources: (call: AwsCall) => readonly string[]
  readonly perform: (call: AwsCall) => Promise<ServiceAnswer>
  /** The error in the service's protocol. */
  readonly refuse: (error: AwsError) => ServiceAnswer
}

const statuses: Readonly<Record<string, number>> = {
  InternalServerError: 500,
  InternalFailure: 500,
  InternalServiceErrorException: 500,
  ServiceException: 500,
  ServiceUnavailable: 503,
  ServiceUnavailableException: 503,
  TooManyRequestsException: 429,
  ResourceNotFoundException: 404,
}

/** The HTTP status for an error's name. Most errors are the caller's fault. */
export function statusOf(errorName: string): number {
  return statuses[errorName] ?? 400
}

/** The answer of services that speak JSON with the error's type in the body. */
export function jsonError(prefix: string, { name, message, status }: AwsError): ServiceAnswer {
  return {
    status,
    headers: jsonHeaders,
    body: JSON.stringify({ __type: `${prefix}#${name}`, message }),
  }
}

/** The answer of services that speak REST, with the error's type in a header. */
export function restError({ name, message, status }: AwsError): ServiceAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
    body: JSON.stringify({ message }),
  }
}

export const jsonHeaders = { 'content-type': 'application/x-amz-json-1.0' }

/** A mistake in a call, found while it is carried out. */
export class CallError extends Error {
  override readonly name: string

  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}
