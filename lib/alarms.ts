import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { alertWatches, bounceWatches } from './alarms/alerting.ts'
import { backgroundWatches, unreadableWatches } from './alarms/background.ts'
import { mailWatches, pingWatches, spillWatches } from './alarms/intake.ts'
import { drillWatches, stateWatches, sweepWatches } from './alarms/judging.ts'
import { mirrorWatches } from './alarms/mirroring.ts'
import { pageWatches } from './alarms/pages.ts'
import type { Watch } from './alarms/watch.ts'
import type { WatchedParts } from './alarms/watched.ts'

export type AlarmsProps = WatchedParts & { readonly operator: ITopic }

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
      // The operator hears when it is over, too.
      alarm.addOkAction(action)
    }
  }
}

const usual = {
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  treatMissingData: TreatMissingData.NOT_BREACHING,
}

function watches(watched: WatchedParts): Readonly<Record<string, Watch>> {
  return {
    ...pingWatches(watched),
    ...spillWatches(watched),
    ...sweepWatches(watched),
    ...stateWatches(watched),
    ...alertWatches(watched),
    ...drillWatches(watched),
    ...backgroundWatches(watched),
    ...unreadableWatches(watched),
    ...mirrorWatches(watched),
    ...pageWatches(watched),
    ...mailWatches(watched),
    ...bounceWatches(watched),
  }
}
