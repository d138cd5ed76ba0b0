import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Alerting } from './alerting.ts'
import type { Bouncing } from './bouncing.ts'
import type { Drilling } from './drilling.ts'
import type { Management } from './management.ts'
import type { Pinging } from './pinging.ts'
import type { DeadLetters } from './queues.ts'
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

/** What wakes the operator: each alarm says what is wrong, whom it touches, and where to look first. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { operator, ...watched }: AlarmsProps) {
    super(scope, id)
    const action = new SnsAction(operator)
    for (const [name, watch] of Object.entries(watches(watched))) {
      const alarm = new Alarm(this, name, { evaluationPeriods: 1, ...usual, ...watch, alarmDescription: watch.means })
      alarm.addAlarmAction(action)
      // Who was woken wants to know when it is over.
      alarm.addOkAction(action)
    }
  }
}

type Watch = {
  readonly metric: IMetric
  readonly means: string
  readonly threshold: number
  readonly evaluationPeriods?: number
  readonly datapointsToAlarm?: number
  readonly comparisonOperator?: ComparisonOperator
  readonly treatMissingData?: TreatMissingData
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
    ...mailWatches(watched),
    ...bounceWatches(watched),
  }
}

function pingWatches({ pinging, management }: Pick<AlarmsProps, 'pinging' | 'management'>) {
  return {
    PingErrors: errors(
      pinging.ping,
      'Pings were answered with an error and may be lost; their checks may be reported down though their jobs ran. Look at the log of this function, then at the health of DynamoDB in the region.',
    ),
    PingsRefused: {
      metric: pinging.ping.metricOfEvents('ping-refused', Duration.minutes(5)),
      threshold: 1,
      means:
        'Neither DynamoDB nor SQS took some pings: they were answered with 503, and jobs that do not retry are lost. ping-refused in the log of this function says why. Look at the health of both in the region.',
    },
    PingsSpilled: {
      metric: pinging.ping.metricOfEvents('ping-spilled', Duration.minutes(5)),
      threshold: 1,
      means:
        'Pings could not be recorded when they came and wait in the Spill queue, to be recorded with their own time. Until then their checks may be reported down though their jobs ran. ping-spilled in the log of this function says why: throttling and timeouts pass by themselves, anything else is a defect.',
    },
    PingThrottles: {
      ...sum(pinging.ping.metricThrottles(fiveMinutes)),
      means:
        'Lambda refused pings for lack of concurrency; jobs that do not retry are lost, and may be reported down though they ran. Look at the concurrency of the account and its quota, and at the setting pingConcurrency.',
    },
    ProvisionErrors: errors(
      pinging.provision,
      'Checks that pings by slug ask for could not be made, and those pings were answered with an error. Look at the log of this function, then at the health of DynamoDB in the region.',
    ),
    ApiErrors: errors(
      management.api,
      'The management API answered with errors. Pings and alerts go on without it. Look at the log of this function.',
    ),
  }
}

function spillWatches({ spilling, replaying }: Pick<AlarmsProps, 'spilling' | 'replaying'>) {
  const { queue } = spilling
  return {
    SpillAge: {
      metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(10).toSeconds(),
      means:
        'Pings have waited for more than ten minutes to be recorded: their checks may be reported down though their jobs ran. They are tried for three and a half days. Look for replay-failed in the log of the replay function, then at the health of DynamoDB in the region.',
    },
    ReplaysFailing: {
      // The age of the oldest does not say so: SQS leaves out of it what was received three times.
      metric: replaying.replay.metricOfEvents('replay-failed', Duration.minutes(5)),
      threshold: 1,
      evaluationPeriods: 3,
      means:
        'Pings that were answered with OK have failed to be recorded for a quarter of an hour. They are tried for three and a half days. The log of the replay function says why (replay-failed).',
    },
    SpillDeadLetters: deadLetters(
      queue.deadLetters,
      'Pings that were answered with OK could not be recorded in three and a half days. Look for replay-failed in the log of the replay function; npx overdue redrive sends them again when the cause is mended. SQS drops them 14 days after they came.',
    ),
    ReplayErrors: errors(replaying.replay, 'Recording pings that waited crashes; it is tried again. Look at the log of this function.'),
    ReplaysDropped: {
      metric: replaying.replay.metricOfEvents('replay-dropped', Duration.minutes(5)),
      threshold: 1,
      means:
        'Pings that were answered with OK while DynamoDB was in trouble named no check, or a slug that several have. They would have been answered with an error otherwise, and are dropped. replay-dropped in the log of the replay function counts them: a few are mistyped or deleted URLs, all of them would be a defect.',
    },
  }
}

function sweepWatches({ sweeping }: Pick<AlarmsProps, 'sweeping'>) {
  return {
    SweepMissing: {
      // Not its invocations: Lambda counts a run when it ends, and a run that waits for deadlines lasts two minutes.
      metric: sweeping.sweep.metricOfEvents('scanned', Duration.minutes(1)),
      threshold: 1,
      evaluationPeriods: 3,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
      means:
        'The sweep has not looked at the heartbeats for three minutes: NO MISSED PING IS NOTICED. Look whether its schedule in EventBridge Scheduler is enabled, then whether the account has Lambda concurrency left. The first run that succeeds makes up for all that were missed.',
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
    SweepErrors: {
      ...sum(sweeping.sweep.metricErrors({ period: Duration.minutes(1) })),
      evaluationPeriods: 5,
      datapointsToAlarm: 2,
      means:
        'Sweeps fail: some or all missed pings are not noticed. The log of this function names each check that could not be judged (sweep-failed); when it names none, the scan of the Heartbeats table failed.',
    },
  }
}

/** Of several, the alarm's metric is their number; it goes on until each was pinged, paused or deleted. */
function stateWatches({ sweeping }: Pick<AlarmsProps, 'sweeping'>) {
  return {
    ChecksWithoutState: {
      metric: sweeping.sweep.metricOfEvents('without-state', fiveMinutes.period, 'checks'),
      threshold: 1,
      means:
        'Checks have lost their state, as when the Heartbeats table was lost or a back-up was restored. NO MISSED PING OF THEIRS IS NOTICED before their next ping. The API shows them by state_lost_at. This is over when each was pinged, paused or deleted; run by hand what should have run meanwhile.',
    },
  }
}

