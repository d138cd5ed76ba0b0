import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployment, type Properties, sourceSettings } from './deployment.ts'

// With every alarm that some setting adds.
const { ofType, properties, named } = deployment({
  pingEmailDomain: 'ping.example.com',
  ...sourceSettings,
})
const alarms = [...ofType('AWS::CloudWatch::Alarm')].map(([path, { Properties }]) => ({
  path,
  ...(Properties as Alarm),
}))

describe('the alarms', () => {
  it.each([
    [
      'SweepErrors',
      'Errors',
      'Sweeping/Sweep',
      { Threshold: 1, DatapointsToAlarm: 2, EvaluationPeriods: 5, Period: 60 },
    ],
    ['PingErrors', 'Errors', 'Pinging/Ping', { Threshold: 1, EvaluationPeriods: 1, Period: 300 }],
    [
      'ReplayErrors',
      'Errors',
      'Replaying/Replay',
      { Threshold: 1, EvaluationPeriods: 1, Period: 300 },
    ],
    [
      'PingThrottles',
      'Throttles',
      'Pinging/Ping',
      { Threshold: 1, EvaluationPeriods: 1, Period: 300 },
    ],
    ['InboundErrors', 'Errors', 'Receiving/Inbound', { Threshold: 1, Period: 300 }],
    [
      'MirrorErrors',
      'Errors',
      'Mirroring/Mirror',
      { Threshold: 1, DatapointsToAlarm: 5, EvaluationPeriods: 5, Period: 60 },
    ],
    ['ApiErrors', 'Errors', 'Management/Api', { Threshold: 1 }],
    ['WebErrors', 'Errors', 'Pages/Web', { Threshold: 1 }],
    ['AlertErrors', 'Errors', 'Alerting/Alert', { Threshold: 1 }],
    ['DeliverErrors', 'Errors', 'Alerting/Deliver', { Threshold: 1 }],
    ['BounceErrors', 'Errors', 'Bouncing/Bounce', { Threshold: 1 }],
    ['SyncErrors', 'Errors', 'Syncing/Sync', { Threshold: 1 }],
    ['RelayLag', 'IteratorAge', 'Alerting/Relay', { Threshold: 60_000, Statistic: 'Maximum' }],
    ['RecordLag', 'IteratorAge', 'Recording/Record', { Threshold: 300_000, Statistic: 'Maximum' }],
    ['SyncLag', 'IteratorAge', 'Syncing/Sync', { Threshold: 300_000, Statistic: 'Maximum' }],
  ])('%s watches %s of %s', (name, metric, handler, conditions) => {
    const alarm = properties(`Alarms/${name}`)

    expect(alarm).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: metric, ...conditions })
    expect(watched(alarm)).toEqual([handler])
  })

  it.each([
    [
      'SweepMissing',
      'scanned',
      'Sweeping/Sweep',
      {
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        EvaluationPeriods: 3,
        Period: 60,
        TreatMissingData: 'breaching',
      },
    ],
    [
      'ConcurrencyLow',
      'concurrency-low',
      'Sweeping/Sweep',
      { Threshold: 1, DatapointsToAlarm: 1, EvaluationPeriods: 2, Period: 86_400 },
    ],
    [
      'PingsSpilled',
      'ping-spilled',
      'Pinging/Ping',
      { Threshold: 1, EvaluationPeriods: 1, Period: 300 },
    ],
    [
      'PingsRefused',
      'ping-refused',
      'Pinging/Ping',
      { Threshold: 1, EvaluationPeriods: 1, Period: 300 },
    ],
    [
      'ReplaysDropped',
      'replay-dropped',
      'Replaying/Replay',
      { Threshold: 1, EvaluationPeriods: 1, Period: 300 },
    ],
    [
      'IntakeImpaired',
      'intake-impaired',
      'Sweeping/Sweep',
      { Threshold: 1, EvaluationPeriods: 1, Period: 60 },
    ],
    [
      'CanaryFailing',
      'canary-failed',
      'Sweeping/Sweep',
      { Threshold: 1, DatapointsToAlarm: 3, EvaluationPeriods: 5, Period: 60 },
    ],
    [
      'WebFailures',
      'page-failed',
      'Pages/Web',
      { Threshold: 1, EvaluationPeriods: 1, Period: 300 },
    ],
    [
      'AlertFailures',
      'alert-failed',
      'Alerting/Alert',
      { Threshold: 1, EvaluationPeriods: 1, Period: 300 },
    ],
    [
      'DeliveryFailures',
      'delivery-attempt-failed',
      'Alerting/Deliver',
      { Threshold: 3, EvaluationPeriods: 1, Period: 300 },
    ],
    [
      'DeliveriesRefused',
      'delivery-refused',
      'Alerting/Deliver',
      { Threshold: 1, EvaluationPeriods: 1, Period: 300 },
    ],
  ])('%s watches the event %s in the log of %s', (name, event, handler, conditions) => {
    const counted = properties(`${handler}/${event}`)

    expect(properties(`Alarms/${name}`)).toMatchObject({
      Namespace: 'Overdue',
      MetricName: event,
      Statistic: 'Sum',
      ...conditions,
    })
    expect(counted).toMatchObject({
      FilterPattern: `{ $.message.event = "${event}" }`,
      MetricTransformations: [{ MetricNamespace: 'Overdue', MetricName: event, MetricValue: '1' }],
    })
    expect(named(counted['LogGroupName'])).toBe(`${handler}Log`)
  })

  it.each([
    ['SourceRowsRefused', 'source-faults', 'rows'],
    ['SourceDeletionsHeld', 'source-holds', 'projects'],
  ])('%s watches what the mirror tells in %s', (name, event, field) => {
    expect(properties(`Alarms/${name}`)).toMatchObject({
      MetricName: event,
      Statistic: 'Maximum',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    })
    expect(properties(`Mirroring/Mirror/${event}`)).toMatchObject({
      MetricTransformations: [{ MetricName: event, MetricValue: `$.message.${field}` }],
    })
  })

  it('ChecksWithoutState watches how many the sweep tells', () => {
    const counted = properties('Sweeping/Sweep/without-state')

    expect(properties('Alarms/ChecksWithoutState')).toMatchObject({
      MetricName: 'without-state',
      Statistic: 'Maximum',
      Threshold: 1,
    })
    expect(counted).toMatchObject({
      MetricTransformations: [{ MetricName: 'without-state', MetricValue: '$.message.checks' }],
    })
  })

  it('DrillFailed shows the place of the stage that swallowed the alert', () => {
    expect(properties('Alarms/DrillFailed')).toMatchObject({
      MetricName: 'drill-failed',
      Statistic: 'Maximum',
      Threshold: 1,
    })
    expect(properties('Drilling/Drill/drill-failed')).toMatchObject({
      MetricTransformations: [{ MetricValue: '$.message.place' }],
    })
  })

  it('ItemsUnreadable watches all functions that leave out what they cannot read', () => {
    const counting = [...ofType('AWS::Logs::MetricFilter').keys()].filter((path) =>
      path.endsWith('/item-unreadable'),
    )

    expect(properties('Alarms/ItemsUnreadable')).toMatchObject({
      MetricName: 'item-unreadable',
      Statistic: 'Sum',
      Threshold: 1,
    })
    expect(counting.map((path) => path.split('/').at(-2)).sort()).toEqual([
      'Alert',
      'Api',
      'Deliver',
      'Provision',
      'Sync',
      'Web',
    ])
    for (const path of counting) {
      expect(properties(path)['MetricTransformations']).toMatchObject([
        { MetricNamespace: 'Overdue', MetricName: 'item-unreadable' },
      ])
    }
  })

  it('watch events that the functions do log', () => {
    const events = [...ofType('AWS::Logs::MetricFilter').keys()].map(
      (path) => path.split('/').at(-1) ?? '',
    )
    const lambdas = join(import.meta.dirname, '../../lambdas')
    const source = readdirSync(lambdas, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(lambdas, name), 'utf8'))
      .join('')

    for (const event of events) expect(source).toMatch(new RegExp(`(log|warn)\\('${event}'`))
  })

  it('watch every queue of dead letters, from the first message on', () => {
    const queues = [...ofType('AWS::SQS::Queue').keys()].filter((path) =>
      path.endsWith('DeadLetters'),
    )
    const depths = alarms.filter(
      ({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible',
    )

    expect(depths.flatMap(watched).sort()).toEqual(queues.sort())
    for (const alarm of depths)
      expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 1, Statistic: 'Maximum' })
  })

  it('watch how long pings wait for their replay', () => {
    const alarm = properties('Alarms/SpillAge')

    expect(alarm).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Statistic: 'Maximum',
      Threshold: 600,
      Period: 60,
    })
    expect(watched(alarm)).toEqual(['Spilling/Spill'])
  })

  it('watch replays that fail and fail, which SQS leaves out of the age of its oldest message', () => {
    const alarm = properties('Alarms/ReplaysFailing')

    expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 3, Period: 300 })
  })

  it('watch the bounces that could make SES pause the account', () => {
    const alarm = properties('Alarms/Bounces')

    expect(alarm).toMatchObject({
      Namespace: 'AWS/SES',
      MetricName: 'Reputation.BounceRate',
      Threshold: 0.05,
    })
  })

  it.each(alarms.map((alarm) => [alarm.path, alarm] as const))(
    '%s tells the operator what it means, and when it is over',
    (_, alarm) => {
      expect(alarm.AlarmDescription.length).toBeGreaterThan(80)
      expect(alarm.AlarmDescription.length).toBeLessThanOrEqual(1024)
      expect([...alarm.AlarmActions, ...alarm.OKActions].map(named)).toEqual([
        'Operator',
        'Operator',
      ])
    },
  )
})

