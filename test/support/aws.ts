import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestEngine } from './engine.ts'
import { listenOnLoopback, type Loopback } from './loopback.ts'

type Invoke = (event: unknown) => Promise<unknown>

/**
 * Serves what the operator's command asks AWS for, on one port as the local stack does: the outputs
 * of a stack `Overdue`, the tables of a test engine, and the sync function. It notes what is sent
 * to a queue, and what is asked of tables.
 */
export function serveAws(
  engine: TestEngine,
  invoke: Invoke,
  { sent = [], asked = [] }: { readonly sent?: string[]; readonly asked?: Asked[] } = {},
): Promise<Loopback> {
  const parts = { engine, outputs: outputsOf(engine), invoke, sent, asked }
  return listenOnLoopback(
    (request, response, body) => void answer(request, { response, body }, parts),
  )
}

/** A call of DynamoDB: its name, and its body as JSON. */
export type Asked = { readonly call: string; readonly body: string }

/** The stack's clock may be ahead: here by a day. */
export const CLOCK_AHEAD_MS = 86_400_000

type Parts = {
  readonly engine: TestEngine
  readonly outputs: Readonly<Record<string, string>>
  readonly invoke: Invoke
  readonly sent: string[]
  readonly asked: Asked[]
}

async function answer(
  request: IncomingMessage,
  { response, body }: { readonly response: ServerResponse; readonly body: string },
  { engine, outputs, invoke, sent, asked }: Parts,
): Promise<void> {
  const target = request.headers['x-amz-target']
  if (request.url === '/_local/ready')
    response
      .writeHead(200)
      .end(JSON.stringify({ now: new Date(Date.now() + CLOCK_AHEAD_MS).toISOString() }))
  else if (!request.url?.startsWith('/_local/aws')) response.writeHead(404).end()
  else if (target === 'AmazonSQS.SendMessage') response.writeHead(200).end(queued(sent, body))
  else if (typeof target === 'string') {
    asked.push({ call: target.replace(/^.*\./, ''), body })
    await forward(engine, { target, response, body })
  } else if (request.url.includes('/functions/Sync-1/invocations'))
    await invoked(response, () => invoke(JSON.parse(body)))
  else if (new URLSearchParams(body).get('StackName') === 'Overdue')
    response.writeHead(200, xml).end(described(outputs))
  else
    response.writeHead(400, xml).end(unknownStack(new URLSearchParams(body).get('StackName') ?? ''))
}

function queued(sent: string[], body: string): string {
  const { MessageBody } = JSON.parse(body) as { readonly MessageBody: string }
  sent.push(MessageBody)
  const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex')
  return JSON.stringify({ MessageId: '1', MD5OfMessageBody })
}

const xml = { 'content-type': 'text/xml' }

async function invoked(response: ServerResponse, work: () => Promise<unknown>): Promise<void> {
  try {
    const answer = JSON.stringify(await work())
    response.writeHead(200).end(answer)
  } catch (error) {
    const failure = {
      errorType: 'Error',
      errorMessage: error instanceof Error ? error.message : '',
    }
    response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end(JSON.stringify(failure))
  }
}

const json = 'application/x-amz-json-1.0'
// The user of the test's own client: some engines keep the tables of each user apart.
const asTest =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'

type Exchange = {
  readonly target: string
  readonly response: ServerResponse
  readonly body: string
}

async function forward(engine: TestEngine, { target, response, body }: Exchange): Promise<void> {
  const endpoint = await engine.client.config.endpoint?.()
  const headers = {
    'x-amz-target': target,
    'x-amz-date': '20260101T000000Z',
    'content-type': json,
    authorization: asTest,
  }
  const forwarded = await fetch(`http://${endpoint?.hostname}:${endpoint?.port}`, {
    method: 'POST',
    headers,
    body,
  })
  response.writeHead(forwarded.status, { 'content-type': json }).end(await forwarded.text())
}

function outputsOf({ names }: TestEngine): Readonly<Record<string, string>> {
  return {
    RegistryTable: names.Registry,
    JournalTable: names.Journal,
    HeartbeatsTable: names.Heartbeats,
    LookupsTable: names.Lookups,
    SyncFunction: 'Sync-1',
    PingEndpoint: 'https://ping.example.com/ping',
    ApiRoot: 'https://api.example.com/api/v3/',
    Dashboard: 'https://web.example.com/app/',
    RequestsQueue: 'https://sqs.example.com/requests',
    RequestsDeadLetters: 'https://sqs.example.com/requests-parked',
  }
}

function described(outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  )
  const stack = `<StackName>Overdue</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs>`
  const result = `<DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult>`
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${result}</DescribeStacksResponse>`
}

function unknownStack(name: string): string {
  const error = `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error>`
  return `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${error}</ErrorResponse>`
}
