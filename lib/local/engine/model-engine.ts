import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { z } from 'zod'
import type { EngineCalls } from './engine-client.ts'
import { StorageError } from '../data/storage-error.ts'
import type { KeptTables } from './kept-tables.ts'
import { MemoryTables } from './memory-tables.ts'
import { streamOperations } from './streams.ts'
import { fromWire, toWire } from './wire.ts'

/** How long a stream keeps its records. */
const RETENTION_MS = 86_400_000
const FORGETTING_INTERVAL_MS = 3_600_000

/** DynamoDB played by the model, in the stack's own process. It runs wherever Node does. */
export class ModelEngine implements EngineCalls {
  readonly #tables: MemoryTables
  readonly #kept: KeptTables | undefined
  readonly #names: string[] = []
  readonly #used = new Map<string, number>()
  #forgottenAt = Date.now()

  /** @param kept where the tables outlive the process; without it they are in memory only. */
  constructor(kept?: KeptTables) {
    this.#kept = kept
    this.#tables = new MemoryTables([], {
      now: Date.now,
      onUse: (table, units) => this.#used.set(table, (this.#used.get(table) ?? 0) + units),
      ...(kept === undefined ? {} : { keep: (changes) => kept.keep(changes, Date.now()) }),
    })
  }

  send(
    target: string,
    body: Buffer | string,
  ): Promise<{ readonly status: number; readonly body: Buffer }> {
    return Promise.resolve().then(() => {
      try {
        return {
          status: 200,
          body: Buffer.from(toWire(this.#run(target, fromWire(body.toString())))),
        }
      } catch (error) {
        const { status, ...answer } = refusal(error)
        return { status, body: Buffer.from(toWire(answer)) }
      }
    })
  }

  /** Calls the model without the way over JSON. @throws when it refuses */
  call(target: string, input: object): Promise<unknown> {
    return Promise.resolve().then(() => this.#run(target, input))
  }

  #run(target: string, input: unknown): object {
    const operation = target.split('.').at(-1) ?? ''
    if (operation === 'CreateTable') return this.#create(input)
    const ofStream = streamOperations.get(operation)
    if (ofStream === undefined) return this.#execute(operation, input as Asking)
    this.#forgetRecords()
    return ofStream(this.#tables, input)
  }

  #create(input: unknown): object {
    const { TableName: name, KeySchema, StreamSpecification } = tableShape.parse(input)
    const [partition, sort] = KeySchema.map(({ AttributeName }) => AttributeName)
    const table = this.#tables.create({
      name,
      partitionKey: partition ?? '',
      sortKey: sort,
      hasStream: StreamSpecification !== undefined,
    })
    this.#kept?.restore(table)
    this.#names.push(name)
    return {}
  }

  #execute(
    operation: string,
    { ReturnConsumedCapacity: asked = 'NONE', ...input }: Asking,
  ): object {
    this.#used.clear()
    const answer = this.#tables.execute(operation, input)
    if (asked === 'NONE') return answer
    const capacities = [...this.#used].map(([TableName, CapacityUnits]) => ({
      TableName,
      CapacityUnits,
    }))
    return { ...answer, ConsumedCapacity: 'TableName' in input ? capacities[0] : capacities }
  }

  #forgetRecords(): void {
    const now = Date.now()
    if (now - this.#forgottenAt < FORGETTING_INTERVAL_MS) return
    this.#forgottenAt = now
    for (const table of this.#names.map((name) => this.#tables.table(name))) {
      this.#kept?.forgetRecords(table, now - RETENTION_MS)
      table.forgetRecords(now - RETENTION_MS)
    }
  }
}

type Asking = { readonly ReturnConsumedCapacity?: string }

const tableShape = z.object({
  TableName: z.string(),
  KeySchema: z
    .array(z.object({ AttributeName: z.string() }))
    .min(1)
    .max(2),
  StreamSpecification: z.unknown().optional(),
})

/**
 * DynamoDB's answer to what it refuses. What the model does not know is answered as a mistake of
 * the caller, so that nobody tries it again.
 */
function refusal(error: unknown): Readonly<Record<string, unknown>> & { readonly status: number } {
  if (error instanceof StorageError)
    return { status: 500, __type: typeOf('InternalServerError'), message: error.message }
  const { message } = error instanceof Error ? error : new Error(String(error))
  if (!(error instanceof DynamoDBServiceException))
    return { status: 400, __type: typeOf('ValidationException'), message }
  const { Item, CancellationReasons } = error as {
    readonly Item?: unknown
    readonly CancellationReasons?: unknown
  }
  return { status: 400, __type: typeOf(error.name), message, Item, CancellationReasons }
}

function typeOf(name: string): string {
  return `com.amazonaws.dynamodb.v20120810#${name}`
}
