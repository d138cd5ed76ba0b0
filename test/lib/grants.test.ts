import { describe, expect, it } from 'vitest'
import { type FunctionName, grants, platformGrants } from '../../lib/grants.ts'
import { deployment, sourceSettings } from './deployment.ts'

// With every function that some setting adds.
const { properties, ofType, named } = deployment({
  pingEmailDomain: 'ping.example.com',
  alertTopics: 'alerts,team-*',
  alertBuses: 'default',
  ...sourceSettings,
})

/** Where the functions and what they are let into stand in the stack. */
const paths: Readonly<Record<string, string>> = {
  Ping: 'Pinging/Ping',
  Provision: 'Pinging/Provision',
  Replay: 'Replaying/Replay',
  Spill: 'Spilling/Spill',
  Inbound: 'Receiving/Inbound',
  Inbox: 'Receiving/Inbox',
  Sync: 'Syncing/Sync',
  Sweep: 'Sweeping/Sweep',
  Mirror: 'Mirroring/Mirror',
  Drill: 'Drilling/Drill',
  Record: 'Recording/Record',
  Relay: 'Alerting/Relay',
  Alert: 'Alerting/Alert',
  Deliver: 'Alerting/Deliver',
  Bounce: 'Bouncing/Bounce',
  Api: 'Management/Api',
  Web: 'Pages/Web',
  Registry: 'Tables/Registry',
  Heartbeats: 'Tables/Heartbeats',
  Lookups: 'Tables/Lookups',
  Journal: 'Tables/Journal',
  Operations: 'Tables/Operations',
  Sessions: 'Tables/Sessions',
  Flips: 'Alerting/Flips',
  Deliveries: 'Alerting/Deliveries',
  Webhooks: 'Alerting/Webhooks',
  Requests: 'Alerting/Requests',
  FlipsDeadLetters: 'Alerting/FlipsDeadLetters',
  DeliveriesDeadLetters: 'Alerting/DeliveriesDeadLetters',
  WebhooksDeadLetters: 'Alerting/WebhooksDeadLetters',
  RequestsDeadLetters: 'Alerting/RequestsDeadLetters',
  SpillDeadLetters: 'Spilling/SpillDeadLetters',
  Metrics: '*',
  Account: '*',
}

const { stream, queue, deadLetters, log, network } = platformGrants
const triggers: Readonly<Partial<Record<FunctionName, Access>>> = {
  Inbound: { 'Receiving/DeadLetters': deadLetters },
  Sync: { 'Tables/Registry StreamArn': stream, 'Syncing/Stream/DeadLetters': deadLetters },
  Record: { 'Tables/Heartbeats StreamArn': stream, 'Recording/Stream/DeadLetters': deadLetters },
  Relay: { 'Tables/Heartbeats StreamArn': stream, 'Alerting/Stream/DeadLetters': deadLetters },
  Alert: { 'Alerting/Flips': queue },
  Deliver: { 'Alerting/Deliveries': queue, 'Alerting/Webhooks': queue, 'Alerting/Requests': queue },
  Replay: { 'Spilling/Spill': queue },
  Mirror: { '*': network },
}