function drillWatches({ drilling: { drill } }: Pick<AlarmsProps, 'drilling'>) {
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

function alertWatches({ alerting }: Pick<AlarmsProps, 'alerting'>) {
  const { relay, alert, deliver, relayStream, flips, deliveries, webhooks } = alerting
  return {
    RelayLag: {
      ...lag(relay, Duration.minutes(1)),
      means:
        'Changes of status wait for more than a minute to be alerted. The sweep alerts in their place, some two minutes late. Look at the log of this function.',
    },
    RelayDeadLetters: deadLetters(
      relayStream.deadLetters,
      'Changes of status could not be handed on for an hour. The sweep has alerted in their place, but for outages that were over within two minutes. The messages name the records, which the stream keeps for a day. Look at the log of this function, then at the health of SQS.',
    ),
    AlertFailures: {
      metric: alert.metricOfEvents('alert-failed', Duration.minutes(5)),
      threshold: 1,
      means:
        'Flips could not be turned into alerts and are tried again. Look for alert-failed in the log of this function, then at the health of DynamoDB and SQS.',
    },
    AlertErrors: errors(alert, 'Turning flips into alerts crashes; they are tried again. Look at the log of this function.'),
    FlipsDeadLetters: deadLetters(
      flips.deadLetters,
      'Flips failed five times to become alerts: people have not been told of them. Look for alert-failed in the log of the alert function. The sweep goes on sending them, so mending the cause is enough; npx overdue redrive empties this queue, and tells nobody twice.',
    ),
    DeliveryFailures: {
      metric: deliver.metricOfEvents('delivery-attempt-failed', Duration.minutes(5)),
      threshold: 3,
      means:
        'Alerts are not getting through and are tried again for a day. Look for delivery-attempt-failed in the log of this function, and whether SES has paused the account or still has it in its sandbox, where it sends only to verified addresses.',
    },
    DeliveriesRefused: {
      metric: deliver.metricOfEvents('delivery-refused', Duration.minutes(5)),
      threshold: 1,
      means:
        'An alert was given up because its channel can never take it: a malformed address, or one that bounced or complained. delivery-refused in the log of this function names the check and the channel: correct it, or have the address verified again.',
    },
    DeliverErrors: errors(deliver, 'Sending alerts crashes; they are tried again for a day. Look at the log of this function.'),
    DeliveriesDeadLetters: deadLetters(
      deliveries.deadLetters,
      'Alerts could not be sent for a day: their people have not been told. The log of the deliver function says why (delivery-attempt-failed); a new SES account sends only to verified addresses. When the cause is mended, npx overdue redrive sends them.',
    ),
    WebhooksDeadLetters: deadLetters(
      webhooks.deadLetters,
      'Webhooks could not be called for a day: whoever is behind them has not been told. The log of the deliver function names the channels (delivery-attempt-failed), and last_delivery of a channel says why. Redrive the queue when the cause is mended, or purge it.',
    ),
    Bounces: {
      metric: new Metric({
        namespace: 'AWS/SES',
        metricName: 'Reputation.BounceRate',
        period: Duration.hours(1),
        statistic: Stats.MAXIMUM,
      }),
      threshold: 0.05,
      means:
        'More than 5 % of the mail of this AWS account bounces; at 10 % SES may pause it, and no alert is mailed any more. Each bounced alert was told on this topic with its address: correct or remove those channels.',
    },
  }
}

function bounceWatches({ bouncing }: Pick<AlarmsProps, 'bouncing'>) {
  return {
    BounceErrors: errors(
      bouncing.bounce,
      'It could not be noted which addresses take no mail: they are mailed again, until SES suppresses them itself, and their channels do not show it. Look at the log of this function. Each bounce was told on this topic with its address.',
    ),
  }
}

function backgroundWatches({ recording, syncing }: Pick<AlarmsProps, 'recording' | 'syncing'>) {
  return {
    RecordLag: {
      ...lag(recording.record, Duration.minutes(5)),
      means:
        'The log of pings and flips is more than five minutes behind; alerts go out, without the last pings in them. Look at the log of this function. What is behind by twelve hours is given up.',
    },
    RecordDeadLetters: deadLetters(
      recording.stream.deadLetters,
      'Pings or flips could not be logged for twelve hours. The messages name the records; the stream keeps them for another twelve hours. Look at the log of the record function.',
    ),
    SyncLag: {
      ...lag(syncing.sync, Duration.minutes(5)),
      means:
        'Changes of checks are more than five minutes late in reaching the pings, where the API could not bring them there itself. Look at the log of this function.',
    },
    SyncErrors: errors(
      syncing.sync,
      'Keeping the heartbeats equal to the registry fails. Look at the log of this function; when it is mended, npx overdue reconcile repairs what was missed.',
    ),
    SyncDeadLetters: deadLetters(
      syncing.stream.deadLetters,
      'Changes of checks were given up after an hour. The daily run repairs them, npx overdue reconcile at once. Look at the log of the sync function.',
    ),
  }
}

function mailWatches({ receiving }: Pick<AlarmsProps, 'receiving'>) {
  if (receiving === undefined) return {}
  return {
    InboundErrors: errors(
      receiving.inbound,
      'Mails that ping fail and are tried again, after one minute and after two. Look for mail-failed in the log of this function, then at the health of S3 and DynamoDB in the region.',
    ),
    InboundDeadLetters: deadLetters(
      receiving.deadLetters,
      'Mails failed to ping for good: their checks may be reported down though the jobs ran. mail-failed in the log of the inbound function says why. The mails are kept for a week: when the cause is mended, invoke the function with the requestPayload of each message, which counts nothing twice; then purge this queue.',
    ),
  }
}

const fiveMinutes = { period: Duration.minutes(5) }

function errors(handler: IFunction, means: string): Watch {
  return { ...sum(handler.metricErrors(fiveMinutes)), means }
}

function sum(metric: Metric) {
  return { metric: metric.with({ statistic: Stats.SUM }), threshold: 1 }
}

/** Its age is how long the oldest record of the batch at hand lay in the stream. */
function lag(handler: IFunction, age: Duration) {
  const metric = handler.metric('IteratorAge', { period: Duration.minutes(1), statistic: Stats.MAXIMUM })
  return { metric, threshold: age.toMilliseconds(), evaluationPeriods: 2 }
}

function deadLetters(queue: DeadLetters, means: string): Watch {
  const metric = queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: Stats.MAXIMUM })
  return { metric, threshold: 1, means }
}
