import type { LambdaClient } from '@aws-sdk/client-lambda'

let client: LambdaClient | undefined

/**
 * Calls another function and answers with what it returned. The client is loaded at the first call, because the SDK takes time to load,
 * and most of those who may call never do.
 * @throws when the function throws.
 */
export async function callFunction(name: string, event: object): Promise<unknown> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda')
  client ??= new LambdaClient()
  const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }))
  if (FunctionError !== undefined) throw new Error(`function ${name} failed: ${FunctionError}`)
  return JSON.parse(Payload?.transformToString() ?? 'null')
}
