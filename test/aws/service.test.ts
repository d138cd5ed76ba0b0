import * as sdkDynamo from '@aws-sdk/client-dynamodb'
import * as sdkLambda from '@aws-sdk/client-lambda'
import * as sdkMail from '@aws-sdk/client-sesv2'
import * as sdkSqs from '@aws-sdk/client-sqs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConcurrencyLimit } from '../../lambdas/aws/account.ts'
import { makeOwnDatabase } from '../../lambdas/aws/own-database.ts'
import { makeAwsPost } from '../../lambdas/aws/post.ts'
import { endpointOf } from '../../lambdas/aws/service.ts'
import { boundedCalls } from '../../lambdas/runtime/bounded-calls.ts'
import { clock } from '../../lambdas/runtime/clock.ts'
import type { Database } from '../../lambdas/runtime/database.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'

type Reply = (response: ServerResponse, body: string, request: IncomingMessage) => void

let server: Loopback | undefined
afterEach(() => server?.stop())

/**
 * A service that answers each request with the next of these replies, and to all further ones with
 * the last.
 */
async function serving(
  ...replies: readonly Reply[]
): Promise<{ readonly endpoint: string; readonly bodies: readonly string[] }> {
  const bodies: string[] = []
  server = await listenOnLoopback((request, response, body) => {
    const reply = replies[Math.min(bodies.length, replies.length - 1)]
    bodies.push(body)
    reply?.(response, body, request)
  })
  return { endpoint: server.url, bodies }
}

