import type { EngineCalls } from '../engine/engine-client.ts'
import type { KeptState } from '../data/kept-state.ts'
import type { LocalFunction } from '../functions/local-function.ts'
import { isAllowed } from '../template/policy.ts'
import { QueueFeed } from './queue-feed.ts'
import type { LocalQueue } from '../services/queue.ts'
import { StartError } from '../start-error.ts'
import { StreamFeed } from './stream-feed.ts'
import { StreamReader, type Positions } from './stream-reader.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'
import type { Wiring } from '../template/wiring.ts'

export type FeedDeps = {
  readonly wiring: Wiring
  readonly functions: ReadonlyMap<string, LocalFunction>
  /** The queues by their names. */
  readonly queues: ReadonlyMap<string, LocalQueue>
  readonly engine: EngineCalls
  readonly clock: VirtualClock
  /** Knows how far each function has read its stream. */
  readonly kept: Pick<KeptState, 'positionsOf' | 'keepPositions'>
}

const streamActions = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
]
const queueActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']

/**
 * Feeds functions from streams.
 * @throws StartError when the role of a function does not let it read its stream.
 */
export function makeStreamFeeds(deps: FeedDeps): Promise<readonly StreamFeed[]> {
  return Promise.all(
    deps.wiring.streamSources.map(async (source) => {
      const target = targetOf(deps, source.functionName)
      demand(target, streamActions, source.streamArn)
      if (source.failureArn !== undefined) demand(target, ['sqs:SendMessage'], source.failureArn)
      const failures =
        source.failureArn === undefined ? undefined : queueOf(deps, source.failureArn)
      const positions = deps.kept.positionsOf(source.functionName)
      const reader = await StreamReader.open(deps.engine, source.tableName, {
        positions,
        startsAtLatest: source.startsAtLatest,
      })
      const onProgress = (reached: Positions) =>
        deps.kept.keepPositions(source.functionName, reached)
      return new StreamFeed(source, {
        reader,
        target,
        clock: deps.clock,
        positions,
        onProgress,
        ...(failures ? { failures } : {}),
      })
    }),
  )
}

/**
 * Feeds functions from queues.
 * @throws StartError when the role of a function does not let it receive from its queue.
 */
export function makeQueueFeeds(deps: FeedDeps): readonly QueueFeed[] {
  return deps.wiring.queueSources.map((source) => {
    const target = targetOf(deps, source.functionName)
    demand(target, queueActions, source.queueArn)
    const queue = queueOf(deps, source.queueArn)
    if (queue.definition.visibilitySeconds < target.definition.timeoutSeconds) {
      throw new StartError(
        `the queue ${queue.definition.name} shows messages again before ${source.functionName} must be done`,
      )
    }
    return new QueueFeed(source, { queue, target, clock: deps.clock })
  })
}

function targetOf({ functions }: FeedDeps, name: string): LocalFunction {
  const target = functions.get(name)
  if (target === undefined)
    throw new StartError(`an event source feeds ${name}, which is no function of the template`)
  return target
}

function queueOf({ queues }: FeedDeps, arn: string): LocalQueue {
  const queue = [...queues.values()].find(({ definition }) => definition.arn === arn)
  if (queue === undefined)
    throw new StartError(`the template refers to ${arn}, which is no queue of it`)
  return queue
}

function demand({ definition }: LocalFunction, actions: readonly string[], resource: string): void {
  const missing = actions.find((action) => !isAllowed(definition.statements, { action, resource }))
  if (missing !== undefined)
    throw new StartError(
      `the role of ${definition.name} does not allow ${missing} on ${resource}, which its trigger takes`,
    )
}
