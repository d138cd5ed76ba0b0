import { Duration } from 'aws-cdk-lib'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { Handler } from './handler.ts'
import type { Tables } from './tables.ts'
import { ScheduleTrigger } from './triggers.ts'

export type SweepingProps = { readonly tables: Tables; readonly flips: Queue }

/** Looks at all heartbeats each minute. */
export class Sweeping extends Construct {
  readonly sweep: Handler<'Sweep'>

  constructor(scope: Construct, id: string, { tables, flips }: SweepingProps) {
    super(scope, id)
    this.sweep = new Handler(this, 'Sweep', {
      granted: { Heartbeats: tables.heartbeats, Operations: tables.operations, Flips: flips },
      // A run waits for the deadlines of the next 125 seconds, after a scan that may take as long again.
      // While it waits it costs its memory, and two or three runs always wait: each further 256 MB are some 18 dollars a month.
      timeout: Duration.minutes(4),
      // A run that failed or came late is made up for by the next, which is at most a minute away.
      limits: { retryAttempts: 0, maxEventAge: Duration.minutes(1) },
    })
    new ScheduleTrigger(this, 'EachMinute', {
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      handler: this.sweep,
      giveUpAfter: Duration.minutes(1),
    })
  }
}
