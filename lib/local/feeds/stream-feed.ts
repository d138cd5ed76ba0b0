import { isDeepStrictEqual } from 'node:util'
import { failedItems } from './batch-answer.ts'
import { fitsPattern } from './event-pattern.ts'
import type { InvocationResult } from '../functions/function-process.ts'
import type { LocalFunction } from '../functions/local-function.ts'
import type { LocalQueue } from '../services/queue.ts'
import { region } from '../template/resources.ts'
import type { StreamSource } from '../template/sources.ts'
import { unlessUnkept } from '../data/storage-error.ts'
import type { Positions, StreamReader, StreamRecord } from './stream-reader.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'

export type StreamFeedDeps = {
  readonly reader: Pick<StreamReader, 'read'>
  readonly target: Pick<LocalFunction, 'invoke' | 'definition'>
  readonly clock: VirtualClock
  /** How far the stream was read before. */
  readonly positions?: Positions
  /** Gets how far the stream is read. */
  readonly onProgress?: (positions: Positions) => void
  /** Gets the batches that were given up. */
  readonly failures?: LocalQueue
}

type Arrived = StreamRecord & { readonly shard: string; readonly arrivedAt: number }

const MOST_RECORDS_READ = 1000
const FIRST_BACKOFF_MS = 1000
const LONGEST_BACKOFF_MS = 60_000
/**
 * How often a stream is read. A pause lets writes that follow each other be read together. Lambda
 * reads four times a second.
 */
const READ_INTERVAL_MS = 100

/** Feeds a function from a table's stream by its event source mapping: in order, batch by batch. */
export class StreamFeed {
  readonly source: StreamSource
  readonly #deps: StreamFeedDeps
  readonly #positions: Record<string, string>
  readonly #buffer: Arrived[] = []
  #running: Promise<void> | undefined
  #hasMore = false
  #isInvoking = false
  #isStopped = false
  #endWait: (() => void) | undefined
  #isWindowOpen = false
  #isHurried = false
  #readAt = 0

  constructor(source: StreamSource, deps: StreamFeedDeps) {
    this.source = source
    this.#deps = deps
    this.#positions = { ...deps.positions }
  }

  /** Whether it is reading, and neither waits for the function nor for the clock. */
  get isGathering(): boolean {
    return this.#running !== undefined && !this.#isInvoking && this.#endWait === undefined
  }

