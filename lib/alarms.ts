import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Alerting } from './alerting.ts'
import { alertWatches, bounceWatches } from './alarms/alerting.ts'
import { backgroundWatches, unreadableWatches } from './alarms/background.ts'
import { mailWatches, pingWatches, spillWatches } from './alarms/intake.ts'
import { drillWatches, stateWatches, sweepWatches } from './alarms/judging.ts'
import type { Watch } from './alarms/watch.ts'
import type { Bouncing } from './bouncing.ts'
import type { Drilling } from './drilling.ts'
import type { Management } from './management.ts'
import type { Pinging } from './pinging.ts'
import type { Receiving } from './receiving.ts'
import type { Recording } from './recording.ts'
import type { Replaying, Spilling } from './spilling.ts'
import type { Sweeping } from './sweeping.ts'
import type { Syncing } from './syncing.ts'

export type AlarmsProps = {
  readonly operator: ITopic
  readonly pinging: Pinging
  readonly spilling: Spilling
  readonly replaying: Replaying
  readonly management: Management
  readonly syncing: Syncing
  readonly recording: Recording
  readonly alerting: Alerting
  readonly bouncing: Bouncing
  readonly sweeping: Sweeping
  /** Where mail pings. */
  readonly receiving: Receiving | undefined
  readonly drilling: Drilling
}

/**
 * What wakes the operator: each alarm says what is wrong, whom it touches, and where to look first.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { operator, ...watched }: AlarmsProps) {
    super(scope, id)
    const action = new SnsAction(operator)
    for (const [name, watch] of Object.entries(watches(watched))) {
      const alarm = new Alarm(this, name, {
        evaluationPeriods: 1,
        ...usual,
        ...watch,
        alarmDescription: watch.means,
      })
      alarm.addAlarmAction(action)
      // Who was woken wants to know when it is over.
      alarm.addOkAction(action)
    }
  }
}

const usual = {
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  treatMissingData: TreatMissingData.NOT_BREACHING,
}

function watches(watched: Omit<AlarmsProps, 'operator'>): Readonly<Record<string, Watch>> {
  return {
    ...pingWatches(watched),
    ...spillWatches(watched),
    ...sweepWatches(watched),
    ...stateWatches(watched),
    ...alertWatches(watched),
    ...drillWatches(watched),
    ...backgroundWatches(watched),
    ...unreadableWatches(watched),
    ...mailWatches(watched),
    ...bounceWatches(watched),
  }
}
