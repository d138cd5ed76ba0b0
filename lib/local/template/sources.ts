import { z } from 'zod'
import type { Resources } from './resources.ts'

/** An event source mapping from a table's stream to a function. */
export type StreamSource = {
  readonly functionName: string
  readonly tableName: string
  readonly streamArn: string
  readonly batchSize: number
  readonly windowSeconds: number
  readonly startsAtLatest: boolean
  readonly patterns: readonly unknown[]
  readonly reportsItems: boolean
  readonly bisects: boolean
  /** How often a failed batch is tried again; -1: until its records are too old. */
  readonly maxRetries: number
  /** How old a record may get; -1: as old as the stream keeps it. */
  readonly maxAgeSeconds: number
  /** ARN of the queue for batches that were given up. */
  readonly failureArn?: string
}

/** An event source mapping from a queue to a function. */
export type QueueSource = {
  readonly functionName: string
  readonly queueArn: string
  readonly batchSize: number
  readonly windowSeconds: number
  readonly maxConcurrency: number
  readonly patterns: readonly unknown[]
  readonly reportsItems: boolean
}

const sourceShape = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  BatchSize: z.number().optional(),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  StartingPosition: z.literal(['TRIM_HORIZON', 'LATEST']).optional(),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.number().default(-1),
  MaximumRecordAgeInSeconds: z.number().default(-1),
  // Read, but not played: batches of one shard run one after another here.
  ParallelizationFactor: z.number().optional(),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }).optional(),
})

type Source = z.infer<typeof sourceShape>

/** How many batches of a queue run at once without a limit. Lambda begins with as many. */
const concurrencyAtStart = 5

export function readSources(resources: Resources): {
  readonly streamSources: readonly StreamSource[]
  readonly queueSources: readonly QueueSource[]
} {
  const sources = resources
    .ofType('AWS::Lambda::EventSourceMapping')
    .map(({ read }) => read(sourceShape))
  const isStream = ({ EventSourceArn }: Source) => EventSourceArn.includes(':dynamodb:')
  return {
    streamSources: sources.filter(isStream).map(streamSource),
    queueSources: sources.filter((source) => !isStream(source)).map(queueSource),
  }
}

function streamSource(source: Source): StreamSource {
  return {
    ...common(source),
    tableName: /:table\/([^/]+)\//.exec(source.EventSourceArn)?.[1] ?? '',
    streamArn: source.EventSourceArn,
    batchSize: source.BatchSize ?? 100,
    startsAtLatest: source.StartingPosition === 'LATEST',
    bisects: source.BisectBatchOnFunctionError,
    maxRetries: source.MaximumRetryAttempts,
    maxAgeSeconds: source.MaximumRecordAgeInSeconds,
    ...(source.DestinationConfig
      ? { failureArn: source.DestinationConfig.OnFailure.Destination }
      : {}),
  }
}

function queueSource(source: Source): QueueSource {
  return {
    ...common(source),
    queueArn: source.EventSourceArn,
    batchSize: source.BatchSize ?? 10,
    maxConcurrency: source.ScalingConfig?.MaximumConcurrency ?? concurrencyAtStart,
  }
}

function common(source: Source) {
  const patterns: readonly unknown[] = (source.FilterCriteria?.Filters ?? []).map(
    ({ Pattern }) => JSON.parse(Pattern) as unknown,
  )
  return {
    functionName: functionNameOf(source.FunctionName),
    windowSeconds: source.MaximumBatchingWindowInSeconds,
    patterns,
    reportsItems: source.FunctionResponseTypes.length > 0,
  }
}

/** The name of a function, which a mapping names by name or ARN. */
export function functionNameOf(nameOrArn: string): string {
  return nameOrArn.split(':function:').at(-1) ?? nameOrArn
}