  /** Reads the stream, because the table was written. */
  poke(): void {
    this.#hasMore = true
    if (this.#running === undefined) this.#running = this.#run()
    else if (this.#isWindowOpen && this.#buffer.length >= this.source.batchSize) this.#endWait?.()
  }

  /** Closes the batch window, if one is open, and reads without a pause what there is by now. */
  flush(): void {
    this.#isHurried = this.#running !== undefined
    if (this.#isWindowOpen) this.#endWait?.()
  }

  /** Waits until all that has been written to the table by now is handed over. */
  async drained(): Promise<void> {
    this.flush()
    await this.#running
  }

  /** Stops after the batch under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#endWait?.()
    await this.#running
  }

  async #run(): Promise<void> {
    do {
      while (!this.#isStopped && (await this.#fill()))
        await this.#handle(this.#buffer.splice(0, this.source.batchSize))
    } while (this.#hasMore && !this.#isStopped)
    this.#running = undefined
    this.#isHurried = false
  }

  /** Reads until the batch is full, or there is nothing more to read or to wait for. */
  async #fill(): Promise<boolean> {
    const isFresh = this.#buffer.length === 0
    if (isFresh && this.#hasMore)
      await this.#hold(this.#readAt + READ_INTERVAL_MS - this.#deps.clock.now())
    await this.#read()
    if (this.#buffer.length === 0) return false
    if (isFresh && this.#buffer.length < this.source.batchSize) {
      await this.#hold(this.source.windowSeconds * 1000)
      await this.#read()
    }
    return true
  }

  /** Lets more records come, unless somebody waits for those that are there. */
  async #hold(ms: number): Promise<void> {
    if (ms <= 0 || this.#isHurried) return
    this.#isWindowOpen = true
    await this.#wait(ms)
    this.#isWindowOpen = false
  }

  async #read(): Promise<void> {
    while (this.#hasMore && this.#buffer.length < this.source.batchSize) {
      this.#hasMore = false
      this.#readAt = this.#deps.clock.now()
      const page = await this.#deps.reader.read(MOST_RECORDS_READ)
      if (page === undefined) return
      this.#hasMore = true
      const arrivedAt = this.#deps.clock.now()
      this.#buffer.push(
        ...page.records
          .filter((record) => this.#isWanted(record))
          .map((record) => ({ ...record, shard: page.shard, arrivedAt })),
      )
      const last = page.records.at(-1)
      if (this.#buffer.length === 0 && last) this.#pass(page.shard, last)
    }
  }

  /** Unlike the engine, DynamoDB writes no record when a write leaves an item as it was. */
  #isWanted(record: StreamRecord): boolean {
    const { patterns } = this.source
    if (patterns.length > 0 && !patterns.some((pattern) => fitsPattern(pattern, record)))
      return false
    const { NewImage, OldImage } = record.dynamodb
    return NewImage === undefined || !isDeepStrictEqual(NewImage, OldImage)
  }

  /**
   * Tries a batch until it succeeds or is given up. The part that failed is tried by itself, so
   * that it holds up few others.
   */
  async #handle(batch: readonly Arrived[]): Promise<void> {
    const { reportsItems, bisects, maxRetries } = this.source
    let left = batch
    for (let attempt = 0; left.length > 0 && !this.#isStopped; attempt += 1) {
      const failed = failedItems(await this.#invoke(left), reportsItems)
      const from = failed === 'all' ? 0 : firstFailed(left, failed)
      if (from > 0) attempt = 0
      left = left.slice(from)
      if (left.length === 0) break
      const isOver = this.#isTooOld(left[0]) || (maxRetries >= 0 && attempt >= maxRetries)
      if (isOver && this.#giveUp(left, attempt + 1) === 'given-up') break
      if (bisects && left.length > 1) {
        const middle = Math.ceil(left.length / 2)
        await this.#handle(left.slice(0, middle))
        left = left.slice(middle)
      }
      await this.#wait(Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(attempt, 10), LONGEST_BACKOFF_MS))
    }
    const last = batch.at(-1)
    if (last && !this.#isStopped) this.#pass(last.shard, last)
  }

  /**
   * Notes that all records up to this one are done. If the note cannot be kept, they are read again
   * after a restart, as Lambda may read them twice.
   */
  #pass(shard: string, { dynamodb }: StreamRecord): void {
    this.#positions[shard] = dynamodb.SequenceNumber
    unlessUnkept(() => this.#deps.onProgress?.(this.#positions))
  }

  async #invoke(batch: readonly Arrived[]): Promise<InvocationResult> {
    this.#isInvoking = true
    const outcome = await this.#deps.target.invoke(
      { Records: batch.map((record) => this.#record(record)) },
      'stream',
    )
    this.#isInvoking = false
    return outcome
  }

  #isTooOld(record: Arrived | undefined): boolean {
    const { maxAgeSeconds } = this.source
    return (
      record !== undefined &&
      maxAgeSeconds >= 0 &&
      this.#deps.clock.now() - record.arrivedAt > maxAgeSeconds * 1000
    )
  }

  /** Hands a batch to the queue of failures; undefined when that cannot keep it. */
  #giveUp(batch: readonly Arrived[], attempts: number): 'given-up' | undefined {
    const { target, failures, clock } = this.#deps
    const info = {
      shardId: batch[0]?.shard,
      startSequenceNumber: batch[0]?.dynamodb.SequenceNumber,
      endSequenceNumber: batch.at(-1)?.dynamodb.SequenceNumber,
      batchSize: batch.length,
      streamArn: this.source.streamArn,
    }
    const requestContext = { functionArn: target.definition.arn, approximateInvokeCount: attempts }
    const body = JSON.stringify({
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext,
      DDBStreamBatchInfo: info,
    })
    return unlessUnkept(() => {
      failures?.send({ body })
      return 'given-up'
    })
  }

  #wait(ms: number): Promise<void> {
    if (this.#isStopped) return Promise.resolve()
    const { clock } = this.#deps
    return new Promise((resolve) => {
      const end = () => {
        cancel()
        this.#endWait = undefined
        resolve()
      }
      const cancel = clock.at(clock.now() + ms, 'work', end)
      this.#endWait = end
    })
  }

  #record({ shard: _, arrivedAt, ...record }: Arrived): Readonly<Record<string, unknown>> {
    return {
      ...record,
      dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: Math.floor(arrivedAt / 1000) },
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: region,
      eventSourceARN: this.source.streamArn,
    }
  }
}

/** The index of the first record that failed; the length of the batch when none did. */
function firstFailed(batch: readonly Arrived[], failed: readonly string[]): number {
  const first = batch.findIndex(({ dynamodb }) => failed.includes(dynamodb.SequenceNumber))
  return first === -1 ? (failed.length === 0 ? batch.length : 0) : first
}
