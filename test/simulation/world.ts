import { nextTick } from 'node:process'
import type { DynamoDBRecord } from 'aws-lambda'
import type { Dice } from './dice.ts'
import type { Faults } from './faults.ts'
import { type AwsCall, host, type Running } from './host.ts'
import type { MemoryTables } from '../../lib/local/engine/memory-tables.ts'
import { Process, type ProcessFields } from './process.ts'
import { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

/**
 * One write to a table with a stream: when it really happened, whatever clocks said, and whose it
 * was.
 */
export type Write = { readonly at: number; readonly by: Process; readonly record: DynamoDBRecord }

/** How processes get at AWS, and when they hear of it. */
export type Caller = { send(process: Process, call: AwsCall): Promise<object> }

export type WorldParts = {
  readonly dice: Dice
  readonly faults: Faults
  readonly tables: MemoryTables
  readonly trace: Trace
  readonly startAt: number
}

/** How often a process may be given time to come to its next scheduling point. */
const MOST_TURNS = 500
/** And how many of those without the event loop. */
const MOST_TICKS = 50

/**
 * One run's time and processes. A process runs from one scheduling point to the next, alone: all
 * that it waits for is an event of the timeline, so between two events nothing is left to run, and
 * the order of events is the seed's.
 */
export class World {
  readonly dice: Dice
  readonly faults: Faults
  readonly tables: MemoryTables
  readonly trace: Trace
  readonly timeline = new Timeline()
  readonly processes: Process[] = []
  now: number
  readonly #writes = new Map<string, Write[]>()
  #woken: Process | undefined
  #caller: Caller | undefined

  constructor({ dice, faults, tables, trace, startAt }: WorldParts) {
    this.dice = dice
    this.faults = faults
    this.tables = tables
    this.trace = trace
    this.now = startAt
  }

  /** What calls to AWS go through. */
  connect(caller: Caller): void {
    this.#caller = caller
  }

  /** The writes to a table with a stream, in their order. */
  writesTo(table: string): Write[] {
    const known = this.#writes.get(table)
    if (known !== undefined) return known
    const writes: Write[] = []
    this.#writes.set(table, writes)
    return writes
  }

  note(who: Process | undefined, what: string): void {
    this.trace.note(this.now, who === undefined ? '-' : `${who.name}#${who.number}`, what)
  }

  after(milliseconds: number, run: () => void): void {
    this.timeline.add(this.now + milliseconds, run)
  }

  /**
   * Starts a process, within an event in which no other runs. `end` is called once, when it has
   * ended, failed, or was killed.
   */
  start(
    fields: ProcessFields,
    work: (process: Process) => Promise<unknown>,
    end: (process: Process, result: unknown) => void,
  ): Process {
    const process = new Process(this.processes.length, fields)
    this.processes.push(process)
    this.#enter(process)
    const finish = (state: 'ended' | 'failed') => (result: unknown) => {
      if (process.state !== 'running') return
      process.state = state
      this.note(process, state === 'ended' ? 'ended' : `failed: ${String(result)}`)
      end(process, result)
    }
    process.kill = () => {
      if (process.state !== 'running') return
      process.state = 'killed'
      this.note(process, 'killed')
      end(process, undefined)
    }
    work(process).then(finish('ended'), finish('failed'))
    return process
  }

  /**
   * Lets a process go on with what it waited for, within an event in which no other runs; a dead
   * one never hears of it.
   */
  wake(process: Process, settle: () => void): void {
    if (process.state !== 'running') return
    process.waitsFor -= 1
    this.#enter(process)
    settle()
  }

  /**
   * A promise that an event is to settle: `arrange` gets what wakes the process with an answer or
   * an error.
   */
  suspend<T>(
    process: Process,
    arrange: (answer: (value: T) => void, fail: (error: Error) => void) => void,
  ): Promise<T> {
    process.waitsFor += 1
    return new Promise((resolve, reject) => {
      arrange(
        (value) => this.wake(process, () => resolve(value)),
        (error) => this.wake(process, () => reject(error)),
      )
    })
  }

  /** Waits, by the clock of the process, or until it gives up waiting itself. */
  sleepUntil(process: Process, at: number, signal?: AbortSignal): Promise<void> {
    const trueAt = at - process.skewMs
    if (trueAt <= this.now || signal?.aborted === true) return Promise.resolve()
    process.waitsFor += 1
    return new Promise((resolve) => {
      let isWaiting = true
      signal?.addEventListener('abort', () => {
        if (isWaiting) process.waitsFor -= 1
        isWaiting = false
        resolve()
      })
      this.timeline.add(trueAt, () => {
        if (isWaiting) this.wake(process, resolve)
        isWaiting = false
      })
    })
  }

  /** Lets everything happen up to an instant. */
  async advanceTo(at: number): Promise<void> {
    while ((this.timeline.nextAt ?? Infinity) <= at) {
      this.#step()
      if (this.#woken !== undefined) await this.#drain(this.#woken)
    }
    this.now = Math.max(this.now, at)
  }

  /** Lets the next event happen. */
  #step(): void {
    const event = this.timeline.take()
    if (event === undefined) return
    this.now = Math.max(this.now, event.at)
    event.run()
  }

  #enter(process: Process): void {
    if (this.#woken !== undefined)
      throw new Error(`${this.#woken.name} and ${process.name} run in one event`)
    this.#woken = process
    process.running ??= this.#abilitiesOf(process)
    host.running = process.running
  }

  #abilitiesOf(process: Process): Running {
    return {
      now: () => this.now + process.skewMs,
      waitUntil: (at, signal) => this.sleepUntil(process, at, signal),
      uuid: () => this.dice.uuid(),
      bytes: (count) => this.dice.bytes(count),
      call: (call) => this.#call(process, call),
    }
  }

  /**
   * Gives the process the thread until it waits for an event or has ended: whatever it does in
   * between are promises that settle by themselves. A tick comes when all of those are settled,
   * without the event loop; it is turned for what needs more than promises.
   */
  async #drain(process: Process): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      await new Promise((resolve) =>
        turn < MOST_TICKS ? nextTick(resolve) : setImmediate(resolve),
      )
      if (process.state !== 'running' || process.waitsFor > 0) {
        this.#woken = undefined
        host.running = undefined
        return
      }
    }
    throw new Error(`${process.name} waits for something that is not of the simulation`)
  }

  #call(process: Process, call: AwsCall): Promise<object> {
    if (this.#caller === undefined) throw new Error('the world is not connected')
    return this.#caller.send(process, call)
  }
}
