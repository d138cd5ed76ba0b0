import { randomUUID } from 'node:crypto'
import type { FunctionDefinition } from '../template/function-definition.ts'
import { FunctionProcess, type InvocationResult } from './function-process.ts'
import type { Stillness } from './messages.ts'
import { unheard } from '../overdue.ts'
import type { Meter } from '../services/meter.ts'
import type { Metrics } from '../services/metrics.ts'
import { account, region } from '../template/resources.ts'
import { StartError } from '../start-error.ts'
import { Turns } from './turns.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What has invoked a function. */
export type Trigger = 'url' | 'stream' | 'queue' | 'schedule' | 'mail' | 'call'

export type FunctionDeps = {
  readonly clock: VirtualClock
  readonly meter: Meter
  readonly metrics: Metrics
  readonly awsEndpoint: string
  readonly internetEndpoint: string
  readonly log: (name: string, text: string) => void
  /** What a function is told in place of what the template tells it. */
  readonly told: Readonly<Record<string, string>>
}

type Invocation = {
  readonly process: FunctionProcess
  readonly id: number
  readonly trigger: Trigger
}

/** An instant that an invocation waits for, and what has invoked the function. */
export type FunctionWait = { readonly at: number; readonly trigger: Trigger }

/**
 * How many requests a function handles at a time. The others wait, as they wait at AWS for
 * environments to start. A handler with thousands at once would finish none of them in time.
 */
const REQUESTS_AT_ONCE = 16

/** One function. A process runs its handler; after a crash another one is started. */
export class LocalFunction {
  readonly definition: FunctionDefinition
  readonly #deps: FunctionDeps
  readonly #invocations = new Set<Invocation>()
  readonly #processes = new Set<FunctionProcess>()
  readonly #turns = new Turns(REQUESTS_AT_ONCE)
  #latest: FunctionProcess | undefined
  #loading: Promise<FunctionProcess> | undefined
  #isStopped = false
  /** How many invocations are under way, or wait for their process. */
  #active = 0
  /** How many invocations have begun or ended. */
  count = 0

  constructor(definition: FunctionDefinition, deps: FunctionDeps) {
    this.definition = definition
    this.#deps = deps
  }

  /** @throws StartError when the function's module can't load. */
  async load(): Promise<void> {
    await this.#process()
  }

  get isActive(): boolean {
    return this.#active > 0
  }

  /** Does the work once fewer requests are handled than are allowed at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work)
  }

  async invoke(event: unknown, trigger: Trigger): Promise<InvocationResult> {
    const { meter, metrics, log } = this.#deps
    const { name } = this.definition
    this.#changeActive(1)
    const { outcome, durationMs } = await this.#attempt(event, trigger)
    this.#changeActive(-1)
    meter.invocation(name, durationMs)
    if ('error' in outcome) {
      metrics.add(name, 'Errors')
      const { errorType, errorMessage, trace } = outcome.error
      log(name, [`failed: ${errorType}: ${errorMessage}`, ...trace.slice(1)].join('\n'))
    }
    return outcome
  }

  /** Notes the status of an answer at the function's URL. */
  answered(status: number): void {
    if (status >= 500) this.#deps.metrics.add(this.definition.name, 'Url5xxCount')
  }

