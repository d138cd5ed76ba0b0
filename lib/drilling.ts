import { Duration } from 'aws-cdk-lib'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { Handler } from './handler.ts'
import type { Tables } from './tables.ts'
import { ScheduleTrigger } from './triggers.ts'

/** Tries once a day whether an alert arrives. */
export class Drilling extends Construct {
  readonly drill: Handler<'Drill'>

  constructor(
    scope: Construct,
    id: string,
    { tables, flips }: { readonly tables: Tables; readonly flips: Queue },
  ) {
    super(scope, id)
    this.drill = new Handler(this, 'Drill', {
      granted: {
        Heartbeats: tables.heartbeats,
        Operations: tables.operations,
        Journal: tables.journal,
        Flips: flips,
      },
      // A minute until the deadline, five for the alert, and something for the calls. Mostly it is
      // over after a minute.
      timeout: Duration.minutes(7),
      limits: { retryAttempts: 0 },
    })
    new ScheduleTrigger(this, 'Daily', {
      // Away from the full hours, and from the daily sync.
      schedule: ScheduleExpression.cron({ hour: '9', minute: '43' }),
      handler: this.drill,
      giveUpAfter: Duration.hours(1),
    })
  }
}
