import type { DynamoDBRecord } from 'aws-lambda'
import { checkPrefix, pingKeyPrefix, projectEntry, windowsEntry } from '../../lambdas/store/keys.ts'
import * as attribute from '../../lambdas/store/watching/heartbeat-attributes.ts'
import type { QueueSettings } from './platform/queue.ts'
import type { StreamSettings } from './platform/stream-feed.ts'

const HOUR_MS = 3_600_000

/** What starts functions besides requests and the scheduler, as the template says it. */
export const streams: readonly StreamSettings[] = [
  {
    table: 'Registry',
    functionName: 'sync',
    batchSize: 100,
    giveUpAfterMs: HOUR_MS,
    takes: isKnownToPings,
  },
  { table: 'Heartbeats', functionName: 'record', batchSize: 100, giveUpAfterMs: 12 * HOUR_MS },
  {
    table: 'Heartbeats',
    functionName: 'relay',
    batchSize: 100,
    giveUpAfterMs: HOUR_MS,
    takes: alerts,
  },
]

export const queues: readonly QueueSettings[] = [
  {
    name: 'Flips',
    functionName: 'alert',
    batchSize: 10,
    visibilitySeconds: 120,
    maxReceiveCount: 5,
  },
  {
    name: 'Deliveries',
    functionName: 'deliver',
    batchSize: 1,
    visibilitySeconds: 180,
    maxReceiveCount: 22,
    maxConcurrency: 10,
  },
  {
    name: 'Webhooks',
    functionName: 'deliver',
    batchSize: 1,
    visibilitySeconds: 180,
    maxReceiveCount: 22,
    maxConcurrency: 10,
  },
  {
    name: 'Requests',
    functionName: 'deliver',
    batchSize: 1,
    visibilitySeconds: 180,
    maxReceiveCount: 22,
    maxConcurrency: 2,
  },
  {
    name: 'Spill',
    functionName: 'replay',
    batchSize: 10,
    visibilitySeconds: 360,
    maxReceiveCount: 1000,
    maxConcurrency: 5,
  },
]

/** The filter of sync's stream. */
function isKnownToPings({ dynamodb }: DynamoDBRecord): boolean {
  const [pk = '', sk = ''] = [dynamodb?.Keys?.['pk']?.S, dynamodb?.Keys?.['sk']?.S]
  const isDefinition = sk.startsWith(checkPrefix) || sk === projectEntry || sk === windowsEntry
  return isDefinition || pk.startsWith(pingKeyPrefix)
}

/** The filter of relay's stream. */
function alerts({ dynamodb }: DynamoDBRecord): boolean {
  const [before, after] = [
    dynamodb?.OldImage?.[attribute.status]?.S,
    dynamodb?.NewImage?.[attribute.status]?.S,
  ]
  return (
    before !== undefined &&
    ((after === 'down' && before !== 'down') || (after === 'up' && before === 'down'))
  )
}
