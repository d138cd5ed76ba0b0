import { z } from 'zod'
import { jsonError, jsonHeaders, type AwsCall, type AwsService } from './aws-call.ts'
import type { EngineClient } from '../engine/engine-client.ts'
import { nothingUsed, type Usage } from './meter.ts'
import type { AwsAccess } from '../template/policy.ts'
import { account, region } from '../template/resources.ts'

export type DynamoDeps = {
  readonly engine: Pick<EngineClient, 'send'>
  /** Gets the tables that a call may have changed. */
  readonly onWrite: (tables: readonly string[], call: AwsCall) => void
}

/** One operation on a table, as IAM sees it. A batch or transaction has many. */
type Step = { readonly operation: string; readonly table: string; readonly index?: string }

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems'])

/** Plays DynamoDB. Each call goes to the engine as it came; the answer says what it used. */
export function makeDynamoService({ engine, onWrite }: DynamoDeps): AwsService {
  return {
    accesses: (call) => stepsOf(call).map(accessOf),
    resources: tablesOf,
    perform: async (call) => {
      const wanted = call.input['ReturnConsumedCapacity'] ?? 'NONE'
      const { status, body } = await engine.send(
        `DynamoDB_20120810.${call.operation}`,
        wanted === 'NONE' ? askingForUse(call) : call.body,
      )
      if (status !== 200)
        return { status, headers: jsonHeaders, body, usage: usageOfRefused(call, body.toString()) }
      if (!reads.has(call.operation)) onWrite(tablesOf(call), call)
      const { rest, capacity } = split(body.toString())
      return {
        status,
        headers: jsonHeaders,
        body: wanted === 'NONE' ? rest : body,
        usage: usageOf(call, capacity),
      }
    },
    refuse: (error) =>
      jsonError('com.amazonaws.dynamodb.v20120810', {
        ...error,
        status: error.status === 404 ? 400 : error.status,
      }),
  }
}

/**
 * The request, asking for the capacity that it uses. Its text is not written anew, because some
 * requests are large, and there are many.
 */
function askingForUse({ body, input }: AwsCall): Buffer {
  if ('ReturnConsumedCapacity' in input)
    return Buffer.from(JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' }))
  const rest = body.subarray(body.indexOf('{') + 1)
  return Buffer.concat([
    Buffer.from('{"ReturnConsumedCapacity":"TOTAL"'),
    Buffer.from(Object.keys(input).length > 0 ? ',' : ''),
    rest,
  ])
}

const capacityShape = z.object({ TableName: z.string(), CapacityUnits: z.number() })
const capacitiesShape = z.union([
  z.array(capacityShape),
  capacityShape.transform((capacity) => [capacity]),
])

type Capacities = z.infer<typeof capacitiesShape>

/** The embedded engine writes the capacity that a call used at the end of its answer. */
const capacityAtEnd = /,?"ConsumedCapacity":(\{[^{}]*\}|\[[^[\]]*\])\}$/

/** Takes the capacity that was used out of an answer. */
function split(answer: string): { readonly rest: string; readonly capacity: Capacities } {
  const tail = answer.slice(-2000)
  const found = capacityAtEnd.exec(tail)
  if (found?.[1] !== undefined) {
    const rest = `${answer.slice(0, answer.length - tail.length + found.index)}}`
    return { rest, capacity: capacitiesShape.parse(JSON.parse(found[1])) }
  }
  const { ConsumedCapacity, ...others } = JSON.parse(answer) as Record<string, unknown>
  return {
    rest: JSON.stringify(others),
    capacity: ConsumedCapacity === undefined ? [] : capacitiesShape.parse(ConsumedCapacity),
  }
}

function usageOf(call: AwsCall, capacity: Capacities): ReadonlyMap<string, Usage> {
  const kind = reads.has(call.operation) ? 'readUnits' : 'writeUnits'
  return new Map(
    capacity.map(({ TableName, CapacityUnits }) => [
      TableName,
      { ...nothingUsed, [kind]: CapacityUnits },
    ]),
  )
}

/**
 * The use of a refused call, which the engine does not report. A condition that fails costs as much
 * as the write; in a transaction each item costs two units.
 */
function usageOfRefused(call: AwsCall, error: string): ReadonlyMap<string, Usage> {
  const isCancelled =
    error.includes('#TransactionCanceledException') && call.operation === 'TransactWriteItems'
  const unit = isCancelled ? 2 : error.includes('#ConditionalCheckFailedException') ? 1 : 0
  const usage = new Map<string, Usage>()
  for (const { table } of stepsOf(call)) {
    usage.set(table, {
      ...nothingUsed,
      writeUnits: (usage.get(table)?.writeUnits ?? 0) + unit,
      isError: true,
    })
  }
  return usage
}

const inputShape = z.object({
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  RequestItems: z.record(z.string(), z.unknown()).optional(),
  TransactItems: z.array(z.record(z.string(), z.object({ TableName: z.string() }))).optional(),
})

const singleOperations: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
}

const known = new WeakMap<AwsCall, readonly Step[]>()

/** The steps of a call, which are read once and used several times. */
function stepsOf(call: AwsCall): readonly Step[] {
  const steps = known.get(call) ?? readSteps(call)
  known.set(call, steps)
  return steps
}

/** IAM checks each operation of a transaction. */
function readSteps({ operation, input }: AwsCall): readonly Step[] {
  const { TableName, IndexName, RequestItems, TransactItems } = inputShape.parse(input)
  if (TransactItems !== undefined) {
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, { TableName: table }]) => ({
        operation: singleOperations[kind] ?? kind,
        table: nameOf(table),
      })),
    )
  }
  if (RequestItems !== undefined)
    return Object.keys(RequestItems).map((table) => ({ operation, table: nameOf(table) }))
  return [
    {
      operation,
      table: nameOf(TableName ?? ''),
      ...(IndexName === undefined ? {} : { index: IndexName }),
    },
  ]
}

function tablesOf(call: AwsCall): readonly string[] {
  return [...new Set(stepsOf(call).map(({ table }) => table))]
}

function accessOf({ operation, table, index }: Step): AwsAccess {
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${table}`
  return {
    action: `dynamodb:${operation}`,
    resource: index === undefined ? arn : `${arn}/index/${index}`,
  }
}

/** A table may be named by its ARN. */
function nameOf(table: string): string {
  return table.split(':table/').at(-1) ?? table
}
