import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { makeSdkDatabase } from '../lambdas/aws/sdk-database.ts'
import type { Database } from '../lambdas/runtime/database.ts'
import { createInterface } from 'node:readline'
import { freePort } from '../lib/local/engine/engine.ts'
import { childrenOf, cpuMsOf } from './process-cpu.ts'

export type Project = { readonly id: string; readonly apiKey: string; readonly email: string }

/**
 * What the stack's meter says of one function: its invocations, and of each call what it used of
 * which resource.
 */
export type FunctionMeter = {
  readonly invocations: number
  readonly billedMs: number
  readonly calls: Readonly<Record<string, Readonly<Record<string, Usage>>>>
}
export type Usage = {
  readonly count: number
  readonly readUnits: number
  readonly writeUnits: number
  readonly errors: number
}
export type Meter = Readonly<Record<string, FunctionMeter>>

const START_TRIES = 1200
const PAUSE_MS = 100

/** Starts the local stack as `npm start` does, for as long as some work takes. */
export async function withLocalStack<T>(work: (stack: LocalStack) => Promise<T>): Promise<T> {
  const port = await freePort()
  const child = spawn(process.execPath, ['bin/local.ts'], {
    cwd: join(import.meta.dirname, '..'),
    env: {
      ...process.env,
      PORT: port.toString(),
      OVERDUE_DATA: '',
      npm_lifecycle_event: undefined,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stack = new LocalStack(child, `http://127.0.0.1:${port}`)
  try {
    await stack.untilReady()
    return await work(stack)
  } finally {
    stack.close()
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
}

/** A running local stack, with what its functions write, count and use. */
export class LocalStack {
  readonly base: string
  /** The stack's DynamoDB, without the limits that roles have. */
  readonly dynamo: DynamoDBClient
  /** The same as stores see it. */
  readonly database: Database
  readonly #child: ChildProcess
  readonly #lambda: LambdaClient
  readonly #loggedBytes = new Map<string, number>()

  constructor(child: ChildProcess, base: string) {
    const credentials = { accessKeyId: 'OPERATOR', secretAccessKey: 'local' }
    const aws = { endpoint: `${base}/_local/aws`, region: 'us-east-1', credentials }
    this.base = base
    this.dynamo = new DynamoDBClient(aws)
    this.database = makeSdkDatabase(aws)
    this.#lambda = new LambdaClient(aws)
    this.#child = child
    if (child.stdout !== null)
      createInterface(child.stdout).on('line', (line) => this.#countLog(line))
  }

  async untilReady(): Promise<void> {
    for (let attempt = 0; attempt < START_TRIES; attempt += 1) {
      if (this.#child.exitCode !== null) throw new Error('the local stack ended while it started')
      const isReady = await fetch(`${this.base}/_local/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
      if (isReady) return
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
    throw new Error('the local stack did not come up')
  }

  close(): void {
    this.dynamo.destroy()
    this.#lambda.destroy()
  }

  /** A control call. @throws when it is refused */
  async control(method: string, path: string, json?: object): Promise<unknown> {
    const response = await fetch(`${this.base}/_local${path}`, {
      method,
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    if (!response.ok)
      throw new Error(
        `${method} /_local${path} answered ${response.status}: ${await response.text()}`,
      )
    return response.json()
  }

  async project(): Promise<Project> {
    return (await this.control('POST', '/projects', { name: 'Bench' })) as Project
  }

  async settle(): Promise<void> {
    await this.control('POST', '/settle')
  }

  async advance(seconds: number): Promise<void> {
    await this.control('POST', '/clock', { advanceSeconds: seconds })
  }

  async meter(): Promise<Meter> {
    return ((await this.control('GET', '/meter')) as { readonly functions: Meter }).functions
  }

  async resetMeter(): Promise<void> {
    await this.control('DELETE', '/meter')
  }

  /** Runs a function to its end. @throws when it fails */
  async invoke(functionName: string, event: object): Promise<void> {
    const { FunctionError } = await this.#lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    )
    if (FunctionError !== undefined) throw new Error(`${functionName} failed: ${FunctionError}`)
  }

  /** What a function has written to its log so far, without what Lambda puts around each line. */
  loggedBytes(functionName: string): number {
    return this.#loggedBytes.get(functionName) ?? 0
  }

  /**
   * How long the processes of a function have been on a processor so far. @throws when there is
   * none
   */
  cpuMs(functionName: string): number {
    const processes = childrenOf(this.#child.pid ?? -1, 'AWS_LAMBDA_FUNCTION_NAME', functionName)
    if (processes.length === 0) throw new Error(`the local stack has no process of ${functionName}`)
    return processes.map(cpuMsOf).reduce((sum, each) => sum + each, 0)
  }

  #countLog(line: string): void {
    const [, name, text] = /^\[(\w+)\] (.*)$/.exec(line) ?? []
    if (name !== undefined && text !== undefined)
      this.#loggedBytes.set(name, this.loggedBytes(name) + Buffer.byteLength(text) + 1)
  }
}
