import { Duration } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { deadLetters, errors, lag } from './watch.ts'
import type { WatchedParts } from './watched.ts'

export function alertWatches({ alerting }: Pick<WatchedParts, 'alerting'>) {
  const { relay, alert, deliver, relayStream, flips, deliveries, webhooks, requests } = alerting
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
    AlertErrors: errors(
      alert,
      'Turning flips into alerts crashes; they are tried again. Look at the log of this function.',
    ),
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
        'An alert was given up because its channel does not take it: an address that is malformed, bounced or complained, a hook that is gone, credentials that were refused. delivery-refused in the log of this function names the check and the channel, and last_delivery of the channel says why: correct it, or have the address verified again.',
    },
    DeliverErrors: errors(
      deliver,
      'Sending alerts crashes; they are tried again for a day. Look at the log of this function.',
    ),
    DeliveriesDeadLetters: deadLetters(
      deliveries.deadLetters,
      'Alerts could not be sent for a day: their people have not been told. The log of the deliver function says why (delivery-attempt-failed); a new SES account sends only to verified addresses. When the cause is mended, npx overdue redrive sends them.',
    ),
    WebhooksDeadLetters: deadLetters(
      webhooks.deadLetters,
      'Webhooks could not be called for a day: whoever is behind them has not been told. The log of the deliver function names the channels (delivery-attempt-failed), and last_delivery of a channel says why. Redrive the queue when the cause is mended, or purge it.',
    ),
    RequestsDeadLetters: deadLetters(
      requests.deadLetters,
      'Links that verify addresses could not be mailed for a day. No alert is among them. The log of the deliver function says why (delivery-attempt-failed). When the cause is mended, npx overdue redrive sends them; a link older than three days has expired.',
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

export function bounceWatches({ bouncing }: Pick<WatchedParts, 'bouncing'>) {
  return {
    BounceErrors: errors(
      bouncing.bounce,
      'It could not be noted which addresses take no mail: they are mailed again, which costs the sender its good name, and their channels do not show it. Look at the log of this function. Each bounce was told on this topic with its address.',
    ),
  }
}
