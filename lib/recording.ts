import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { Handler } from './handler.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'
import { StreamTrigger } from './triggers.ts'

export type RecordingProps = Pick<Settings, 'logDays'> & { readonly tables: Tables }

/** Keeps the log of pings and flips. */
export class Recording extends Construct {
  readonly record: Handler<'Record'>
  readonly stream: StreamTrigger

  constructor(scope: Construct, id: string, { tables, logDays }: RecordingProps) {
    super(scope, id)
    this.record = new Handler(this, 'Record', {
      granted: { Journal: tables.journal },
      environment: { LOG_DAYS: logDays.toString() },
      timeout: Duration.seconds(60),
    })
    this.stream = new StreamTrigger(this, 'Stream', {
      table: tables.heartbeats,
      handler: this.record,
      // Many pings an invocation, and nobody waits for the log by the second.
      batchSize: 100,
      batchWindow: Duration.seconds(1),
      // Half of what the stream keeps: long enough for an outage, and the operator has the other half to fetch what was given up.
      giveUpAfter: Duration.hours(12),
    })
  }
}