describe('the topic of the operator', () => {
  it('mails to the address in the settings', () => {
    const [subscription] = [...ofType('AWS::SNS::Subscription').values()].filter(
      ({ Properties }) => Properties['Protocol'] === 'email',
    )

    expect(subscription?.Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'you@example.com',
    })
    expect(named(subscription?.Properties['TopicArn'])).toBe('Operator')
  })

  it('takes what alarms and SES say, over TLS only', () => {
    const { Statement } = properties('Operator/Policy')['PolicyDocument'] as {
      readonly Statement: readonly Properties[]
    }

    expect(Statement.map(({ Effect, Principal }) => [Effect, Principal])).toEqual([
      ['Deny', '*'],
      ['Allow', { Service: 'cloudwatch.amazonaws.com' }],
      ['Allow', { Service: 'ses.amazonaws.com' }],
    ])
  })
})

type Alarm = Properties & {
  readonly MetricName: string
  readonly AlarmDescription: string
  readonly AlarmActions: readonly unknown[]
  readonly OKActions: readonly unknown[]
}

/** What an alarm's metric is about: paths of functions and queues. */
function watched(alarm: Properties): readonly string[] {
  return (alarm['Dimensions'] as readonly { readonly Value: unknown }[]).map(({ Value }) =>
    named(Value).replace(/ QueueName$/, ''),
  )
}
