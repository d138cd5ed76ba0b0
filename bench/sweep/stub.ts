import { createServer, type IncomingMessage } from 'node:http'
import * as attribute from '../../lambdas/store/watching/heartbeat-attributes.ts'
import { idOf, indexOf, makeWriter, model, type Models, sweptAt } from './population.ts'

/*
 * Answers a sweep as DynamoDB would whose table holds the population, in a process of its own, so
 * that the sweep's time is its own. It is told what to hold in a message, and tells its port.
 */
export type Held = {
  readonly models: Models
  readonly count: number
  readonly pageItems: number
  /** Of how many heartbeats one has rules; of none if it is absent. */
  readonly ruledEach?: number
}

type Input = {
  readonly Segment?: number
  readonly Limit?: number
  readonly TotalSegments?: number
  readonly ProjectionExpression?: string
  readonly ExclusiveStartKey?: { readonly id: { readonly S: string } }
  readonly RequestItems?: Readonly<
    Record<string, { readonly Keys: readonly { readonly id: { readonly S: string } }[] }>
  >
}

const intake = {
  key: { S: 'intake' },
  canaryId: { S: '00000000-0000-8000-8000-000000000000' },
  longestHoldMs: { N: '900000' },
  revision: { N: '1' },
  lastGoodAt: { N: (sweptAt - 60_000).toString() },
  intervals: { L: [] },
}

/** A window each night, which excuses none of what is late now. */
const windows = {
  key: { S: `windows#${model.project}` },
  revision: { N: '1' },
  windows: {
    L: [
      {
        M: {
          id: { S: model.project },
          number: { N: '0' },
          since: { N: '1' },
          name: { S: 'patching' },
          tags: { S: '' },
          lengthSeconds: { N: '3600' },
          times: {
            M: {
              kind: { S: 'recurring' },
              schedule: { M: { kind: { S: 'cron' }, expression: { S: '0 2 * * *' } } },
              timeZone: { S: 'UTC' },
            },
          },
        },
      },
    ],
  },
}

/**
 * What the sweep scanned since somebody asked for that: the requests of each segment, in their
 * order.
 */
let scans: string[][] = []
let held: Held | undefined
let write: (index: number) => string = () => '{}'
let writeProjected:
  { readonly expression: string; readonly write: (index: number) => string } | undefined

process.on('message', (message: Held) => {
  held = message
  write = makeWriter(held.models, held.ruledEach)
  writeProjected = undefined
  scans = []
  process.send?.('held')
})

process.on('disconnect', () => process.exit())

const server = createServer((request, response) => {
  void read(request).then((body) => {
    if (request.url === '/' && request.headers['x-amz-target'] === 'DynamoDB_20120810.Scan')
      note(body)
    const text =
      request.url === '/scans'
        ? scansSoFar()
        : answer(String(request.headers['x-amz-target']), body)
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(text),
    })
    response.end(text)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))

function note(body: string): void {
  const { Segment = 0 } = JSON.parse(body) as Input
  ;(scans[Segment] ??= []).push(body)
}

function scansSoFar(): string {
  const text = JSON.stringify(Object.values(scans))
  scans = []
  return text
}

function answer(target: string, body: string): string {
  switch (target) {
    case 'DynamoDB_20120810.Scan':
      return pageOf(JSON.parse(body) as Input)
    case 'DynamoDB_20120810.BatchGetItem':
      return batchOf(JSON.parse(body) as Input)
    case 'DynamoDB_20120810.GetItem':
      return JSON.stringify({ Item: body.includes('windows#') ? windows : intake })
    case 'DynamoDB_20120810.UpdateItem':
      return '{"Attributes":{"n":{"N":"1"}}}'
    default:
      return '{}'
  }
}

function pageOf({
  Segment = 0,
  TotalSegments = 1,
  Limit = Infinity,
  ProjectionExpression,
  ExclusiveStartKey,
}: Input): string {
  const { count = 0, pageItems = 1 } = held ?? {}
  const from =
    ExclusiveStartKey === undefined
      ? boundary(Segment, TotalSegments)
      : indexOf(ExclusiveStartKey.id.S) + 1
  const end = boundary(Segment + 1, TotalSegments)
  const to = Math.min(end, from + Math.min(pageItems, Limit))
  const writer = ProjectionExpression === undefined ? write : writerOf(ProjectionExpression)
  const items = Array.from({ length: to - from }, (_, offset) => writer(from + offset))
  const last = to < end ? `,"LastEvaluatedKey":{"id":{"S":"${idOf(to - 1)}"}}` : ''
  return `{"Count":${items.length},"Items":[${items.join(',')}]${last},"ScannedCount":${items.length}}`

  function boundary(segment: number, segments: number): number {
    return Math.floor((segment * count) / segments)
  }
}

function writerOf(expression: string): (index: number) => string {
  if (writeProjected?.expression !== expression && held !== undefined) {
    writeProjected = {
      expression,
      write: makeWriter(held.models, held.ruledEach, expression.split(/,\s*/)),
    }
  }
  return writeProjected?.write ?? write
}

function batchOf({ RequestItems = {} }: Input): string {
  const [[table, { Keys }] = ['', { Keys: [] }]] = Object.entries(RequestItems)
  const items = Keys.map(({ id: { S: id } }) =>
    id === intake.canaryId.S ? canaryItem() : write(indexOf(id)),
  )
  return `{"Responses":{"${table}":[${items.join(',')}]},"UnprocessedKeys":{}}`
}

/** As if its ping had just arrived, whenever that is. */
function canaryItem(): string {
  const pinged = {
    ...held?.models.simple,
    id: { S: intake.canaryId.S },
    [attribute.lastPingAt]: { N: (sweptAt + 3_600_000).toString() },
  }
  return JSON.stringify(pinged)
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
