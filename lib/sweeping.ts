import { Duration, Validations } from 'aws-cdk-lib'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { wholeAccount } from './account-targets.ts'
import { Handler } from './handler.ts'
import type { Pinging } from './pinging.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'
import { ScheduleTrigger } from './triggers.ts'

export type SweepingProps = Pick<Settings, 'holdMinutes' | 'watcherUrl'> & {
  readonly tables: Tables
  readonly flips: Queue
  /** Where pings wait that could not be recorded. */
  readonly spill: Queue
  /** What takes pings, and may fail to. */
  readonly pinging: Pinging
}

/** Looks at all heartbeats each minute. */
export class Sweeping extends Construct {
  readonly sweep: Handler<'Sweep'>

  constructor(
    scope: Construct,
    id: string,
    { tables, flips, spill, pinging, holdMinutes, watcherUrl }: SweepingProps,
  ) {
    super(scope, id)
    this.sweep = new Handler(this, 'Sweep', {
      granted: {
        Heartbeats: tables.heartbeats,
        Operations: tables.operations,
        Flips: flips,
        Spill: spill,
        Metrics: wholeAccount(),
        Account: wholeAccount(),
      },
      environment: {
        PING_ENDPOINT: pinging.endpoint,
        PING_FUNCTION: pinging.ping.functionName,
        HOLD_MINUTES: holdMinutes.toString(),
        ...(watcherUrl === undefined ? {} : { WATCHER_URL: watcherUrl }),
      },
      // A run waits for the deadlines of the next 125 seconds, after a scan that may take as long
      // again. While it waits it costs its memory, and two or three runs always wait: each further
      // 256 MB are some 18 dollars a month.
      timeout: Duration.minutes(4),
      // A run that failed or came late is made up for by the next, which is at most a minute away.
      limits: { retryAttempts: 0, maxEventAge: Duration.minutes(1) },
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason:
        'Metrics of functions and the limits of Lambda are read for all of the account or not at all',
    })
    new ScheduleTrigger(this, 'EachMinute', {
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      handler: this.sweep,
      giveUpAfter: Duration.minutes(1),
    })
  }
}
