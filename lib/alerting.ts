import { Duration, Validations } from 'aws-cdk-lib'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import * as attribute from '../lambdas/store/watching/heartbeat-attributes.ts'
import { busesOf, topicsOf } from './account-targets.ts'
import { Handler } from './handler.ts'
import { Mailing } from './mailing.ts'
import { WorkQueue } from './queues.ts'
import type { SenderSettings } from './sender-identity.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'
import { QueueTrigger, StreamTrigger } from './triggers.ts'

export type AlertingProps = SenderSettings &
  Pick<Settings, 'logDays' | 'alertBurst' | 'alertTopics' | 'alertBuses'> & {
    readonly tables: Tables
    readonly operator: ITopic
    readonly pingEndpoint: string
  }

type KnownUrls = { readonly apiUrl: string; readonly dashboardUrl: string | undefined }

/**
 * From a change of status to a mail: relay hands flips to a queue, alert turns them into
 * deliveries, deliver sends those.
 */
export class Alerting extends Construct {
  readonly flips: WorkQueue
  readonly deliveries: WorkQueue
  /**
   * Deliveries that call hosts of the internet, which may hang: what goes to AWS's own services
   * never waits behind them.
   */
  readonly webhooks: WorkQueue
  /**
   * What somebody asked for and is no alert, tests of channels and links that verify addresses: no
   * alert waits behind it.
   */
  readonly requests: WorkQueue
  readonly mail: Mailing
  readonly relay: Handler<'Relay'>
  readonly relayStream: StreamTrigger
  readonly alert: Handler<'Alert'>
  readonly deliver: Handler<'Deliver'>

  constructor(
    scope: Construct,
    id: string,
    { tables, operator, pingEndpoint, ...settings }: AlertingProps,
  ) {
    super(scope, id)
    const { sender, senderIdentity, senderZone, logDays, alertBurst, alertTopics, alertBuses } =
      settings
    this.mail = new Mailing(this, 'Mail', { sender, senderIdentity, senderZone, operator })
    this.flips = new WorkQueue(this, 'Flips', flipsQueue)
    this.deliveries = new WorkQueue(this, 'Deliveries', deliveriesQueue)
    this.webhooks = new WorkQueue(this, 'Webhooks', deliveriesQueue)
    this.requests = new WorkQueue(this, 'Requests', deliveriesQueue)
    this.relay = new Handler(this, 'Relay', {
      granted: { Flips: this.flips },
      timeout: Duration.seconds(30),
    })
    this.alert = new Handler(this, 'Alert', {
      granted: {
        Registry: tables.registry,
        Heartbeats: tables.heartbeats,
        Journal: tables.journal,
        Operations: tables.operations,
        Deliveries: this.deliveries,
        Webhooks: this.webhooks,
        FlipsDeadLetters: this.flips.deadLetters,
      },
      environment: { PING_ENDPOINT: pingEndpoint, ALERT_BURST: alertBurst.toString() },
      timeout: flipsQueue.handlerTimeout,
    })
    const [topics, buses] = [topicsOf(this, alertTopics), busesOf(this, alertBuses)]
    this.deliver = new Handler(this, 'Deliver', {
      granted: {
        Journal: tables.journal,
        Deliveries: this.deliveries,
        Webhooks: this.webhooks,
        Requests: this.requests,
        DeliveriesDeadLetters: this.deliveries.deadLetters,
        WebhooksDeadLetters: this.webhooks.deadLetters,
        RequestsDeadLetters: this.requests.deadLetters,
        Mail: this.mail,
        Topics: topics,
        Buses: buses,
      },
      environment: { LOG_DAYS: logDays.toString() },
      timeout: deliveriesQueue.handlerTimeout,
      // A digest of a thousand flips takes a second of a whole processor, of which this is a
      // quarter.
      memoryMegabytes: 512,
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
      reason:
        'The condition on ses:FromAddress leaves one sender; which recipients SES asks for besides is not known at deploy time',
    })
    const here = '<AWS::Region>:<AWS::AccountId>'
    const named = [
      ...alertTopics.map((name) => `sns:${here}:${name}`),
      ...alertBuses.map((name) => `events:${here}:event-bus/${name}`),
    ]
    for (const resource of named.filter((each) => each.endsWith('*'))) {
      const reason =
        'The operator has chosen whatever begins so, and sending there is the one action granted on it'
      Validations.of(this).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${resource}]`,
        reason,
      })
    }
    this.relayStream = new StreamTrigger(this, 'Stream', {
      table: tables.heartbeats,
      handler: this.relay,
      patterns: alertingFlips,
      batchSize: 100,
      // The sweep sends again what nobody took for two minutes, so what is given up here was told
      // long ago.
      giveUpAfter: Duration.hours(1),
    })
    new QueueTrigger(this, 'FlipsTrigger', {
      queue: this.flips,
      handler: this.alert,
      batchSize: 10,
    })
    const queues = [
      // At some tenths of a second a mail these are the dozen mails a second that SES grants most
      // accounts, and a few may hang besides.
      ['DeliveriesTrigger', this.deliveries, 10],
      ['WebhooksTrigger', this.webhooks, 10],
      // The fewest that SQS knows: they share SES's rate with the alerts.
      ['RequestsTrigger', this.requests, 2],
    ] as const
    for (const [id, queue, maxConcurrency] of queues) {
      // Each delivery by itself, so that one which hangs delays no other.
      new QueueTrigger(this, id, { queue, handler: this.deliver, batchSize: 1, maxConcurrency })
    }
  }

  /**
   * The management API and the dashboard, whose URLs alerts show, are made later: they need the
   * queue that is made here.
   */
  know({ apiUrl, dashboardUrl }: KnownUrls): void {
    this.alert.addEnvironment('API_URL', apiUrl)
    if (dashboardUrl !== undefined) this.alert.addEnvironment('DASHBOARD_URL', dashboardUrl)
  }
}

// A message that fails comes back after two minutes. The sweep sends a flip that nobody took again
// for a day, at twice the age each time, so five attempts are not the last ones: they are when the
// operator hears of it.
const flipsQueue = { handlerTimeout: Duration.seconds(20), maxReceiveCount: 5 }

// `deliver` waits 10 s after the first failure, twice as long after each further one, and two hours
// from the eleventh on. Ten delays make 10 230 s, eleven of two hours 79 200 s: 21 delays are a day
// and three quarters of an hour, and lie between 22 attempts.
const deliveriesQueue = { handlerTimeout: Duration.seconds(30), maxReceiveCount: 22 }

/** Into down from anything, and from down to up: the flips that people are told of. */
const alertingFlips = [
  statusChange(['down'], [{ 'anything-but': ['down'] }]),
  statusChange(['up'], ['down']),
]

function statusChange(to: readonly unknown[], from: readonly unknown[]) {
  const image = (statuses: readonly unknown[]) => ({ [attribute.status]: { S: statuses } })
  return { dynamodb: { NewImage: image(to), OldImage: image(from) } }
}
