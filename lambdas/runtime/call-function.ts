import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'

const client = new LambdaClient()

/**
 * Calls another function and answers with what it returned.
 * @throws when the function throws.
 */
export async function callFunction(name: string, event: object): Promise<unknown> {
  const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }))
  if (FunctionError !== undefined) throw new Error(`function ${name} failed: ${FunctionError}`)
  return JSON.parse(Payload?.transformToString() ?? 'null')
}