const answering =
  (status: number, body: string | object, headers: Readonly<Record<string, string>> = {}): Reply =>
  (response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
const failing = (status: number, name: string, rest: object = {}): Reply =>
  answering(status, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no', ...rest })
const found = answering(200, { Item: { id: { S: 'found' } } })
const silent: Reply = () => undefined
const nothing = () => Promise.resolve()
/** Ends the connection in the middle of the answer. */
const tearing: Reply = (response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('{"Item":')
  setImmediate(() => response.destroy())
}

const limits = boundedCalls({ connectionTimeoutMs: 800, requestTimeoutMs: 800, maxAttempts: 2 })
const read = { table: 'Heartbeats', key: { id: 'x' } }
const asked = '{"TableName":"Heartbeats","Key":{"id":{"S":"x"}}}'

describe('a call', () => {
  it.each<[string, Reply]>([
    ['was answered by nobody in time', silent],
    ['broke in the middle of its answer', tearing],
    ['broke before it was answered', (response) => response.destroy()],
    ['was throttled', failing(400, 'ProvisionedThroughputExceededException')],
    ['met a transaction', failing(400, 'TransactionConflictException')],
    ['met an error of the service', failing(500, 'InternalServerError')],
    ['met a proxy without a word of JSON', answering(503, '<html>')],
    ['was answered with no JSON', answering(200, '{"Item":')],
    ['was answered with no object', answering(200, 'null')],
  ])('that %s is tried again', async (_, reply) => {
    const { endpoint, bodies } = await serving(reply, found)

    expect(await makeOwnDatabase({ endpoint, ...limits }).get(read)).toEqual({ id: 'found' })
    expect(bodies).toEqual([asked, asked])
  })

  it.each<[string, Reply, string]>([
    ['a silent service', silent, 'TimeoutError'],
    ['a service that hangs up', (response) => response.destroy(), 'ConnectionError'],
    ['a throttling service', failing(400, 'ThrottlingException'), 'ThrottlingException'],
    ['a failing proxy', answering(503, '<html>'), 'Http503'],
    ['a service that makes no sense', answering(200, '?'), 'SyntaxError'],
  ])('gives %s up after two tries', async (_, reply, name) => {
    const { endpoint, bodies } = await serving(reply)

    await expect(makeOwnDatabase({ endpoint, ...limits }).get(read)).rejects.toMatchObject({
      name,
    })
    expect(bodies).toHaveLength(2)
  })

  it.each<[string, Reply, readonly number[]]>([
    ['broke', tearing, [25, 50]],
    ['was throttled', failing(400, 'ThrottlingException'), [400, 800]],
    ['came too often', answering(429, '<html>'), [400, 800]],
  ])('that %s waits before it is tried again as long as it should', async (_, reply, waits) => {
    const { endpoint } = await serving(reply)
    vi.spyOn(random, 'bytes').mockReturnValue(new Uint8Array([255]))
    vi.spyOn(clock, 'now').mockReturnValue(1_767_225_600_000)
    const waitUntil = vi.spyOn(clock, 'waitUntil').mockResolvedValue()

    await expect(
      makeOwnDatabase({ endpoint, ...limits, maxAttempts: 3 }).get(read),
    ).rejects.toThrow()

    expect(waitUntil.mock.calls.map(([at]) => at - clock.now())).toEqual(waits)
  })

  it.each([
    'ValidationException',
    'AccessDeniedException',
    'ResourceNotFoundException',
    'UnrecognizedClientException',
  ])('is not tried again after a mistake, as %s', async (name) => {
    const { endpoint, bodies } = await serving(failing(400, name))

    await expect(makeOwnDatabase({ endpoint, ...limits }).get(read)).rejects.toMatchObject({
      name,
      message: 'no',
    })
    expect(bodies).toHaveLength(1)
  })

  it('gives up a connection that does not come about long before the answer has to be there', async () => {
    const deaf = createServer((socket) => void sockets.push(socket))
    const sockets: Socket[] = []
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve))
    const endpoint = `https://127.0.0.1:${(deaf.address() as AddressInfo).port}`
    const client = makeOwnDatabase({
      endpoint,
      ...boundedCalls({ connectionTimeoutMs: 50, requestTimeoutMs: 60_000, maxAttempts: 2 }),
    })

    await expect(client.get(read)).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'no connection within 50 ms',
    })

    expect(sockets).toHaveLength(2)
    deaf.close()
  })

  it('reads no answer without end', async () => {
    const chunk = Buffer.alloc(1_000_000, ' ')
    const endless: Reply = (response) => {
      const more = () => response.destroyed || response.write(chunk, () => setImmediate(more))
      more()
    }
    const { endpoint } = await serving(endless)
    const client = makeOwnDatabase({
      endpoint,
      ...boundedCalls({ connectionTimeoutMs: 800, requestTimeoutMs: 30_000, maxAttempts: 1 }),
    })

    await expect(client.get(read)).rejects.toMatchObject({ name: 'AnswerTooLong' })
  })

  it('goes by the connection of the one before it', async () => {
    const ports = new Set<number | undefined>()
    const { endpoint } = await serving((response, body, request) => {
      ports.add(request.socket.remotePort)
      found(response, body, request)
    })
    const client = makeOwnDatabase({ endpoint })

    await client.connect(nothing)
    for (let call = 0; call < 5; call += 1) await client.get(read)

    expect(ports.size).toBe(1)
  })

  it('does without a connection that ended meanwhile', async () => {
    const { endpoint } = await serving((response, body, request) => {
      found(response, body, request)
      setImmediate(() => request.socket.destroy())
    })
    const client = makeOwnDatabase({ endpoint, ...limits })

    for (let call = 0; call < 5; call += 1) expect(await client.get(read)).toEqual({ id: 'found' })
  })

  it('says who calls, and for what', async () => {
    let headers: IncomingMessage['headers'] = {}
    const { endpoint } = await serving((response, body, request) => {
      headers = request.headers
      found(response, body, request)
    })

    await makeOwnDatabase({ endpoint }).get(read)

    expect(headers).toMatchObject({
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      'content-type': 'application/x-amz-json-1.0',
    })
    expect(headers.authorization).toMatch(
      /Credential=test\/\d{8}\/us-east-1\/dynamodb\/aws4_request/,
    )
  })
})