describe('the role of a function', () => {
  it.each(functionNames())(
    '%s may do what its grants say, be triggered, write its log, and nothing else',
    (name) => {
      const path = pathOf(name)

      const access = accessOf(path)

      expect(access).toEqual(
        merged([grantsOf(name), triggers[name] ?? {}, { [`${path}Log`]: log }]),
      )
    },
  )

  it.each(['Pinging/Ping', 'Receiving/Inbound'])('of %s cannot touch the registry', (path) => {
    const text = JSON.stringify(statementsOf(path))

    expect(text).toContain('dynamodb:UpdateItem')
    expect(text).not.toContain('Registry')
  })

  it('of ping may send to one queue, and do nothing else with any', () => {
    const actions = statementsOf('Pinging/Ping').filter(({ Action }) =>
      JSON.stringify(Action).includes('sqs:'),
    )

    expect(actions.map(({ Action, Resource }) => [Action, named(Resource)])).toEqual([
      ['sqs:SendMessage', 'Spilling/Spill'],
    ])
  })

  it('names every action and every resource in full, but for metrics, limits and network interfaces, the identities of SES, topics whose names begin so, and received mails', () => {
    const statements = functionNames().flatMap((name) => statementsOf(pathOf(name)))

    const open = statements.filter((statement) => JSON.stringify(statement).includes('*'))

    expect(open.flatMap(({ Action }) => Action).sort()).toEqual([
      'cloudwatch:GetMetricData',
      ...[...network, ...network].sort(),
      'lambda:GetAccountSettings',
      's3:GetObject',
      'ses:SendEmail',
      'sns:Publish',
    ])
  })

  it('of deliver reaches the topics and buses that the operator names, and speaks as one source', () => {
    const reaching = statementsOf('Alerting/Deliver').filter(
      ({ Action }) => Action === 'sns:Publish' || Action === 'events:PutEvents',
    )

    expect(
      reaching.map(({ Resource }) => JSON.stringify(Resource).replaceAll(/[^\w:*/,-]/g, '')),
    ).toEqual([
      expect.stringMatching(/:sns:,Ref:AWS::Region,:,Ref:AWS::AccountId,:alerts,.*:team-\*$/),
      expect.stringMatching(/:events:,Ref:AWS::Region,:,Ref:AWS::AccountId,:event-bus\/default$/),
    ])
    expect(reaching.map(({ Condition }) => Condition)).toEqual([
      undefined,
      { StringEquals: { 'events:source': 'overdue' } },
    ])
  })

  it('of deliver reaches no topic and no bus unless the operator names one', () => {
    const actions = JSON.stringify([...deployment().ofType('AWS::IAM::Policy').values()])

    expect(actions).not.toMatch(/sns:Publish|events:PutEvents/)
  })

  it('of deliver can send as the sender only', () => {
    const [sending] = statementsOf('Alerting/Deliver').filter(
      ({ Action }) => Action === 'ses:SendEmail',
    )

    expect(sending?.Condition).toEqual({
      StringEqualsIgnoreCase: { 'ses:FromAddress': 'alerts@example.com' },
    })
    expect(
      listOf(sending?.Resource)
        .map((arn) => /(identity|configuration-set)\//.exec(JSON.stringify(arn))?.[1])
        .sort(),
    ).toEqual(['configuration-set', 'identity'])
  })

  it('holds no managed policy', () => {
    const roles = [...ofType('AWS::IAM::Role').values()]

    expect(roles.filter(({ Properties }) => 'ManagedPolicyArns' in Properties)).toEqual([])
  })
})

describe('the environment of a function', () => {
  it.each<[FunctionName, readonly string[]]>([
    [
      'Ping',
      [
        'HEARTBEATS_TABLE',
        'JOURNAL_TABLE',
        'LOG_DAYS',
        'LOOKUPS_TABLE',
        'PING_BODY_LIMIT',
        'PING_RATE',
        'PROVISION_FUNCTION',
        'SPILL_QUEUE_URL',
        'UNKNOWN_PINGS',
        'URL_SUFFIX',
      ],
    ],
    [
      'Replay',
      [
        'HEARTBEATS_TABLE',
        'JOURNAL_TABLE',
        'LOG_DAYS',
        'LOOKUPS_TABLE',
        'PROVISION_FUNCTION',
        'SPILLDEADLETTERS_QUEUE_URL',
        'SPILL_QUEUE_URL',
        'URL_SUFFIX',
      ],
    ],
    [
      'Provision',
      ['HEARTBEATS_TABLE', 'JOURNAL_TABLE', 'LOOKUPS_TABLE', 'REGISTRY_TABLE', 'URL_SUFFIX'],
    ],
    [
      'Inbound',
      [
        'HEARTBEATS_TABLE',
        'INBOX_BUCKET',
        'JOURNAL_TABLE',
        'LOG_DAYS',
        'LOOKUPS_TABLE',
        'PING_BODY_LIMIT',
        'PING_EMAIL_DOMAIN',
        'URL_SUFFIX',
      ],
    ],
    [
      'Sync',
      ['HEARTBEATS_TABLE', 'LOOKUPS_TABLE', 'OPERATIONS_TABLE', 'REGISTRY_TABLE', 'URL_SUFFIX'],
    ],
    [
      'Sweep',
      [
        'FLIPS_QUEUE_URL',
        'HEARTBEATS_TABLE',
        'HOLD_MINUTES',
        'OPERATIONS_TABLE',
        'PING_ENDPOINT',
        'PING_FUNCTION',
        'SPILL_QUEUE_URL',
        'URL_SUFFIX',
      ],
    ],
    [
      'Drill',
      ['FLIPS_QUEUE_URL', 'HEARTBEATS_TABLE', 'JOURNAL_TABLE', 'OPERATIONS_TABLE', 'URL_SUFFIX'],
    ],
    [
      'Mirror',
      [
        'HEARTBEATS_TABLE',
        'JOURNAL_TABLE',
        'LOOKUPS_TABLE',
        'OPERATIONS_TABLE',
        'REGISTRY_TABLE',
        'SOURCE_URL',
        'URL_SUFFIX',
      ],
    ],
    ['Record', ['HISTORY_DAYS', 'JOURNAL_TABLE', 'LOG_DAYS', 'URL_SUFFIX']],
    ['Relay', ['FLIPS_QUEUE_URL', 'URL_SUFFIX']],
    [
      'Alert',
      [
        'ALERT_BURST',
        'API_URL',
        'DASHBOARD_URL',
        'DELIVERIES_QUEUE_URL',
        'FLIPSDEADLETTERS_QUEUE_URL',
        'HEARTBEATS_TABLE',
        'JOURNAL_TABLE',
        'OPERATIONS_TABLE',
        'PING_ENDPOINT',
        'REGISTRY_TABLE',
        'URL_SUFFIX',
        'WEBHOOKS_QUEUE_URL',
      ],
    ],
    [
      'Deliver',
      [
        'CONFIGURATION_SET',
        'DELIVERIESDEADLETTERS_QUEUE_URL',
        'DELIVERIES_QUEUE_URL',
        'JOURNAL_TABLE',
        'LOG_DAYS',
        'REQUESTSDEADLETTERS_QUEUE_URL',
        'REQUESTS_QUEUE_URL',
        'SENDER',
        'URL_SUFFIX',
        'WEBHOOKSDEADLETTERS_QUEUE_URL',
        'WEBHOOKS_QUEUE_URL',
      ],
    ],
    ['Bounce', ['JOURNAL_TABLE', 'URL_SUFFIX']],
    [
      'Api',
      [
        'BUS_ARNS',
        'HEARTBEATS_TABLE',
        'JOURNAL_TABLE',
        'LOOKUPS_TABLE',
        'OPERATIONS_TABLE',
        'PING_ENDPOINT',
        'REGISTRY_TABLE',
        'REQUESTS_QUEUE_URL',
        'TOPIC_ARNS',
        'URL_SUFFIX',
      ],
    ],
  ])('%s is told of what it uses', (name, variables) => {
    const environment = environmentOf(name)

    expect(Object.keys(environment).sort()).toEqual(variables)
    expect([undefined, { Ref: 'AWS::URLSuffix' }]).toContainEqual(environment['URL_SUFFIX'])
    for (const [variable, value] of Object.entries(environment)) {
      // The sweep may not call the ping function; it knows its name, for its metrics.
      const resource = /^(.*)_(TABLE|QUEUE_URL|BUCKET|FUNCTION)$/.exec(variable)?.[1]
      if (resource !== undefined)
        expect(named(value).toUpperCase()).toMatch(new RegExp(`/${resource}$`))
    }
  })
})

type Access = Readonly<Record<string, readonly string[]>>
type Statement = {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: unknown
}

function functionNames(): readonly FunctionName[] {
  return Object.keys(grants) as FunctionName[]
}

function pathOf(name: string): string {
  return paths[name] ?? name
}

/** Of two ways into a database, this deployment has the first. */
function grantsOf(name: FunctionName): Access {
  return merged(
    Object.entries<readonly string[]>(grants[name]).map(([resource, actions]) => ({
      [pathOf(resource)]: resource === 'Source' ? actions.slice(0, 1) : actions,
    })),
  )
}

function statementsOf(path: string): readonly Statement[] {
  const policies = [...ofType('AWS::IAM::Policy').values()].filter(({ Properties }) =>
    (Properties['Roles'] as readonly unknown[]).some((role) => named(role) === `${path}Role`),
  )
  return policies.flatMap(
    ({ Properties }) =>
      (Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] }).Statement,
  )
}

