import * as sdk from '@aws-sdk/client-lambda'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeFunctionCall } from '../../lambdas/aws/function-call.ts'
import { type Answerer, type Loopback, listenOnLoopback } from '../support/loopback.ts'
import { listenAndNote } from '../support/noting-service.ts'

let service: Loopback | undefined
afterEach(() => service?.stop())

function called<T extends Loopback>(started: T): T {
  service = started
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', started.url)
  return started
}

const makeCall = (name: string, requestTimeoutMs = 10_000) =>
  makeFunctionCall(name, {
    connectionTimeoutMs: requestTimeoutMs,
    requestTimeoutMs,
    maxAttempts: 1,
  })

describe('the call of a function', () => {
  it.each(['Provision', 'a:b'])('asks Lambda as the SDK asks it, for %s', async (name) => {
    const { asked } = called(await listenAndNote('{}'))

    await makeCall(name)({ B: 'x ☎' })
    await new sdk.LambdaClient().send(
      new sdk.InvokeCommand({ FunctionName: name, Payload: '{"B":"x ☎"}' }),
    )

    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
      scope: 'us-east-1/lambda/aws4_request',
      body: { B: 'x ☎' },
    })
    expect(asked[1]).toEqual(asked[0])
  })

  it('brings what the function returns', async () => {
    called(await listenAndNote('{"made":[1]}'))

    expect(await makeCall('Provision')({})).toEqual({ made: [1] })
  })

  it('throws when the function does', async () => {
    const headers = { 'x-amz-function-error': 'Unhandled' }
    called(await listenAndNote('{"errorMessage":"no"}', { headers }))

    await expect(makeCall('Provision')({})).rejects.toThrow('function Provision failed: Unhandled')
  })

  it.each<[string, Answerer]>([
    ['that is never answered', () => undefined],
    [
      'that is answered by half',
      (_, response) => response.writeHead(200, { 'content-length': '1000' }).write('{"made":'),
    ],
  ])('%s fails', async (_, answer) => {
    called(await listenOnLoopback(answer))

    await expect(makeCall('Provision', 50)({})).rejects.toThrow()
  })
})
