import { Duration } from 'aws-cdk-lib'
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { errors, fiveMinutes, sum } from './watch.ts'
import type { WatchedParts } from './watched.ts'

export function sweepWatches({ sweeping }: Pick<WatchedParts, 'sweeping'>) {
  return {
    SweepMissing: {
      // Not its invocations: Lambda counts a run when it ends, and a run that waits for deadlines
      // lasts two minutes.
      metric: sweeping.sweep.metricOfEvents('scanned', Duration.minutes(1)),
      threshold: 1,
      evaluationPeriods: 3,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
      means:
        'The sweep has not looked at the heartbeats for three minutes: NO MISSED PING IS NOTICED. Look whether its schedule in EventBridge Scheduler is enabled, then whether the account has Lambda concurrency left, and with SweepErrors, whether runs fail to read a part of the table: then only that part is not looked at. The first run that succeeds makes up for all that were missed.',
    },
    IntakeImpaired: {
      metric: sweeping.sweep.metricOfEvents('intake-impaired', Duration.minutes(1)),
      threshold: 1,
      means:
        'Pings are not being taken: the canary does not arrive, and the ping function reports errors or throttles. Missed deadlines are held back, by default for 15 minutes, then they are alerted with a note. Look at PingErrors and PingThrottles, the log of the ping function, and the health of DynamoDB in the region.',
    },
    CanaryFailing: {
      metric: sweeping.sweep.metricOfEvents('canary-failed', Duration.minutes(1)),
      threshold: 1,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      means:
        'The sweep pings the public endpoint each minute, and that does not arrive. When IntakeImpaired is silent, the ping function sees nothing of it: missed deadlines are alerted, and may be ours. Look whether the endpoint answers from outside, and at the name it has.',
    },
    FlipsGivenUp: {
      metric: sweeping.sweep.metricOfEvents('flips-given-up', fiveMinutes.period, 'checks'),
      threshold: 1,
      means:
        'Changes of status were not told for a day, and the sweep sends them no more: PEOPLE DO NOT KNOW OF THEM. Look at the log of the alert function, and at what is parked of the Flips queue; when the cause is mended, npx overdue redrive tells them. This is over when each was told, or its check was pinged, paused or deleted.',
    },
    ConcurrencyLow: {
      // Told once a day, so a day without it is one in which the look has yet to come.
      metric: sweeping.sweep.metricOfEvents('concurrency-low', Duration.days(1)),
      threshold: 1,
      evaluationPeriods: 2,
      datapointsToAlarm: 1,
      means:
        'This account may run ten functions at a time in this region, as a new one. Pings share them with alerts, so a full hour with some dozen jobs can lose pings. Ask AWS for more in Service Quotas: concurrent executions of Lambda, 1000 to begin with. It takes a day or two to be over.',
    },
    SweepErrors: {
      ...sum(sweeping.sweep.metricErrors({ period: Duration.minutes(1) })),
      evaluationPeriods: 5,
      datapointsToAlarm: 2,
      means:
        'Sweeps fail: some or all missed pings are not noticed. The log of this function says what went wrong (sweep-failed): with a check, that one could not be judged (ScheduleTooCostly: its schedule takes so long to evaluate that others would have to wait); without, a part of the Heartbeats table could not be read, or what is known of the intake.',
    },
  }
}

/**
 * Of several, the alarm's metric is their number; it goes on until each was pinged, paused or
 * deleted.
 */
export function stateWatches({ sweeping }: Pick<WatchedParts, 'sweeping'>) {
  return {
    ChecksWithoutState: {
      metric: sweeping.sweep.metricOfEvents('without-state', fiveMinutes.period, 'checks'),
      threshold: 1,
      means:
        'Checks have lost their state, as when the Heartbeats table was lost or a back-up was restored. NO MISSED PING OF THEIRS IS NOTICED before their next ping. The API shows them by state_lost_at. This is over when each was pinged, paused or deleted; run by hand what should have run meanwhile.',
    },
  }
}

export function drillWatches({ drilling: { drill } }: Pick<WatchedParts, 'drilling'>) {
  return {
    DrillFailed: {
      metric: drill.metricOfEvents('drill-failed', Duration.minutes(5), 'place'),
      threshold: 1,
      means:
        'The alert of the daily drill did not come out of the far end within five minutes: others may not either. The value of the metric says which stage has it: 1 sweep, 2 relay, 3 alert, 4 deliver. drill-failed in the log of the drill function names it, too. Look at the log of that stage.',
    },
    DrillErrors: errors(
      drill,
      'The daily drill, which tries whether alerts arrive, could not be carried out. Look at the log of this function; alerts may well be going out.',
    ),
  }
}