describe('the address of a service', () => {
  const sdkClients = [
    ['dynamodb', sdkDynamo.DynamoDBClient],
    ['lambda', sdkLambda.LambdaClient],
    ['sesv2', sdkMail.SESv2Client],
    ['sqs', sdkSqs.SQSClient],
  ] as const

  it.each([
    ['eu-central-1', 'amazonaws.com'],
    ['us-gov-west-1', 'amazonaws.com'],
    ['cn-north-1', 'amazonaws.com.cn'],
    ['eusc-de-east-1', 'amazonaws.eu'],
    ['us-iso-east-1', 'c2s.ic.gov'],
    ['us-isob-east-1', 'sc2s.sgov.gov'],
  ])('is that of its partition in %s', (region, suffix) => {
    vi.stubEnv('URL_SUFFIX', suffix)
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', '')

    for (const [name, Client] of sdkClients) {
      const { url } = new Client({ region }).config.endpointProvider({ Region: region }, {})
      expect(endpointOf(name, region)).toBe(url.href.replace(/\/$/, ''))
    }
    expect(endpointOf('sns', region)).toBe(`https://sns.${region}.${suffix}`)
  })
})

describe('connecting', () => {
  it.each<[string, Reply]>([
    ['asks for nothing', answering(200, 'healthy')],
    ['does not mind a refusal', answering(403, 'no')],
    ['does not mind a lost connection', (response) => response.destroy()],
  ])('%s', async (_, reply) => {
    const requests: string[] = []
    const { endpoint } = await serving((response, body, request) => {
      requests.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`)
      reply(response, body, request)
    })

    await makeOwnDatabase({ endpoint }).connect(nothing)

    expect(requests).toEqual(['GET / '])
  })

  it('does not mind that nobody is there', async () => {
    await expect(
      makeOwnDatabase({ endpoint: 'http://127.0.0.1:1' }).connect(nothing),
    ).resolves.toBeUndefined()
  })

  it('has something else done before it is answered, and waits for that, too', async () => {
    const events: string[] = []
    const begun = Promise.withResolvers<undefined>()
    const { endpoint } = await serving((response) => {
      void begun.promise.then(() => {
        events.push('answered')
        response.end()
      })
    })
    const from = performance.now()

    await makeOwnDatabase({ endpoint }).connect(async () => {
      events.push('begun')
      begun.resolve(undefined)
      await new Promise((resolve) => setTimeout(resolve, 50))
      events.push('done')
    })

    expect(events).toEqual(['begun', 'answered', 'done'])
    // It gives up an answer after a second, and would then have had everything done afterwards.
    expect(performance.now() - from).toBeLessThan(900)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['is refused', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
  ])('does not mind that something else %s', async (_, meanwhile) => {
    const { endpoint } = await serving(answering(200, 'healthy'))

    await expect(makeOwnDatabase({ endpoint }).connect(meanwhile)).resolves.toBeUndefined()
  })

  it('has something else done once, though nobody is there', async () => {
    let times = 0

    await makeOwnDatabase({ endpoint: 'http://127.0.0.1:1' }).connect(() =>
      Promise.resolve((times += 1)),
    )

    expect(times).toBe(1)
  })

  it('waits for nobody for long', async () => {
    const { endpoint } = await serving(silent)
    const from = performance.now()

    await makeOwnDatabase({ endpoint }).connect(nothing)

    expect(performance.now() - from).toBeLessThan(5000)
  })
})

describe('DynamoDB', () => {
  it('hands back the item on which a condition failed', async () => {
    const found = { id: { S: 'x' }, B: { M: { deep: { B: 'AQI=' } } } }
    const { endpoint } = await serving(
      failing(400, 'ConditionalCheckFailedException', { Item: found }),
    )

    const written = await makeOwnDatabase({ endpoint }).update({ ...read, update: 'SET a = :a' })

    expect(written).toEqual({
      isWritten: false,
      found: { id: 'x', B: { deep: new Uint8Array([1, 2]) } },
    })
  })

  it('tells why a transaction was cancelled', async () => {
    const reasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { id: { S: 'x' } } }]
    const { endpoint } = await serving(
      failing(400, 'TransactionCanceledException', { CancellationReasons: reasons }),
    )

    expect(await makeOwnDatabase({ endpoint }).transact([])).toEqual([
      { index: 1, found: { id: 'x' } },
    ])
  })

  it('knows a transaction by the same token when it is tried again', async () => {
    const { endpoint, bodies } = await serving(
      failing(500, 'InternalServerError'),
      answering(200, {}),
    )

    expect(await makeOwnDatabase({ endpoint, ...limits }).transact([])).toBe('done')
    expect(bodies[0]).toMatch(/"ClientRequestToken":"[0-9a-f-]{36}"/)
    expect(bodies[1]).toBe(bodies[0])
  })

  it('takes bytes, a buffer of Node, too', async () => {
    const { endpoint, bodies } = await serving(answering(200, {}))

    await makeOwnDatabase({ endpoint }).put({ table: 'T', item: { body: Buffer.from([1, 2]) } })

    expect(bodies).toEqual(['{"TableName":"T","Item":{"body":{"B":"AQI="}}}'])
  })
})

describe('a list of many pages', () => {
  it.each<[string, (database: Database) => AsyncIterable<readonly object[]>]>([
    ['query', (database) => database.query({ table: 'T', where: 'id = id' })],
    ['scan', (database) => database.scan({ table: 'T' })],
  ])('of a %s is read to its end', async (_, read) => {
    const { endpoint, bodies } = await serving(
      answering(200, { Items: [{ id: { S: 'a' } }], LastEvaluatedKey: { id: { S: 'a' } } }),
      answering(200, { Items: [{ id: { S: 'b' } }] }),
    )

    const pages: object[] = []
    for await (const page of read(makeOwnDatabase({ endpoint }))) pages.push(page)

    expect(pages).toEqual([[{ id: 'a' }], [{ id: 'b' }]])
    expect(bodies.map((body) => (JSON.parse(body) as Asked).ExclusiveStartKey)).toEqual([
      undefined,
      { id: { S: 'a' } },
    ])
  })
})

type Asked = { readonly ExclusiveStartKey?: object }

describe('a post', () => {
  it.each([
    ['sns', 'AWS_ENDPOINT_URL_SNS'],
    ['events', 'AWS_ENDPOINT_URL_EVENTBRIDGE'],
    ['monitoring', 'AWS_ENDPOINT_URL_CLOUDWATCH'],
  ] as const)('to %s brings whatever it answers, and is made once', async (service, variable) => {
    const scopes: (string | undefined)[] = []
    const { endpoint } = await serving((response, _, { headers }) => {
      scopes.push(/Credential=[^/]+\/\d+\/([^,]+)/.exec(headers.authorization ?? '')?.[1])
      response.writeHead(503).end('<Code>Unavailable</Code>')
    })
    vi.stubEnv(variable, endpoint)

    const answer = await makeAwsPost()(service, {
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    })

    expect(answer).toEqual({ status: 503, text: '<Code>Unavailable</Code>' })
    expect(scopes).toEqual([`us-east-1/${service}/aws4_request`])
  })

  it('leaves no connection behind that might be dead by the next time', async () => {
    const ports: (number | undefined)[] = []
    const { endpoint } = await serving((response, _, { socket }) => {
      ports.push(socket.remotePort)
      response.end('')
    })
    vi.stubEnv('AWS_ENDPOINT_URL_SNS', endpoint)
    const post = makeAwsPost()

    await post('sns', { headers: {}, body: 'x' })
    await post('sns', { headers: {}, body: 'x' })

    expect(new Set(ports).size).toBe(2)
  })

  it('is in vain where nobody is', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SNS', 'http://127.0.0.1:1')

    await expect(makeAwsPost()('sns', { headers: {}, body: 'x' })).rejects.toMatchObject({
      name: 'ConnectionError',
    })
  })
})

describe('Lambda', () => {
  it('tells how many functions may run at a time', async () => {
    const asked: unknown[] = []
    const { endpoint } = await serving((response, body, { method, url }) => {
      asked.push([method, url, body])
      response.end(
        '{"AccountLimit":{"ConcurrentExecutions":10,"UnreservedConcurrentExecutions":10},"AccountUsage":{}}',
      )
    })
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', endpoint)

    expect(await readConcurrencyLimit()).toBe(10)
    expect(asked).toEqual([['GET', '/2016-08-19/account-settings/', '']])
  })
})
