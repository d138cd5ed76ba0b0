import { z } from 'zod'
import { isOfCanary } from '../overdue.ts'
import type { AwsCall } from './aws-call.ts'

/** A fault of AWS that a control call asks for. */
export const faultShape = z.strictObject({
  service: z.enum(['dynamodb', 'ses', 'sns', 'events', 'sqs', 'lambda', 's3', 'cloudwatch']),
  operation: z.string().min(1).optional(),
  resource: z.string().min(1).optional(),
  function: z.string().min(1).optional(),
  /** The service's name of the error; `crash` ends the function's process. */
  error: z.string().regex(/^\w+$/, 'the name of an error').optional(),
  times: z.number().int().min(1).optional(),
  probability: z.number().gt(0).max(1).optional(),
  latencyMs: z.number().min(0).max(86_400_000).optional(),
  /** Whether the call has its effect before its answer is lost. */
  after: z.boolean().optional(),
})

export type Fault = z.infer<typeof faultShape>

/**
 * The faults that were asked for. A fault with a number of times is gone after it. The canary's
 * calls don't meet such a fault, because nobody knows when they come.
 */
export class Faults {
  #faults: { readonly fault: Fault; left: number }[] = []

  add(faults: readonly Fault[]): void {
    this.#faults.push(...faults.map((fault) => ({ fault, left: fault.times ?? Infinity })))
  }

  clear(): void {
    this.#faults = []
  }

  /** The fault that a call meets. */
  meet(
    call: Pick<AwsCall, 'service' | 'operation' | 'caller' | 'input'>,
    resources: readonly string[],
  ): Fault | undefined {
    const met = this.#faults.find(
      ({ fault, left }) =>
        (left === Infinity || !isOfCanary(call)) &&
        fault.service === call.service &&
        (fault.operation ?? call.operation) === call.operation &&
        (fault.function ?? call.caller) === call.caller &&
        (fault.resource === undefined || resources.includes(fault.resource)) &&
        Math.random() < (fault.probability ?? 1),
    )
    if (met === undefined) return undefined
    met.left -= 1
    this.#faults = this.#faults.filter(({ left }) => left > 0)
    return met.fault
  }
}
