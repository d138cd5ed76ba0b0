import { Duration } from 'aws-cdk-lib'
import {
  type ComparisonOperator,
  type IMetric,
  type Metric,
  Stats,
  type TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { DeadLetters } from '../queues.ts'

/**
 * A metric that is looked at, from which value on it is an alarm, and what that means to who is
 * woken by it.
 */
export type Watch = {
  readonly metric: IMetric
  readonly means: string
  readonly threshold: number
  readonly evaluationPeriods?: number
  readonly datapointsToAlarm?: number
  readonly comparisonOperator?: ComparisonOperator
  readonly treatMissingData?: TreatMissingData
}

export const fiveMinutes = { period: Duration.minutes(5) }

export function errors(handler: IFunction, means: string): Watch {
  return { ...sum(handler.metricErrors(fiveMinutes)), means }
}

export function sum(metric: Metric) {
  return { metric: metric.with({ statistic: Stats.SUM }), threshold: 1 }
}

/** Its age is how long the oldest record of the batch at hand lay in the stream. */
export function lag(handler: IFunction, age: Duration) {
  const metric = handler.metric('IteratorAge', {
    period: Duration.minutes(1),
    statistic: Stats.MAXIMUM,
  })
  return { metric, threshold: age.toMilliseconds(), evaluationPeriods: 2 }
}

export function deadLetters(queue: DeadLetters, means: string): Watch {
  const metric = queue.metricApproximateNumberOfMessagesVisible({
    period: Duration.minutes(1),
    statistic: Stats.MAXIMUM,
  })
  return { metric, threshold: 1, means }
}
