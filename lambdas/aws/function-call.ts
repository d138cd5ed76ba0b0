import { boundedCalls, type CallLimits } from '../runtime/bounded-calls.ts'
import { Service } from './service.ts'

/**
 * Makes calls of another function, which answer with what it returned. The function may run several
 * times for one call.
 * @throws when the function throws, or does not answer within the limits.
 */
export function makeFunctionCall(
  name: string,
  limits: CallLimits,
): (event: object) => Promise<unknown> {
  const service = new Service('lambda', boundedCalls(limits))
  const path = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`
  const headers = { 'content-type': 'application/octet-stream' }
  return async (event) => {
    const request = { path, headers, body: JSON.stringify(event) }
    const { failure, text } = await service.call(request, (reply) => ({
      failure: reply.headers['x-amz-function-error']?.toString(),
      text: reply.text,
    }))
    if (failure !== undefined) throw new Error(`function ${name} failed: ${failure}`)
    return JSON.parse(text) as unknown
  }
}
