import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { World } from './world.ts'

/**
 * The local stack in the place of a deployment: its clock is moved instead of waiting, and nobody
 * reaches it from outside.
 */
export function worldHere(base: string): World {
  const credentials = { accessKeyId: 'OPERATOR', secretAccessKey: 'local' }
  const lambda = new LambdaClient({
    endpoint: `${base}/_local/aws`,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  })
  const wait = async (seconds: number): Promise<void> => {
    const moved = await fetch(`${base}/_local/clock`, {
      method: 'POST',
      body: JSON.stringify({ advanceSeconds: seconds }),
    })
    if (!moved.ok)
      throw new Error(`the clock of the local stack can't be moved: ${await moved.text()}`)
  }
  return {
    target: ['--local', base],
    wait,
    drill: async () => {
      const answering = lambda.send(new InvokeCommand({ FunctionName: 'drill', Payload: '{}' }))
      await wait(DRILL_SECONDS)
      return JSON.parse((await answering).Payload?.transformToString() ?? 'null') as unknown
    },
    isPublic: false,
    extras: {},
  }
}

/** A drill takes no longer. */
const DRILL_SECONDS = 7 * 60
