import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { deadLetters, errors, fiveMinutes, sum } from './watch.ts'
import type { WatchedParts } from './watched.ts'

export function pingWatches({ pinging, management }: Pick<WatchedParts, 'pinging' | 'management'>) {
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

export function spillWatches({
  spilling,
  replaying,
}: Pick<WatchedParts, 'spilling' | 'replaying'>) {
  const { queue } = spilling
  return {
    SpillAge: {
      metric: queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
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
    ReplayErrors: errors(
      replaying.replay,
      'Recording pings that waited crashes; it is tried again. Look at the log of this function.',
    ),
    ReplaysDropped: {
      metric: replaying.replay.metricOfEvents('replay-dropped', Duration.minutes(5)),
      threshold: 1,
      means:
        'Pings that were answered with OK while DynamoDB was in trouble named no check, or a slug that several have. They would have been answered with an error otherwise, and are dropped. replay-dropped in the log of the replay function counts them: a few are mistyped or deleted URLs, all of them would be a defect.',
    },
  }
}

export function mailWatches({ receiving }: Pick<WatchedParts, 'receiving'>) {
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
