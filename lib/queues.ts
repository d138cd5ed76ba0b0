import { Duration, Validations } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Outputs } from './outputs.ts'

/**
 * Where messages end that nobody could handle. Kept as long as SQS keeps anything, so that a long
 * weekend loses none.
 */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason: 'It is itself where dead letters end',
    })
  }
}

export type WorkQueueProps = {
  /** Time limit of the function that works the queue off. */
  readonly handlerTimeout: Duration
  /** How often a message is handed out before it counts as dead. */
  readonly maxReceiveCount: number
  /** How long a message may stay; four days when left out. */
  readonly retention?: Duration
}

/** A queue that a function works off, with dead letters of its own. */
export class WorkQueue extends Queue {
  readonly deadLetters: DeadLetters

  constructor(
    scope: Construct,
    id: string,
    { handlerTimeout, maxReceiveCount, retention }: WorkQueueProps,
  ) {
    const deadLetters = new DeadLetters(scope, `${id}DeadLetters`)
    super(scope, id, {
      // AWS's advice for queues that feed functions: Lambda may hold a batch for some tries while
      // it is throttled.
      visibilityTimeout: Duration.seconds(6 * handlerTimeout.toSeconds()),
      ...(retention === undefined ? {} : { retentionPeriod: retention }),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    })
    this.deadLetters = deadLetters
  }
}

/**
 * What the operator's command has to know to send again what is parked: by their names, it finds
 * each queue with its dead letters.
 */
export function queueOutputs(queues: Readonly<Record<string, WorkQueue>>): Outputs {
  const outputs = Object.entries(queues).flatMap(
    ([name, queue]): [string, readonly [string, string]][] => [
      [`${name}Queue`, [queue.queueUrl, `The queue ${name}, for the operator's command`]],
      [
        `${name}DeadLetters`,
        [
          queue.deadLetters.queueUrl,
          `What is parked of the queue ${name}, for the operator's command`,
        ],
      ],
    ],
  )
  return Object.fromEntries(outputs)
}
