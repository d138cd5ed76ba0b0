import { Duration } from 'aws-cdk-lib'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { checkPrefix, pingKeyPrefix, projectEntry, windowsEntry } from '../lambdas/store/keys.ts'
import { Handler } from './handler.ts'
import type { Tables } from './tables.ts'
import { ScheduleTrigger, StreamTrigger } from './triggers.ts'

/**
 * Keeps the definitions in Heartbeats equal to the registry: change by change, and all of them once
 * a day.
 */
export class Syncing extends Construct {
  readonly sync: Handler<'Sync'>
  readonly stream: StreamTrigger

  constructor(scope: Construct, id: string, { tables }: { readonly tables: Tables }) {
    super(scope, id)
    this.sync = new Handler(this, 'Sync', {
      granted: {
        Registry: tables.registry,
        Heartbeats: tables.heartbeats,
        Lookups: tables.lookups,
        Operations: tables.operations,
      },
      // A full run reads both tables from end to end.
      timeout: Duration.minutes(15),
      memoryMegabytes: 512,
    })
    this.stream = new StreamTrigger(this, 'Stream', {
      table: tables.registry,
      handler: this.sync,
      patterns: whatPingsKnow,
      batchSize: 100,
      // The daily run repairs what is given up here.
      giveUpAfter: Duration.hours(1),
    })
    new ScheduleTrigger(this, 'Daily', {
      // Away from the full hours, at which most jobs ping.
      schedule: ScheduleExpression.cron({ hour: '4', minute: '17' }),
      handler: this.sync,
      input: { reconcile: true },
      giveUpAfter: Duration.hours(1),
    })
  }
}

/**
 * What of the registry pings have copies of. Users, their roles and API keys change without a run.
 */
const whatPingsKnow = [
  { dynamodb: { Keys: { sk: { S: [{ prefix: checkPrefix }, projectEntry, windowsEntry] } } } },
  { dynamodb: { Keys: { pk: { S: [{ prefix: pingKeyPrefix }] } } } },
]
