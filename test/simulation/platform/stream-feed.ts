import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import type { FunctionName } from '../functions.ts'
import type { World } from '../world.ts'
import type { Ended, Invocations } from './invocations.ts'

export type StreamSettings = {
  readonly table: string
  readonly functionName: FunctionName
  readonly batchSize: number
  readonly giveUpAfterMs: number
  /** Which records the function is for; all when left out. */
  readonly takes?: (record: DynamoDBRecord) => boolean
}

const SHARDS = 2

type Entry = { readonly at: number; readonly record: DynamoDBRecord }
type Shard = {
  readonly entries: Entry[]
  position: number
  isBusy: boolean
  attempt: number
  limit: number
}

/**
 * Lambda's reader on a table's stream. Records of one item come in order, and those behind one that
 * fails wait for it; a batch may come again when it was done, or cut differently.
 */
export class StreamFeed {
  readonly settings: StreamSettings
  /** What was given up for its age. */
  readonly deadLetters: DynamoDBRecord[] = []
  readonly #shards: readonly Shard[]
  readonly #world: World
  readonly #invocations: Invocations
  #seen = 0

  constructor(world: World, invocations: Invocations, settings: StreamSettings) {
    this.#world = world
    this.#invocations = invocations
    this.settings = settings
    this.#shards = Array.from({ length: SHARDS }, () => ({
      entries: [],
      position: 0,
      isBusy: false,
      attempt: 0,
      limit: settings.batchSize,
    }))
  }

  get isIdle(): boolean {
    return this.#shards.every(
      ({ entries, position, isBusy }) => position === entries.length && !isBusy,
    )
  }

  /** Sorts what was written since into shards. */
  notice(): void {
    const writes = this.#world.writesTo(this.settings.table)
    for (const { at, record } of writes.slice(this.#seen)) {
      const shard = this.#shards[shardOf(record)]
      shard?.entries.push({ at, record })
      if (shard !== undefined) this.#pollSoon(shard)
    }
    this.#seen = writes.length
  }

  #pollSoon(shard: Shard, afterMs?: number): void {
    if (shard.isBusy) return
    shard.isBusy = true
    const { dice, faults } = this.#world
    const usualMs = faults.strikes('delayed') ? dice.between(1000, 120_000) : dice.between(20, 1000)
    this.#world.after(afterMs ?? usualMs, () => this.#poll(shard))
  }

  #poll(shard: Shard): void {
    const { dice, faults } = this.#world
    this.#giveUp(shard)
    const most = faults.isOver ? shard.limit : dice.between(1, shard.limit)
    const batch = shard.entries.slice(shard.position, shard.position + most)
    const records = batch
      .map(({ record }) => record)
      .filter((record) => this.settings.takes?.(record) ?? true)
    if (records.length === 0) {
      this.#goOn(shard, shard.position + batch.length)
      return
    }
    this.#invocations.invoke(this.settings.functionName, { Records: records }, (ended) =>
      this.#settle(shard, batch, ended),
    )
  }

  #giveUp(shard: Shard): void {
    for (
      let entry = shard.entries[shard.position];
      entry !== undefined;
      entry = shard.entries[shard.position]
    ) {
      if (entry.at + this.settings.giveUpAfterMs >= this.#world.now) return
      this.deadLetters.push(entry.record)
      shard.position += 1
    }
  }

  #settle(shard: Shard, batch: readonly Entry[], ended: Ended): void {
    const failedAt = ended.state === 'failed' ? 0 : firstFailed(batch, ended.value)
    if (failedAt !== undefined) {
      shard.attempt += 1
      shard.limit = Math.max(1, Math.floor(batch.length / 2))
      this.#goOn(shard, shard.position + failedAt, Math.min(60_000, 500 * 2 ** shard.attempt))
      return
    }
    shard.attempt = 0
    shard.limit = this.settings.batchSize
    const comesAgain = this.#world.faults.strikes('duplicated')
    this.#goOn(shard, comesAgain ? shard.position : shard.position + batch.length)
  }

  #goOn(shard: Shard, position: number, afterMs?: number): void {
    shard.position = position
    shard.isBusy = false
    if (position < shard.entries.length) this.#pollSoon(shard, afterMs)
  }
}

/** Where a batch has to be repeated from; undefined when all of it is done. */
function firstFailed(batch: readonly Entry[], value: unknown): number | undefined {
  const { batchItemFailures = [] } = (value ?? {}) as Partial<DynamoDBBatchResponse>
  if (batchItemFailures.length === 0) return undefined
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
  return Math.max(
    0,
    batch.findIndex(({ record }) => failed.has(record.dynamodb?.SequenceNumber ?? '')),
  )
}

function shardOf({ dynamodb }: DynamoDBRecord): number {
  const key = JSON.stringify(dynamodb?.Keys)
  let sum = 0
  for (let index = 0; index < key.length; index += 1) sum += key.charCodeAt(index)
  return sum % SHARDS
}
