import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { Handler } from './handler.ts'
import { WorkQueue } from './queues.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'
import { QueueTrigger } from './triggers.ts'

/** Where pings wait that DynamoDB would not take when they came. */
export class Spilling extends Construct {
  readonly queue: WorkQueue

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.queue = new WorkQueue(this, 'Spill', spillQueue)
  }
}

export type ReplayingProps = Pick<Settings, 'logDays'> & {
  readonly tables: Tables
  readonly spill: WorkQueue
  readonly provision: Handler<'Provision'>
}

/** Records them when it can be done again. */
export class Replaying extends Construct {
  readonly replay: Handler<'Replay'>

  constructor(scope: Construct, id: string, { tables, spill, provision, logDays }: ReplayingProps) {
    super(scope, id)
    this.replay = new Handler(this, 'Replay', {
      granted: {
        Heartbeats: tables.heartbeats,
        Lookups: tables.lookups,
        Journal: tables.journal,
        Provision: provision,
        Spill: spill,
        SpillDeadLetters: spill.deadLetters,
      },
      environment: { LOG_DAYS: logDays.toString() },
      timeout: spillQueue.handlerTimeout,
    })
    new QueueTrigger(this, 'SpillTrigger', {
      queue: spill,
      handler: this.replay,
      batchSize: 10,
      // Each batch is worked through ping by ping, so this many calls at once are all that DynamoDB
      // sees of it, however much waits.
      maxConcurrency: 5,
    })
  }
}

// `replay` waits 10 s after the first failure, twice as long after each further one, up to five
// minutes: 1000 tries, which is the most that SQS takes, are three and a half days. Dead letters
// count their 14 days from when the ping came.
const spillQueue = {
  handlerTimeout: Duration.seconds(60),
  maxReceiveCount: 1000,
  retention: Duration.days(14),
}