function accessOf(path: string): Access {
  return merged(
    statementsOf(path).flatMap(({ Action, Resource }) =>
      listOf(Resource).map((resource) => ({
        [nameOf(resource)]: listOf(Action) as readonly string[],
      })),
    ),
  )
}

/** What is not of the stack, by the service that its ARNs name. */
const outside = {
  ':ses:': 'Mail',
  ':sns:': 'Topics',
  ':events:': 'Buses',
  ':rds-db:': 'Source',
  ':secretsmanager:': 'Source',
}

function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource)
  // What is in a bucket, by the bucket.
  const [, parts] =
    (resource as { 'Fn::Join'?: readonly [string, readonly unknown[]] })['Fn::Join'] ?? []
  if (parts?.[1] === '/*') return named(parts[0])
  return Object.entries(outside).find(([service]) => text.includes(service))?.[1] ?? named(resource)
}

/** The actions on each resource, sorted. */
function merged(all: readonly Access[]): Access {
  const actions = new Map<string, Set<string>>()
  for (const access of all) {
    for (const [resource, some] of Object.entries(access))
      actions.set(resource, new Set([...(actions.get(resource) ?? []), ...some]))
  }
  return Object.fromEntries([...actions].map(([resource, some]) => [resource, [...some].sort()]))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function environmentOf(name: FunctionName): Readonly<Record<string, unknown>> {
  return (
    properties(pathOf(name))['Environment'] as {
      readonly Variables: Readonly<Record<string, unknown>>
    }
  ).Variables
}
