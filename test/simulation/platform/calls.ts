import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import type { CallFault } from '../faults.ts'
import type { AwsCall } from '../host.ts'
import type { CallNote, Process } from '../process.ts'
import type { Caller, World } from '../world.ts'
import type { Asked, FunctionUrls } from './function-url.ts'
import type { Invocations } from './invocations.ts'
import { split } from './partly.ts'

/**
 * What answers calls: the effect takes place when it is asked, or it throws as a
 * refused call does.
 */
export type Service = { perform(call: AwsCall, by: Process): object }

export type Services = Readonly<Record<Exclude<AwsCall['service'], 'lambda' | 'endpoint'>, Service>>

/** How often a call is tried, and after what time a try is given up. */
export const limits = {
  dynamodb: { tries: 3, timeoutMs: 2000 },
  sqs: { tries: 3, timeoutMs: 2000 },
  ses: { tries: 1, timeoutMs: 15_000 },
  lambda: { tries: 3, timeoutMs: 5000 },
  internet: { tries: 1, timeoutMs: 10_000 },
  cloudwatch: { tries: 1, timeoutMs: 10_000 },
  endpoint: { tries: 1, timeoutMs: 3000 },
  source: { tries: 1, timeoutMs: 20_000 },
}

/**
 * Pings have less time, replays have a queue that tries again, and a page of a scan takes longer.
 */
const ownLimits: Readonly<Record<string, Partial<typeof limits>>> = {
  ping: { dynamodb: { tries: 2, timeoutMs: 800 }, sqs: { tries: 2, timeoutMs: 300 } },
  replay: { dynamodb: { tries: 1, timeoutMs: 2000 } },
  sweep: { dynamodb: { tries: 3, timeoutMs: 5000 } },
}

function limitsOf({ process, call }: Pending) {
  return ownLimits[process.name]?.[call.service] ?? limits[call.service]
}

type Pending = {
  readonly process: Process
  readonly call: AwsCall
  readonly note: CallNote
  attempt: number
  readonly answer: (value: object) => void
  readonly fail: (error: Error) => void
}

/**
 * Calls to AWS that are tried again, over a network that loses things, to services that fail.
 */
export class Calls implements Caller {
  readonly #world: World
  readonly #services: Services
  readonly #invocations: Invocations
  readonly #urls: FunctionUrls

  constructor(
    world: World,
    services: Services,
    { invocations, urls }: { readonly invocations: Invocations; readonly urls: FunctionUrls },
  ) {
    this.#world = world
    this.#services = services
    this.#invocations = invocations
    this.#urls = urls
  }

