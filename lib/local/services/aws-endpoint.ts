import type { IncomingMessage, ServerResponse } from 'node:http'
import { ZodError } from 'zod'
import {
  CallError,
  operator,
  statusOf,
  type ServiceAnswer,
  type AwsError,
  type AwsCall,
  type AwsService,
  type AwsServiceName,
} from './aws-call.ts'
import { isOfCanary } from '../overdue.ts'
import { readCall } from './aws-request.ts'
import type { Fault, Faults } from './faults.ts'
import type { LocalFunction } from '../functions/local-function.ts'
import { nothingUsed, type Meter } from './meter.ts'
import { isAllowed, type AwsAccess } from '../template/policy.ts'
import { readBody } from '../http/http-body.ts'
import { StorageError } from '../data/storage-error.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'

export type AwsDeps = {
  readonly services: Readonly<Record<AwsServiceName, AwsService>>
  readonly functions: ReadonlyMap<string, LocalFunction>
  readonly clock: VirtualClock
  readonly meter: Meter
  readonly faults: Faults
}

/** More than a large batch of writes takes. */
const LONGEST_REQUEST_BYTES = 20_000_000

/**
 * AWS as the functions see it. Each call is checked against the caller's role, meets the faults
 * that were asked for, and is metered.
 */
export class AwsEndpoint {
  readonly #deps: AwsDeps
  readonly #stalled = new Map<string, number>()
  /** How many calls there have been. */
  count = 0

  constructor(deps: AwsDeps) {
    this.#deps = deps
  }

  /** How many calls of a function wait for a fault's delay to end. */
  stalledOf(functionName: string): number {
    return this.#stalled.get(functionName) ?? 0
  }

  /** @param path of the request below the endpoint, with its query */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await readBody(request, LONGEST_REQUEST_BYTES)
    const read =
      body === 'too-long'
        ? badRequest('RequestEntityTooLargeException', 'too long')
        : readCall(request, path, body)
    const answer = 'service' in read ? await this.#take(read) : read
    if (answer === undefined) return void response.destroy()
    response.writeHead(answer.status, {
      ...answer.headers,
      'content-length': Buffer.byteLength(answer.body),
    })
    response.end(answer.body)
  }

  /** The answer; undefined when a fault has ended the caller's process. */
  async #take(call: AwsCall): Promise<ServiceAnswer | undefined> {
    this.count += 1
    const service = this.#deps.services[call.service]
    if (call.caller === operator) return perform(service, call)
    const caller = this.#deps.functions.get(call.caller)
    if (caller === undefined)
      return service.refuse(
        error('UnrecognizedClientException', 'the access key is that of no function'),
      )
    let resources: readonly string[] = []
    let answer: ServiceAnswer
    try {
      resources = service.resources(call)
      const denied = service
        .accesses(call)
        .find((access) => !isAllowed(caller.definition.statements, access))
      if (denied) {
        answer = service.refuse(accessDenied(call, denied))
      } else {
        const met = await this.#performUnderFaults(service, call, resources)
        if (met === 'crash') {
          caller.crash()
          return
        }
        answer = met
      }
    } catch (problem) {
      answer = refusal(service, problem)
    }
    this.#count(call, resources, answer)
    return answer
  }

  async #performUnderFaults(
    service: AwsService,
    call: AwsCall,
    resources: readonly string[],
  ): Promise<ServiceAnswer | 'crash'> {
    const fault = this.#deps.faults.meet(call, resources)
    if (fault === undefined) return perform(service, call)
    const answer = fault.after === true ? await perform(service, call) : undefined
    await this.#stall(call.caller, fault.latencyMs ?? 0)
    return failedAnswer(service, fault) ?? answer ?? perform(service, call)
  }

  async #stall(functionName: string, ms: number): Promise<void> {
    if (ms === 0) return
    const { clock } = this.#deps
    this.#stalled.set(functionName, this.stalledOf(functionName) + 1)
    await new Promise<void>((resolve) => clock.at(clock.now() + ms, 'work', resolve))
    this.#stalled.set(functionName, this.stalledOf(functionName) - 1)
  }

  #count(call: AwsCall, resources: readonly string[], { status, usage }: ServiceAnswer): void {
    // The canary's calls would blur what somebody measures.
    const countedFor = isOfCanary(call) ? 'canary' : call.caller
    for (const resource of resources) {
      const used = usage?.get(resource) ?? nothingUsed
      this.#deps.meter.call(countedFor, `${call.service}.${call.operation}`, resource, {
        ...used,
        isError: status >= 400,
      })
    }
  }
}

async function perform(service: AwsService, call: AwsCall): Promise<ServiceAnswer> {
  try {
    return await service.perform(call)
  } catch (problem) {
    return refusal(service, problem)
  }
}

function failedAnswer(
  service: AwsService,
  { error: name }: Fault,
): ServiceAnswer | 'crash' | undefined {
  if (name === undefined || name === 'crash') return name
  return service.refuse(error(name, 'asked for by a fault of the local stack'))
}

function refusal(service: AwsService, problem: unknown): ServiceAnswer {
  if (problem instanceof CallError) return service.refuse(error(problem.name, problem.message))
  // As an error of AWS's own, so that the caller tries again.
  if (problem instanceof StorageError)
    return service.refuse(error('InternalFailure', problem.message))
  if (problem instanceof ZodError)
    return service.refuse(error('ValidationException', problem.message))
  throw problem
}

function accessDenied({ caller }: AwsCall, { action, resource }: AwsAccess): AwsError {
  const message = `the role of ${caller} is not authorized to perform ${action} on ${resource}`
  return {
    name: 'AccessDeniedException',
    message,
    status: action.startsWith('dynamodb:') ? 400 : 403,
  }
}

function error(name: string, message: string): AwsError {
  return { name, message, status: statusOf(name) }
}

function badRequest(name: string, message: string): ServiceAnswer {
  return {
    status: 400,
    headers: { 'x-amzn-errortype': name },
    body: JSON.stringify({ __type: name, message }),
  }
}
