import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { boundedCalls, type CallLimits } from './bounded-calls.ts'

/**
 * Makes calls of another function, which answer with what it returned. The function may run several
 * times for one call.
 * @throws when the function throws, or does not answer within the limits.
 */
export function makeFunctionCall(
  name: string,
  limits: CallLimits,
): (event: object) => Promise<unknown> {
  const client = new LambdaClient(boundedCalls(limits))
  return async (event) => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
    )
    if (FunctionError !== undefined) throw new Error(`function ${name} failed: ${FunctionError}`)
    return JSON.parse(Payload?.transformToString() ?? 'null') as unknown
  }
}