  /** What the function is busy with. Each wait comes with the trigger of its invocation. */
  async probe(): Promise<{
    readonly requests: number
    readonly isBusy: boolean
    readonly waits: readonly FunctionWait[]
  }> {
    // The process does not know of an invocation that is just beginning.
    const isBeginning = this.#active > this.#invocations.size
    const alive = [...this.#processes].filter(({ isAlive }) => isAlive)
    const probes = await Promise.all(
      alive.map(async (process) => ({ process, stillness: await process.probe() })),
    )
    const found = probes.filter(
      (probe): probe is { process: FunctionProcess; stillness: Stillness } =>
        probe.stillness !== undefined,
    )
    return {
      requests: found.reduce((sum, { stillness }) => sum + stillness.requests, 0),
      isBusy:
        isBeginning ||
        found.length < probes.length ||
        found.some(({ stillness }) => stillness.isBusy),
      waits: found.flatMap(({ process, stillness }) =>
        stillness.waits.map(({ at, invocation }) => ({
          at,
          trigger: this.#triggerOf(process, invocation),
        })),
      ),
    }
  }

  setOffset(offsetMs: number): void {
    for (const process of this.#processes) process.post({ kind: 'clock', offsetMs })
  }

  /** Kills the process, and with it all that runs in it. */
  crash(): void {
    for (const process of this.#processes) process.kill()
  }

  /** Ends all processes, one that is just starting included. No other is started afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#loading?.catch(() => undefined)
    await Promise.all([...this.#processes].map((process) => process.stop()))
  }

  #changeActive(by: 1 | -1): void {
    this.#active += by
    this.count += 1
  }

  async #attempt(
    event: unknown,
    trigger: Trigger,
  ): Promise<{ readonly outcome: InvocationResult; readonly durationMs: number }> {
    const { clock } = this.#deps
    let startedAt = clock.now()
    try {
      const process = await this.#process()
      startedAt = clock.now()
      return {
        outcome: await this.#run(process, event, trigger),
        durationMs: clock.now() - startedAt,
      }
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      const outcome = {
        error: { errorType: 'Runtime.InitError', errorMessage: error.message, trace: [] },
      }
      return { outcome, durationMs: clock.now() - startedAt }
    }
  }

  async #run(
    process: FunctionProcess,
    event: unknown,
    trigger: Trigger,
  ): Promise<InvocationResult> {
    const { clock } = this.#deps
    const { name, arn, timeoutSeconds, memoryMegabytes } = this.definition
    const deadlineAt = clock.now() + timeoutSeconds * 1000
    const context = {
      awsRequestId: randomUUID(),
      functionName: name,
      invokedFunctionArn: arn,
      memoryLimitInMB: memoryMegabytes.toString(),
      deadlineAt,
    }
    let invocation: Invocation | undefined
    let cancel: (() => void) | undefined
    try {
      return await process.invoke(event, context, (id) => {
        invocation = { process, id, trigger }
        this.#invocations.add(invocation)
        cancel = clock.at(deadlineAt, 'limit', () => this.#timeOut(process, id))
      })
    } finally {
      cancel?.()
      if (invocation) this.#invocations.delete(invocation)
    }
  }

  /**
   * Ends an invocation that has run out of time. As in Lambda, its process ends with it, but lets
   * other invocations finish.
   */
  #timeOut(process: FunctionProcess, id: number): void {
    const errorMessage = `task timed out after ${this.definition.timeoutSeconds} seconds`
    process.retire()
    process.giveUp(id, { errorType: 'Sandbox.Timedout', errorMessage, trace: [] })
  }

  async #process(): Promise<FunctionProcess> {
    if (this.#isStopped) throw new StartError(`function ${this.definition.name} has been stopped`)
    if (this.#latest?.isUsable) return this.#latest
    this.#loading ??= this.#start().finally(() => (this.#loading = undefined))
    return this.#loading
  }

  async #start(): Promise<FunctionProcess> {
    const { clock, log } = this.#deps
    const { name, bundle, handler } = this.definition
    const offsetMs = clock.offsetMs
    const process = await FunctionProcess.start({
      name,
      bundle,
      handler,
      environment: this.#environment(),
      offsetMs,
      log: (text) => log(name, text),
    })
    process.post({ kind: 'clock', offsetMs: clock.offsetMs })
    for (const old of this.#processes) if (!old.isAlive) this.#processes.delete(old)
    this.#processes.add(process)
    this.#latest = process
    return process
  }

  /**
   * What Lambda's runtime sets, what the template adds, and that the stack is the internet. Access
   * key and user name the function to the stack.
   */
  #environment(): Record<string, string> {
    const { name, memoryMegabytes, environment, bundle, handler } = this.definition
    const { awsEndpoint, internetEndpoint, told } = this.#deps
    return {
      TZ: 'UTC',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCOUNT_ID: account,
      AWS_ACCESS_KEY_ID: name,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      AWS_ENDPOINT_URL: awsEndpoint,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memoryMegabytes.toString(),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: bundle,
      _HANDLER: handler,
      ...environment,
      ...unheard,
      ...replaced(environment, told),
      // Where the stack shows its clock, mails and requests.
      LOCAL_PAGE: '/_local/',
      LOCAL_INTERNET_URL: internetEndpoint.replace('//', `//${name}@`),
    }
  }

  #triggerOf(process: FunctionProcess, id: number): Trigger {
    return (
      [...this.#invocations].find(
        (invocation) => invocation.process === process && invocation.id === id,
      )?.trigger ?? 'call'
    )
  }
}

/** Those of some variables that an environment has. */
function replaced(
  environment: Readonly<Record<string, string>>,
  by: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(by).filter(([name]) => name in environment))
}
