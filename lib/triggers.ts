import { type Duration, Stack } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  EventSourceMapping,
  FilterCriteria,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import {
  type IScheduleTarget,
  Schedule,
  type ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { platformGrants } from './grants.ts'
import { DeadLetters } from './queues.ts'

export type StreamTriggerProps = {
  readonly table: Table
  readonly handler: IFunction
  readonly batchSize: number
  /** How long a batch may wait to fill; without it, Lambda takes what there is. */
  readonly batchWindow?: Duration
  /**
   * Images of items that the handler is for, each as the pattern of an event; all when left out.
   */
  readonly patterns?: readonly Readonly<Record<string, unknown>>[]
  /**
   * How long a record that fails is tried before it goes to the dead letters and those behind it
   * get their turn.
   */
  readonly giveUpAfter: Duration
}

/**
 * Feeds a function from a table's stream, from the oldest record that the stream still has. One
 * batch of a shard at a time, so that the changes of an item stay in order. The number of attempts
 * is left open and their time is bounded: Lambda paces the attempts, and a record that nobody
 * attempted while Lambda itself was in trouble should not count as tried.
 */
export class StreamTrigger extends Construct {
  readonly deadLetters: DeadLetters

  constructor(scope: Construct, id: string, props: StreamTriggerProps) {
    super(scope, id)
    this.deadLetters = new DeadLetters(this, 'DeadLetters')
    const { table, handler, patterns = [] } = props
    new EventSourceMapping(this, 'Mapping', {
      target: handler,
      eventSourceArn: streamArnOf(table),
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: props.batchSize,
      ...(props.batchWindow === undefined ? {} : { maxBatchingWindow: props.batchWindow }),
      ...(patterns.length === 0
        ? {}
        : { filters: patterns.map((pattern) => FilterCriteria.filter(pattern)) }),
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      maxRecordAge: props.giveUpAfter,
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    })
    handler.addToRolePolicy(
      new PolicyStatement({ actions: [...platformGrants.stream], resources: [streamArnOf(table)] }),
    )
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: [...platformGrants.deadLetters],
        resources: [this.deadLetters.queueArn],
      }),
    )
  }
}

export type QueueTriggerProps = {
  readonly queue: Queue
  readonly handler: IFunction
  readonly batchSize: number
  /** How many batches are worked on side by side; as many as Lambda likes when left out. */
  readonly maxConcurrency?: number
}

/** Feeds a function from a queue. */
export class QueueTrigger extends Construct {
  constructor(scope: Construct, id: string, props: QueueTriggerProps) {
    super(scope, id)
    const { queue, handler, batchSize, maxConcurrency } = props
    new EventSourceMapping(this, 'Mapping', {
      target: handler,
      eventSourceArn: queue.queueArn,
      batchSize,
      reportBatchItemFailures: true,
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    })
    handler.addToRolePolicy(
      new PolicyStatement({ actions: [...platformGrants.queue], resources: [queue.queueArn] }),
    )
  }
}

export type ScheduleTriggerProps = {
  readonly schedule: ScheduleExpression
  readonly handler: IFunction
  readonly input?: Readonly<Record<string, unknown>>
  /** How long the scheduler tries to hand a run over to Lambda. */
  readonly giveUpAfter: Duration
}

/** Runs a function on a schedule, at the instant and not in a window around it. */
export class ScheduleTrigger extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleTriggerProps) {
    super(scope, id)
    const { schedule, handler, input, giveUpAfter } = props
    const target: IScheduleTarget = {
      bind: () => ({
        arn: handler.functionArn,
        role: makeInvokeRole(this, handler),
        ...(input === undefined ? {} : { input: ScheduleTargetInput.fromObject(input) }),
        retryPolicy: {
          maximumEventAgeInSeconds: giveUpAfter.toSeconds(),
          maximumRetryAttempts: 10,
        },
      }),
    }
    new Schedule(this, 'Schedule', { schedule, target, timeWindow: TimeWindow.off() })
  }
}

/** CDK's own target would let the scheduler invoke every version of the function too. */
function makeInvokeRole(scope: Construct, handler: IFunction): Role {
  const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } }
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions }),
  })
  role.addToPolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }),
  )
  return role
}

function streamArnOf(table: Table): string {
  if (table.tableStreamArn === undefined) throw new Error(`${table.node.path} has no stream`)
  return table.tableStreamArn
}