  send(process: Process, call: AwsCall): Promise<object> {
    const { service, operation, input } = call
    const note: CallNote = {
      service,
      operation,
      input,
      at: this.#world.now,
      effects: 0,
      outcome: 'pending',
    }
    process.calls.push(note)
    if (service === 'endpoint') return this.#ping(process, input as Asked, note)
    return this.#world.suspend(process, (answer: (value: object) => void, fail) => {
      this.#try({ process, call, note, attempt: 1, answer, fail })
    })
  }

  /** What goes to an endpoint goes as everybody's requests do. */
  async #ping(process: Process, asked: Asked, note: CallNote): Promise<object> {
    const answered = await this.#urls.ask(process, 'ping', asked)
    note.outcome = 'answered'
    return answered
  }

  #try(pending: Pending): void {
    const { process, call } = pending
    const { faults, dice } = this.#world
    const fault = process.isExposed
      ? faults.ofCall(resourceOf(call), this.#world.now, process.name)
      : undefined
    const usualMs =
      process.isExposed && faults.strikes('slow') ? dice.between(100, 1900) : dice.between(1, 10)
    const travelMs = usualMs + (call.service === 'ses' ? faults.mailMs : 0)
    const reachesMs = dice.between(0, travelMs)
    if (fault !== undefined) this.#world.note(process, `${call.operation} meets ${fault}`)
    this.#meet(fault, { pending, travelMs, reachesMs })
  }

  #meet(fault: CallFault | undefined, way: Way): void {
    const { pending, travelMs, reachesMs } = way
    const { timeoutMs } = limitsOf(pending)
    const lostAfterMs = this.#world.dice.chance(0.5) ? timeoutMs : travelMs
    switch (fault) {
      case 'killed-before': {
        this.#world.after(reachesMs, pending.process.kill)
        return
      }
      case 'killed-after': {
        this.#effect(pending, reachesMs, pending.process.kill)
        return
      }
      case 'answer-lost':
        this.#effect(pending, reachesMs)
        {
          this.#retry(pending, lostAfterMs, 'TimeoutError')
          return
        }
      case 'request-lost': {
        this.#retry(pending, lostAfterMs, 'TimeoutError')
        return
      }
      case 'throttled': {
        this.#retry(pending, travelMs, 'ThrottlingException')
        return
      }
      case 'failed-before': {
        this.#retry(pending, travelMs, 'InternalServerError')
        return
      }
      case 'failed-after':
        this.#effect(pending, reachesMs)
        {
          this.#retry(pending, travelMs, 'InternalServerError')
          return
        }
      case 'late':
        this.#effect(pending, timeoutMs + this.#world.dice.between(0, 5000))
        {
          this.#retry(pending, timeoutMs, 'TimeoutError')
          return
        }
      case 'conflict':
        if (pending.call.operation === 'TransactWriteItems') {
          this.#settle(pending, travelMs, { error: conflictOf(pending.call) })
          return
        }
        {
          this.#plainly(way)
          return
        }
      case 'partly': {
        this.#partly(way)
        return
      }
      case undefined: {
        this.#plainly(way)
        return
      }
    }
  }

  #plainly({ pending, travelMs, reachesMs }: Way): void {
    if (pending.call.service === 'lambda') {
      this.#invoke(pending)
      return
    }
    this.#effect(pending, reachesMs, (result) =>
      this.#settle(pending, travelMs - reachesMs, result),
    )
  }

  #partly(way: Way): void {
    const parts = split(way.pending.call, this.#world.dice)
    if (parts === undefined) {
      this.#plainly(way)
      return
    }
    const { pending, reachesMs, travelMs } = way
    this.#effect({ ...pending, call: parts.done }, reachesMs, (result) => {
      this.#settle(
        pending,
        travelMs - reachesMs,
        'error' in result ? result : { value: parts.merge(result.value) },
      )
    })
  }

  /** Another function answers when it has ended; that it failed is no reason to try again. */
  #invoke(pending: Pending): void {
    this.#invocations.invoke('provision', pending.call.input, (ended) => {
      this.#settle(
        pending,
        1,
        ended.state === 'ended'
          ? { value: ended.value as object }
          : { error: new Error('the function failed') },
      )
    })
  }

  #effect(pending: Pending, afterMs: number, then?: (result: Result) => void): void {
    this.#world.after(afterMs, () => {
      const result = this.#perform(pending)
      then?.(result)
    })
  }

  #perform(pending: Pending): Result {
    const { process, call, note } = pending
    if (call.service === 'lambda' || call.service === 'endpoint') {
      // What is invoked twice, or for nobody, runs all the same.
      this.#invocations.invoke('provision', call.input, () => undefined)
      return { value: {} }
    }
    try {
      const value = this.#services[call.service].perform(call, process)
      note.effects += 1
      note.effectAt ??= this.#world.now
      this.#world.note(process, call.operation)
      return { value }
    } catch (error) {
      this.#world.note(process, `${call.operation} refused`)
      return { error: error instanceof Error ? error : new Error(String(error)) }
    }
  }

  #retry(pending: Pending, afterMs: number, name: string): void {
    const { tries } = limitsOf(pending)
    if (pending.attempt >= tries) {
      this.#world.after(afterMs, () => {
        pending.note.outcome = 'failed'
        pending.fail(Object.assign(new Error(`simulated ${name}`), { name }))
      })
      return
    }
    const waitMs = this.#world.dice.between(0, 100 * 2 ** pending.attempt)
    this.#world.after(afterMs + waitMs, () => {
      if (pending.process.state !== 'running') return
      pending.attempt += 1
      this.#try(pending)
    })
  }

  #settle(pending: Pending, afterMs: number, result: Result): void {
    this.#world.after(afterMs, () => {
      if ('error' in result) {
        pending.note.outcome = 'refused'
        pending.note.error = result.error
        pending.fail(result.error)
      } else {
        pending.note.outcome = 'answered'
        pending.note.answeredAt = this.#world.now
        pending.answer(result.value)
      }
    })
  }
}

type Result = { readonly value: object } | { readonly error: Error }
type Way = { readonly pending: Pending; readonly travelMs: number; readonly reachesMs: number }

/** The first table or the queue that a call is about. */
function resourceOf({ input }: AwsCall): string {
  const { TableName, QueueUrl, RequestItems } = input as {
    readonly TableName?: string
    readonly QueueUrl?: string
    readonly RequestItems?: object
  }
  return TableName ?? QueueUrl?.split('/').at(-1) ?? Object.keys(RequestItems ?? {})[0] ?? ''
}

function conflictOf({ input }: AwsCall): TransactionCanceledException {
  const { TransactItems = [] } = input as { readonly TransactItems?: readonly object[] }
  const CancellationReasons = TransactItems.map((_, index) => ({
    Code: index === 0 ? 'TransactionConflict' : 'None',
  }))
  return new TransactionCanceledException({
    message: 'simulated conflict',
    $metadata: {},
    CancellationReasons,
  })
}
