import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { Handler } from './handler.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'
import { StreamTrigger } from './triggers.ts'

export type RecordingProps = Pick<Settings, 'logDays' | 'historyDays'> & {
  readonly tables: Tables
}

/** Keeps the log of pings and flips. */
export class Recording extends Construct {
  readonly record: Handler<'Record'>
  readonly stream: StreamTrigger

  constructor(scope: Construct, id: string, { tables, logDays, historyDays }: RecordingProps) {
    super(scope, id)
    this.record = new Handler(this, 'Record', {
      granted: { Journal: tables.journal },
      environment: {
        LOG_DAYS: logDays.toString(),
        HISTORY_DAYS: Math.max(logDays, historyDays).toString(),
      },
      timeout: Duration.seconds(60),
    })
    this.stream = new StreamTrigger(this, 'Stream', {
      table: tables.heartbeats,
      handler: this.record,
      // Many pings an invocation: with a window of a second, 1000 checks that ping every five
      // minutes would pay for twice as many. The log is later by that; alerts take the ping that
      // caused them from elsewhere.
      batchSize: 100,
      batchWindow: Duration.seconds(3),
      // Half of what the stream keeps: long enough for an outage, and the operator has the other
      // half to fetch what was given up.
      giveUpAfter: Duration.hours(12),
    })
  }
}
