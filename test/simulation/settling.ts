import type { DynamoDBRecord, SQSRecord } from 'aws-lambda'
import type { FlipMessage } from '../../lambdas/domain/telling/alert.ts'
import { isCanary } from '../../lambdas/domain/watching/own-heartbeats.ts'
import { tables } from '../../lambdas/store/keys.ts'
import type { FunctionName } from './functions.ts'
import type { Run, Settled } from './invariant.ts'
import { ruledChecks } from './oracle/history.ts'

const MINUTE_MS = 60_000
const writes = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
])
const MOST_STEPS = 100

/**
 * In how many runs events come once more, and in how many of those the messages of queues, too: it
 * takes as long as half of a run.
 */
const REPEATED_EVERY = 3
const MESSAGES_REPEATED_EVERY = 6

/**
 * Hands every event over once more, when nothing is left to do, and notes what that changed. Sweeps
 * rest meanwhile: time goes on.
 */
export async function repeatEverything(run: Run): Promise<void> {
  const { world, deployment } = run
  deployment.sweeps.rests = true
  deployment.mirrors.rests = true
  if (run.seed % REPEATED_EVERY !== 0) return
  await calm(run)
  const settled: Settled = {
    at: world.now,
    before: snapshot(run),
    after: [],
    sentBefore: deployment.sent.length,
  }
  const moved = new Set([...movedChecks(run), ...ruledChecks(run)])
  for (const feed of deployment.feeds) {
    const { table, takes, functionName, batchSize } = feed.settings
    const records = world.writesTo(table).map(({ record }) => record)
    const taken = records.filter(
      (record) =>
        (takes?.(record) ?? true) &&
        !(takes !== undefined && moved.has(record.dynamodb?.Keys?.['id']?.S)),
    )
    for (let at = 0; at < taken.length; at += batchSize)
      await handOver(run, functionName, { Records: taken.slice(at, at + batchSize) })
  }
  // What relay sends again is told again by all behind it; so messages themselves come again in
  // some runs only.
  for (const { settings, sent } of run.seed % MESSAGES_REPEATED_EVERY === 0
    ? deployment.queues
    : []) {
    const isOfMoved = (body: string) =>
      settings.name === 'Flips' && moved.has((JSON.parse(body) as FlipMessage).flip.checkId)
    const messages = sent
      .filter((body) => !isOfMoved(body))
      .map((body, index) => messageOf(settings.name, body, index))
    for (let at = 0; at < messages.length; at += settings.batchSize)
      await handOver(run, settings.functionName, {
        Records: messages.slice(at, at + settings.batchSize),
      })
  }
  await calm(run)
  run.settled = { ...settled, after: snapshot(run) }
}

/**
 * Checks whose channels were changed: an alert that comes again goes to those that the check has by
 * then, and is not compared.
 */
function movedChecks({ world }: Run): ReadonlySet<string | undefined> {
  const checks = world
    .writesTo('Registry')
    .flatMap(({ record: { dynamodb } }) =>
      dynamodb?.NewImage === undefined ? [] : [dynamodb.NewImage],
    )
  const byId = Map.groupBy(checks, (image) => image['id']?.S)
  const isMoved = (images: typeof checks) =>
    new Set(images.map((image) => JSON.stringify(image['channelIds']))).size > 1
  return new Set(
    [...byId].filter(([id, images]) => id !== undefined && isMoved(images)).map(([id]) => id),
  )
}

/** Reconciles when nothing has changed since the last time. */
export async function reconcileAgain(run: Run): Promise<void> {
  const count = run.world.processes.length
  await handOver(run, 'sync', { reconcile: true })
  // A sweep may wait for a deadline still, and find it missed meanwhile.
  const calls = run.world.processes
    .slice(count)
    .flatMap(({ name, calls: made }) => (name === 'sync' ? made : []))
  run.reconcileWrites = calls
    .filter(({ operation }) => writes.has(operation))
    .map(({ operation, input }) => `${operation} ${JSON.stringify(input)}`)
}

async function handOver(
  run: Run,
  functionName: FunctionName,
  event:
    { readonly Records: readonly (DynamoDBRecord | SQSRecord)[] } | { readonly reconcile: true },
) {
  run.deployment.invocations.invoke(functionName, event, () => undefined)
  await calm(run)
}

async function calm({ world, deployment }: Run): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await world.advanceTo(world.now + 100)
    if (deployment.isQuiet && deployment.invocations.running.size === 0) return
    await world.advanceTo(world.now + MINUTE_MS)
  }
  throw new Error('nothing comes to rest')
}

/**
 * Everything that is stored, but for the sweep's mark, for how many alerts went in a minute, or of
 * a check of late, for what is left of digests, whose flips were told otherwise, for the canary,
 * which may have been pinged before it was made, and for when the log expires.
 */
function snapshot({ world }: Run): readonly string[] {
  return Object.keys(tables)
    .filter((table) => table !== 'Operations')
    .flatMap((table) =>
      world.tables
        .items(table)
        .filter(
          (item) =>
            !/^(burst#|pace$|waiting#|hourly#|turn$)/.test(item['entry']?.S ?? '') &&
            !isCanary(item['id']?.S ?? item['check']?.S ?? ''),
        )
        .map(
          (item) =>
            `${table} ${JSON.stringify(sorted({ ...item, ...(table === 'Journal' ? { expiresAt: 0 } : {}) }))}`,
        ),
    )
}

function messageOf(queue: string, body: string, index: number): SQSRecord {
  return {
    messageId: `again-${index}`,
    receiptHandle: `again-${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${queue}`,
    awsRegion: 'us-east-1',
  }
}

/** Attributes have no order. */
function sorted(item: object): object {
  return Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
}
