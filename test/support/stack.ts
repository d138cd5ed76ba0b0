import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { expect, inject } from 'vitest'
import { runCommand } from '../../bin/operate/command.ts'
import { makeTerminal } from './terminal.ts'

/** What the local stack tells of a project. */
export type LocalProject = {
  readonly apiKey: string
  readonly apiKeyReadonly: string
  readonly pingKey: string
  readonly email: string
}

export type Mail = {
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly sentAt: string
}

export type ApiCheck = Readonly<Record<string, string | number | boolean | null>> & {
  readonly uuid: string
  readonly ping_url: string
}

const operator = { accessKeyId: 'OPERATOR', secretAccessKey: 'local' }

/**
 * Files that run at a time have different places in the pool, and so each has a stack and its clock
 * for itself.
 */
const stack = inject('stacks')[Number(process.env['VITEST_POOL_ID']) - 1] ?? missing()

/** The local stack as a user meets it: over HTTP. */
export const base = stack.url

/** Where it takes mail. */
export const smtpPort = stack.smtpPort

/** Where the stack's process prints to, logs of functions among it. */
export const logFile = stack.logFile

function missing(): never {
  throw new Error(
    `there is no local stack for the place ${process.env['VITEST_POOL_ID']} in the pool`,
  )
}

/** Pings as a job does. @throws unless the answer is OK */
export async function ping(url: string, body?: string): Promise<void> {
  const answer = await request('POST', url, body === undefined ? {} : { body })
  expect(answer).toMatchObject({ status: 200, text: 'OK' })
}

/**
 * Sends a request to the stack; `json` is the body, and the answer's body is given as text and,
 * where it is JSON, parsed.
 */
export async function request(
  method: string,
  path: string,
  options: {
    readonly key?: string
    readonly json?: unknown
    readonly body?: string | Uint8Array<ArrayBuffer>
  } = {},
) {
  const response = await fetch(path.startsWith('http') ? path : base + path, {
    method,
    headers: { ...(options.key === undefined ? {} : { 'X-Api-Key': options.key }) },
    ...(options.json === undefined && options.body === undefined
      ? {}
      : { body: options.body ?? JSON.stringify(options.json) }),
  })
  const text = await response.text()
  return { status: response.status, text, json: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function control(method: string, path: string, json?: unknown): Promise<unknown> {
  const answer = await request(method, `/_local${path}`, json === undefined ? {} : { json })
  if (answer.status >= 300)
    throw new Error(`${method} /_local${path} answered ${answer.status}: ${answer.text}`)
  return answer.json
}

const made: LocalProject[] = []

export async function aProject(): Promise<LocalProject> {
  const project = (await control('POST', '/projects', { name: 'End to end' })) as LocalProject
  made.push(project)
  return project
}

/**
 * Removes the checks of all projects made so far: whoever moves the clock far would otherwise wait
 * for all that happens to them.
 */
export async function removeChecks(): Promise<void> {
  for (const { apiKey: key } of made.splice(0)) {
    const { checks = [] } = (await request('GET', '/api/v3/checks/', { key })).json as {
      readonly checks?: readonly ApiCheck[]
    }
    for (const { uuid } of checks) await request('DELETE', `/api/v3/checks/${uuid}`, { key })
  }
}

/**
 * Creates a check through the API: pinged every ten minutes, five minutes of grace, told to all
 * channels; unless the fields say otherwise.
 */
export async function createCheck(project: LocalProject, fields: object = {}): Promise<ApiCheck> {
  const json = { timeout: 600, grace: 300, channels: '*', ...fields }
  const answer = await request('POST', '/api/v3/checks/', { key: project.apiKey, json })
  if (answer.status !== 201)
    throw new Error(`creating a check answered ${answer.status}: ${answer.text}`)
  return answer.json as ApiCheck
}

export async function readCheck(project: LocalProject, id: string): Promise<ApiCheck> {
  return (await request('GET', `/api/v3/checks/${id}`, { key: project.apiKey })).json as ApiCheck
}

export async function now(): Promise<number> {
  return Date.parse(((await control('GET', '/ready')) as { readonly now: string }).now)
}

export async function advance(seconds: number): Promise<void> {
  await control('POST', '/clock', { advanceSeconds: seconds })
}

/** Moves the clock to an instant that lies ahead. */
export async function advanceTo(at: number): Promise<void> {
  await advance((at - (await now())) / 1000)
}

export async function settle(): Promise<void> {
  await control('POST', '/settle')
}

/** Makes calls to AWS fail or stall until `heal`. */
export async function fault(faults: readonly object[]): Promise<void> {
  await control('POST', '/faults', faults)
}

export async function heal(): Promise<void> {
  await control('DELETE', '/faults')
}

/** The mails to a project, oldest first, once everything under way has arrived. */
export async function mailsTo(project: Pick<LocalProject, 'email'>): Promise<readonly Mail[]> {
  await settle()
  const all = (await control('GET', '/mail')) as readonly Mail[]
  return all.filter(({ to }) => to.includes(project.email))
}

export type Meter = Readonly<
  Record<string, { readonly calls: Readonly<Record<string, Readonly<Record<string, MeterRow>>>> }>
>
export type MeterRow = {
  readonly count: number
  readonly readUnits: number
  readonly writeUnits: number
  readonly errors: number
}

export async function resetMeter(): Promise<void> {
  await control('DELETE', '/meter')
}

export async function readMeter(): Promise<Meter> {
  return ((await control('GET', '/meter')) as { readonly functions: Meter }).functions
}

/** Invokes a function as AWS would, with an event of one's own. */
export async function invoke(functionName: string, event: object): Promise<unknown> {
  const client = new LambdaClient({
    endpoint: `${base}/_local/aws`,
    region: 'us-east-1',
    credentials: operator,
  })
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
  )
  if (FunctionError !== undefined) throw new Error(`${functionName} failed: ${FunctionError}`)
  return JSON.parse(Payload?.transformToString() ?? 'null')
}

/**
 * As `invoke`, while time goes on: from when the function has begun, which its first call to AWS
 * shows.
 */
export async function invokeAndAdvance(functionName: string, seconds: number): Promise<unknown> {
  await resetMeter()
  const report = invoke(functionName, {})
  while (Object.keys((await readMeter())[functionName]?.calls ?? {}).length === 0);
  await advance(seconds)
  return report
}

/** Runs the operator's command on the stack. */
export async function operate(
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const terminal = makeTerminal()
  const status = await runCommand([...args, '--local', base], terminal)
  const { out, err } = terminal.seen()
  return { status, out, err }
}

/** The stack's DynamoDB, without the limits that roles have. */
export const dynamo = new DynamoDBClient({
  endpoint: `${base}/_local/aws`,
  region: 'us-east-1',
  credentials: operator,
})

/** The heartbeat item as it lies in DynamoDB. */
export async function heartbeatItem(id: string) {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: 'Heartbeats', Key: { id: { S: id } }, ConsistentRead: true }),
  )
  return Item
}
