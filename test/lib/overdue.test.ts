import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isAlert } from '../../lambdas/domain/watching/flip.ts'
import type { Status } from '../../lambdas/domain/watching/heartbeat.ts'
import {
  deliveryAttempts,
  postponedDelaySeconds,
  replayAttempts,
  replayDelaySeconds,
  retryDelaySeconds,
} from '../../lambdas/domain/telling/retry.ts'
import { zoneDataVersion } from '../../lambdas/domain/schedule/schedule.ts'
import * as attribute from '../../lambdas/store/watching/heartbeat-attributes.ts'
import { tables } from '../../lambdas/store/keys.ts'
import { fitsPattern } from '../../lib/local/feeds/event-pattern.ts'
import { type Deployment, deployment, type Properties } from './deployment.ts'

const { properties, ofType, named, outputs } = deployment()

/** How long SQS keeps a message in a queue that says nothing of it. */
const SQS_RETENTION_SECONDS = 4 * 86_400

const handlers = [
  'Pinging/Ping',
  'Pinging/Provision',
  'Replaying/Replay',
  'Syncing/Sync',
  'Sweeping/Sweep',
  'Drilling/Drill',
  'Recording/Record',
  'Alerting/Relay',
  'Alerting/Alert',
  'Alerting/Deliver',
  'Bouncing/Bounce',
  'Management/Api',
  'Pages/Web',
]
const urls = ['Pinging/Ping', 'Management/Api', 'Pages/Web']

describe('the tables', () => {
  it('have the keys, streams and ends of life that the stores rely on', () => {
    const found = Object.fromEntries(
      [...ofType('AWS::DynamoDB::Table')].map(([path, { Properties }]) => [path, Properties]),
    )

    for (const [name, keys] of Object.entries<{
      partitionKey: string
      sortKey?: string
      hasStream: boolean
      ttl?: string
    }>(tables)) {
      expect(found[`Tables/${name}`]).toMatchObject({
        KeySchema: [
          { AttributeName: keys.partitionKey, KeyType: 'HASH' },
          ...(keys.sortKey === undefined
            ? []
            : [{ AttributeName: keys.sortKey, KeyType: 'RANGE' }]),
        ],
        ...(keys.hasStream
          ? { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } }
          : {}),
        ...(keys.ttl === undefined
          ? {}
          : { TimeToLiveSpecification: { AttributeName: keys.ttl, Enabled: true } }),
      })
    }
    expect(Object.keys(found)).toHaveLength(Object.keys(tables).length)
  })

  it('are paid by request, can be restored to any second, and outlive the stack', () => {
    const found = [...ofType('AWS::DynamoDB::Table').values()]

    for (const { Properties, DeletionPolicy } of found) {
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      })
      expect(DeletionPolicy).toBe('Retain')
    }
  })

  it('go with a stack to throw away', () => {
    const found = [...deployment({ throwAway: true }).ofType('AWS::DynamoDB::Table').values()]

    expect(found.map(({ Properties }) => Properties['DeletionProtectionEnabled'])).toEqual(
      found.map(() => false),
    )
    expect(found.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(found.map(() => 'Delete'))
  })
})

describe('the functions', () => {
  it('are all there, on arm64 and Node 24, and cost no log line when all is well', () => {
    const found = ofType('AWS::Lambda::Function')

    expect([...found.keys()].sort()).toEqual([...handlers].sort())
    for (const { Properties } of found.values()) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
      })
      expect(Properties).not.toHaveProperty('TracingConfig')
    }
    expect(properties('Pinging/Ping')).toMatchObject({
      LoggingConfig: { ApplicationLogLevel: 'WARN' },
    })
  })

  it.each(handlers)('%s has a log of its own that ends after a month', (path) => {
    const logGroup = (properties(path)['LoggingConfig'] as Properties)['LogGroup']

    expect(named(logGroup)).toBe(`${path}Log`)
    expect(properties(`${path}Log`)).toEqual({ RetentionInDays: 30 })
  })

  it('take concurrency from the account only when told to, for pings and pages alone', () => {
    const told = deployment({ pingConcurrency: 50, webConcurrency: 5 }).ofType(
      'AWS::Lambda::Function',
    )

    const reserved = (functions: typeof told) =>
      [...functions].flatMap(([path, { Properties }]) =>
        'ReservedConcurrentExecutions' in Properties
          ? [[path, Properties['ReservedConcurrentExecutions']] as const]
          : [],
      )

    expect(reserved(ofType('AWS::Lambda::Function'))).toEqual([])
    expect(new Map(reserved(told))).toEqual(
      new Map([
        ['Pinging/Ping', 50],
        ['Pages/Web', 5],
      ]),
    )
  })

  it('are never told to take the local stack for the internet', () => {
    const variable = 'LOCAL_INTERNET_URL'
    const read = readFileSync('lambdas/deliver.ts', 'utf8')
    const deployments = [{}, { throwAway: true }, { unknownPings: 'hosted', pingConcurrency: 50 }]

    expect(read).toContain(`optional('${variable}')`)
    for (const settings of deployments)
      expect(JSON.stringify(deployment(settings).resources)).not.toContain(variable)
  })

  it('keep flips at least as long as pings', () => {
    const { properties } = deployment({ logDays: 800 })

    expect(properties('Recording/Record')['Environment']).toMatchObject({
      Variables: { LOG_DAYS: '800', HISTORY_DAYS: '800' },
    })
  })

  it('are told the settings', () => {
    const { properties } = deployment({
      unknownPings: 'hosted',
      pingBodyLimit: 'none',
      logDays: 7,
      alertBurst: 5,
      trustedFront: '192.0.2.1',
    })

    expect(properties('Pinging/Ping')['Environment']).toMatchObject({
      Variables: {
        UNKNOWN_PINGS: 'hosted',
        PING_BODY_LIMIT: 'none',
        LOG_DAYS: '7',
        TRUSTED_FRONT: '192.0.2.1',
      },
    })
    expect(properties('Management/Api')['Environment']).toMatchObject({
      Variables: { TRUSTED_FRONT: '192.0.2.1' },
    })
    expect(properties('Recording/Record')['Environment']).toMatchObject({
      Variables: { LOG_DAYS: '7', HISTORY_DAYS: '400' },
    })
    expect(properties('Alerting/Alert')['Environment']).toMatchObject({
      Variables: { ALERT_BURST: '5' },
    })
    expect(properties('Alerting/Deliver')['Environment']).toMatchObject({
      Variables: { LOG_DAYS: '7', SENDER: 'alerts@example.com' },
    })
  })
})

describe('the function URLs', () => {
  it.each(urls)('%s answers anybody, and its preflights itself', (path) => {
    const url = properties(`${path}/FunctionUrl`)

    expect(url).toEqual({ AuthType: 'NONE', TargetFunctionArn: expect.anything() as unknown })
  })

  it.each(urls)('%s carries both permissions that a public URL needs, and no other', (path) => {
    const permissions = [...ofType('AWS::Lambda::Permission').values()].filter(
      ({ Properties }) => named(Properties['FunctionName']) === path,
    )

    expect(permissions.map(({ Properties: { FunctionName: _, ...rest } }) => rest)).toEqual([
      { Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' },
      { Action: 'lambda:InvokeFunction', Principal: '*', InvokedViaFunctionUrl: true },
    ])
  })

  it('are three: nothing else can be called from outside', () => {
    const found = [...ofType('AWS::Lambda::Url').keys()]

    expect(found).toEqual(urls.map((path) => `${path}/FunctionUrl`))
  })
})

describe('the streams', () => {
  it.each([
    [
      'Recording/Stream',
      'Recording/Record',
      'Tables/Heartbeats',
      { MaximumBatchingWindowInSeconds: 3, MaximumRecordAgeInSeconds: 12 * 3600 },
    ],
    ['Alerting/Stream', 'Alerting/Relay', 'Tables/Heartbeats', { MaximumRecordAgeInSeconds: 3600 }],
    ['Syncing/Stream', 'Syncing/Sync', 'Tables/Registry', { MaximumRecordAgeInSeconds: 3600 }],
  ])(
    '%s feeds %s from the oldest change of %s on, in order, and parks what fails',
    (path, handler, table, bounds) => {
      const mapping = properties(`${path}/Mapping`)

      expect(mapping).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 100,
        ParallelizationFactor: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        ...bounds,
      })
      expect(named(mapping['FunctionName'])).toBe(handler)
      expect(named(mapping['EventSourceArn'])).toBe(`${table} StreamArn`)
      expect(
        named(
          (mapping['DestinationConfig'] as { OnFailure: { Destination: unknown } }).OnFailure
            .Destination,
        ),
      ).toBe(`${path}/DeadLetters`)
    },
  )

  it('of Heartbeats has two readers, its limit', () => {
    const readers = [...ofType('AWS::Lambda::EventSourceMapping').values()].filter(
      ({ Properties }) => named(Properties['EventSourceArn']) === 'Tables/Heartbeats StreamArn',
    )

    expect(readers).toHaveLength(2)
  })

  it('bring relay exactly the flips that alert, at once', () => {
    const mapping = properties('Alerting/Stream/Mapping')
    const { Filters } = mapping['FilterCriteria'] as {
      readonly Filters: readonly { readonly Pattern: string }[]
    }
    const statuses: readonly Status[] = ['new', 'up', 'down', 'paused']

    for (const from of statuses) {
      for (const status of statuses.filter((other) => other !== from)) {
        const event = { dynamodb: { OldImage: image(from), NewImage: image(status) } }
        const passes = Filters.some(({ Pattern }) => fitsPattern(JSON.parse(Pattern), event))

        expect([from, status, passes]).toEqual([
          from,
          status,
          isAlert({ checkId: '', at: 0, count: 0, reason: '', from, status }),
        ])
      }
    }
    expect(mapping).not.toHaveProperty('MaximumBatchingWindowInSeconds')
  })

  it('bring relay no ping that leaves the status as it was', () => {
    const { Filters } = properties('Alerting/Stream/Mapping')['FilterCriteria'] as {
      readonly Filters: readonly { readonly Pattern: string }[]
    }
    const event = { dynamodb: { OldImage: image('down'), NewImage: image('down') } }

    expect(Filters.some(({ Pattern }) => fitsPattern(JSON.parse(Pattern), event))).toBe(false)
  })
})

describe('the queues', () => {
  it.each([
    ['Flips', 'Alert', 10],
    ['Deliveries', 'Deliver', 1],
    ['Webhooks', 'Deliver', 1],
    ['Requests', 'Deliver', 1],
  ])('%s feeds %s, message by message answered for', (queue, handler, batchSize) => {
    const mapping = properties(`Alerting/${queue}Trigger/Mapping`)
    const seconds = properties(`Alerting/${handler}`)['Timeout'] as number

    expect(mapping).toMatchObject({
      BatchSize: batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
    expect(named(mapping['EventSourceArn'])).toBe(`Alerting/${queue}`)
    expect(named(mapping['FunctionName'])).toBe(`Alerting/${handler}`)
    expect(properties(`Alerting/${queue}`)['VisibilityTimeout']).toBe(6 * seconds)
  })

  it('are encrypted, and taken and given over TLS only', () => {
    const queues = [...ofType('AWS::SQS::Queue')]

    for (const [path, { Properties }] of queues) {
      const policy = JSON.stringify(properties(`${path}/Policy`))

      expect(Properties['SqsManagedSseEnabled']).toBe(true)
      expect(policy).toContain(
        '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
      )
    }
  })

  it('keep dead letters for two weeks', () => {
    const dead = [...ofType('AWS::SQS::Queue')].filter(([path]) => path.endsWith('DeadLetters'))

    expect(dead.map(([path]) => path).sort()).toEqual([
      'Alerting/DeliveriesDeadLetters',
      'Alerting/FlipsDeadLetters',
      'Alerting/RequestsDeadLetters',
      'Alerting/Stream/DeadLetters',
      'Alerting/WebhooksDeadLetters',
      'Recording/Stream/DeadLetters',
      'Spilling/SpillDeadLetters',
      'Syncing/Stream/DeadLetters',
    ])
    for (const [, { Properties }] of dead)
      expect(Properties['MessageRetentionPeriod']).toBe(14 * 86_400)
  })

  it.each(['Deliveries', 'Webhooks', 'Requests'])(
    '%s hands a delivery out as often as it is tried, which takes a day',
    (name) => {
      const { maxReceiveCount, deadLetterTargetArn } = properties(`Alerting/${name}`)[
        'RedrivePolicy'
      ] as Properties
      const delays = Array.from({ length: deliveryAttempts - 1 }, (_, index) =>
        retryDelaySeconds(index + 1),
      )

      expect(maxReceiveCount).toBe(deliveryAttempts)
      expect(named(deadLetterTargetArn)).toBe(`Alerting/${name}DeadLetters`)
      expect(delays.reduce((sum, delay) => sum + delay)).toBe(10_230 + 79_200)
      const asked = delays.map((_, index) => postponedDelaySeconds(index + 1, Infinity))
      const longest = asked.reduce((sum, delay) => sum + delay)
      expect(longest / 3600).toBeLessThan(33)
      const retention = properties(`Alerting/${name}`)['MessageRetentionPeriod']
      expect(longest).toBeLessThan(Number(retention ?? SQS_RETENTION_SECONDS))
    },
  )

  it('hand a spilled ping out as often as it is tried, which takes longer than three days and shorter than it is kept', () => {
    const { RedrivePolicy, MessageRetentionPeriod, VisibilityTimeout } =
      properties('Spilling/Spill')
    const { maxReceiveCount, deadLetterTargetArn } = RedrivePolicy as Properties
    const delays = Array.from({ length: replayAttempts - 1 }, (_, index) =>
      replayDelaySeconds(index + 1),
    )
    const seconds = delays.reduce((sum, delay) => sum + delay)

    expect(maxReceiveCount).toBe(replayAttempts)
    expect(named(deadLetterTargetArn)).toBe('Spilling/SpillDeadLetters')
    expect(MessageRetentionPeriod).toBe(14 * 86_400)
    expect(seconds).toBeGreaterThan(3 * 86_400)
    expect(seconds).toBeLessThan(7 * 86_400)
    expect(VisibilityTimeout).toBe(6 * (properties('Replaying/Replay')['Timeout'] as number))
  })

  it('let five replays run at once, however much waits', () => {
    const mapping = properties('Replaying/SpillTrigger/Mapping')

    expect(mapping).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    })
    expect(named(mapping['EventSourceArn'])).toBe('Spilling/Spill')
    expect(named(mapping['FunctionName'])).toBe('Replaying/Replay')
  })
})

describe('the schedules', () => {
  it('sweep each minute, and leave a run the time to wait for deadlines ahead', () => {
    const schedule = properties('Sweeping/EachMinute/Schedule')

    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
    })
    expect(named((schedule['Target'] as Properties)['Arn'])).toBe('Sweeping/Sweep')
    expect(properties('Sweeping/Sweep')['Timeout']).toBeGreaterThanOrEqual(125 + 60)
    expect(properties('Sweeping/Sweep/EventInvokeConfig')).toMatchObject({
      MaximumRetryAttempts: 0,
    })
  })

  it('compare everything once a day', () => {
    const schedule = properties('Syncing/Daily/Schedule')

    expect(schedule).toMatchObject({
      ScheduleExpression: 'cron(17 4 * * ? *)',
      State: 'ENABLED',
      Target: { Input: '{"reconcile":true}' },
    })
    expect(named((schedule['Target'] as Properties)['Arn'])).toBe('Syncing/Sync')
    expect(properties('Syncing/Sync')['Timeout']).toBe(900)
  })

  it.each([
    ['Sweeping/EachMinute', 'Sweeping/Sweep'],
    ['Syncing/Daily', 'Syncing/Sync'],
  ])('%s may invoke %s and nothing else', (path, handler) => {
    const role = (properties(`${path}/Schedule`)['Target'] as Properties)['RoleArn']
    const { Statement } = properties(`${path}/Role/DefaultPolicy`)['PolicyDocument'] as {
      readonly Statement: readonly Properties[]
    }

    expect(named(role)).toBe(`${path}/Role`)
    expect(Statement.map(({ Action, Resource }) => [Action, named(Resource)])).toEqual([
      ['lambda:InvokeFunction', handler],
    ])
  })
})

describe('mail', () => {
  it('comes from an identity that the stack makes', () => {
    const identity = properties('Alerting/Mail/Sender')

    expect(identity['EmailIdentity']).toBe('alerts@example.com')
  })

  it('has one spelling of its sender: in the identity, the mails and the permission', () => {
    const { properties, ofType } = deployment({ sender: 'Alerts@Example.com' })
    const { Variables } = properties('Alerting/Deliver')['Environment'] as {
      readonly Variables: Properties
    }
    const policies = JSON.stringify([...ofType('AWS::IAM::Policy').values()])

    expect([properties('Alerting/Mail/Sender')['EmailIdentity'], Variables['SENDER']]).toEqual(
      Array(2).fill('alerts@example.com'),
    )
    expect(policies).toContain(
      '{"StringEqualsIgnoreCase":{"ses:FromAddress":"alerts@example.com"}}',
    )
  })

  it('comes from an existing identity when told so', () => {
    const identities = deployment({ senderIdentity: 'existing' }).ofType('AWS::SES::EmailIdentity')

    expect([...identities]).toEqual([])
  })

  describe('from an identity of its domain', () => {
    const given = deployment({ senderIdentity: 'domain' })
    const region = { Ref: 'AWS::Region' }

    it('is signed by the domain, and bounces to a name in it that is for this region alone', () => {
      const identity = given.properties('Alerting/Mail/Sender')

      expect(identity['EmailIdentity']).toBe('example.com')
      expect(identity['MailFromAttributes']).toEqual({
        MailFromDomain: joined('bounces-', region, '.example.com'),
      })
      expect(identity).not.toMatchObject({ DkimAttributes: { SigningEnabled: false } })
    })

    it('tells the operator the records', () => {
      expect(
        JSON.stringify(given.outputs['SenderDkim']?.Value).match(/DkimDNSToken(Name|Value)[123]/g),
      ).toHaveLength(6)
      expect(given.outputs['SenderMailFrom']?.Value).toEqual(
        joined(
          'bounces-',
          region,
          '.example.com MX 10 feedback-smtp.',
          region,
          '.amazonses.com, bounces-',
          region,
          '.example.com TXT "v=spf1 include:amazonses.com ~all"',
        ),
      )
    })

    it('has its records in the zone, if there is one', () => {
      const written = deployment({ senderIdentity: 'domain', senderZone: 'Z0123456789' })
      const records = [...written.ofType('AWS::Route53::RecordSet').values()].map(
        ({ Properties }) => Properties,
      )

      expect(written.properties('Alerting/Mail/Sender')['EmailIdentity']).toBe('example.com')
      expect(records.map(({ HostedZoneId }) => HostedZoneId)).toEqual(Array(5).fill('Z0123456789'))
      expect(records.map(({ Type, ResourceRecords }) => [Type, ResourceRecords]).slice(-2)).toEqual(
        [
          ['MX', [joined('10 feedback-smtp.', region, '.amazonses.com')]],
          ['TXT', ['"v=spf1 include:amazonses.com ~all"']],
        ],
      )
      expect(records.slice(-2).map(({ Name }) => Name)).toEqual(
        Array(2).fill(joined('bounces-', region, '.example.com.')),
      )
      expect(Object.keys(written.outputs).filter((name) => name.startsWith('Sender'))).toEqual([])
    })

    it('leaves the identity in whose place it comes, which alerts go by until the records are seen', () => {
      const identity = given.ofType('AWS::SES::EmailIdentity').get('Alerting/Mail/Sender')

      expect(identity).toMatchObject({ UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Delete' })
    })
  })

  it.each(['managed', 'existing'])(
    'that does not arrive is told to the operator, from a %s identity too',
    (senderIdentity) => {
      const { properties, named } = deployment({ senderIdentity })

      const { EventDestination } = properties('Alerting/Mail/ConfigurationSet/Undelivered')
      const { Variables } = properties('Alerting/Deliver')['Environment'] as {
        readonly Variables: Properties
      }

      expect(EventDestination).toMatchObject({
        Enabled: true,
        MatchingEventTypes: ['bounce', 'complaint', 'reject'],
      })
      expect(
        named((EventDestination as { SnsDestination: Properties }).SnsDestination['TopicARN']),
      ).toBe('Operator')
      expect(named(Variables['CONFIGURATION_SET'])).toBe('Alerting/Mail/ConfigurationSet')
    },
  )
})

describe('mail that pings', () => {
  const { properties, ofType, named, outputs } = deployment({ pingEmailDomain: 'ping.example.com' })

  it('is taken only when there is a domain for it', () => {
    expect([
      ...deployment().ofType('AWS::SES::ReceiptRule'),
      ...deployment().ofType('AWS::S3::Bucket'),
    ]).toEqual([])
  })

  it('is kept in the bucket, then given to the function, which nobody waits for', () => {
    const { Rule, RuleSetName } = properties('Receiving/Rule') as {
      readonly Rule: Properties
      readonly RuleSetName: unknown
    }
    const [keep, call] = Rule['Actions'] as readonly [
      { S3Action: Properties },
      { LambdaAction: Properties },
    ]

    expect(named(RuleSetName)).toBe('Receiving/RuleSet')
    expect(Rule).toMatchObject({ Enabled: true, Recipients: ['ping.example.com'] })
    expect(Rule).not.toMatchObject({ TlsPolicy: 'Require' })
    expect(Rule).not.toMatchObject({ ScanEnabled: true })
    expect([named(keep.S3Action['BucketName']), named(call.LambdaAction['FunctionArn'])]).toEqual([
      'Receiving/Inbox',
      'Receiving/Inbound',
    ])
    expect(call.LambdaAction['InvocationType']).toBe('Event')
  })

  it('is tried again, and what fails is parked', () => {
    const { MaximumRetryAttempts, DestinationConfig } = properties(
      'Receiving/Inbound/EventInvokeConfig',
    )

    expect(MaximumRetryAttempts).toBe(2)
    expect(named((DestinationConfig as { OnFailure: Properties }).OnFailure['Destination'])).toBe(
      'Receiving/DeadLetters',
    )
    expect(properties('Receiving/DeadLetters')['MessageRetentionPeriod']).toBe(14 * 86_400)
  })

  it('lies in a bucket that is private, encrypted, soon empty, and left behind', () => {
    const bucket = ofType('AWS::S3::Bucket').get('Receiving/Inbox')

    expect(bucket?.DeletionPolicy).toBe('Retain')
    expect(bucket?.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 7, Status: 'Enabled' }] },
    })
  })

  it('comes from SES alone, by rules of this set and for this account', () => {
    const { Statement } = properties('Receiving/Inbox/Policy')['PolicyDocument'] as {
      readonly Statement: readonly Properties[]
    }
    const [tls, put, ...others] = Statement
    const permission = properties('Receiving/Inbound/FromSes')

    expect(tls).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    })
    expect(put).toMatchObject({
      Effect: 'Allow',
      Action: 's3:PutObject',
      Principal: { Service: 'ses.amazonaws.com' },
    })
    expect(others).toEqual([])
    expect(permission).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'ses.amazonaws.com',
    })
    const { StringEquals, ArnLike } = put?.['Condition'] as {
      readonly StringEquals: Properties
      readonly ArnLike: Properties
    }
    expect([StringEquals['aws:SourceAccount'], ArnLike['aws:SourceArn']]).toEqual([
      permission['SourceAccount'],
      permission['SourceArn'],
    ])
    expect(parts(permission['SourceArn'], named).slice(-2)).toEqual([
      'Receiving/RuleSet',
      ':receipt-rule/*',
    ])
  })

  it('is told the limits of all pings', () => {
    const told = deployment({
      pingEmailDomain: 'ping.example.com',
      pingBodyLimit: 'none',
      logDays: 7,
    }).properties('Receiving/Inbound')

    expect(told['Environment']).toMatchObject({
      Variables: { PING_EMAIL_DOMAIN: 'ping.example.com', PING_BODY_LIMIT: 'none', LOG_DAYS: '7' },
    })
  })

  it('needs of the operator what the outputs say', () => {
    expect(parts(outputs['PingEmailMx']?.Value, named)).toEqual([
      'ping.example.com. MX 10 inbound-smtp.',
      'AWS::Region',
      '.',
      'AWS::URLSuffix',
    ])
    expect(parts(outputs['PingEmailActivation']?.Value, named)).toEqual([
      'aws ses set-active-receipt-rule-set --rule-set-name ',
      'Receiving/RuleSet',
    ])
    expect(
      JSON.stringify(outputs['PingEmailDkim']?.Value).match(/DkimDNSToken(Name|Value)[123]/g),
    ).toHaveLength(6)
  })

  it('needs nothing but its MX record where the domain is verified and a rule set active', () => {
    const given = deployment({
      pingEmailDomain: 'ping.example.com',
      pingEmailIdentity: 'existing',
      pingEmailRuleSet: 'theirs',
    })

    expect(given.properties('Receiving/Rule')['RuleSetName']).toBe('theirs')
    expect([...given.ofType('AWS::SES::ReceiptRuleSet')]).toEqual([])
    expect([...given.ofType('AWS::SES::EmailIdentity').keys()]).toEqual(['Alerting/Mail/Sender'])
    expect(Object.keys(given.outputs).filter((name) => name.startsWith('PingEmail'))).toEqual([
      'PingEmailMx',
    ])
  })
})

describe('a second stack in the same account and region', () => {
  const given = {
    pingEmailDomain: 'ping.example.com',
    domain: 'ping.example.com',
    zone: 'Z0123456789',
  }
  const [first, second] = [deployment(given), deployment({ ...given, name: 'Second' })]

  it('names nothing as the first does, but what the operator named', () => {
    expect([...namesIn(first)].filter((name) => namesIn(second).has(name)).sort()).toEqual([
      'AWS::Route53::RecordSet Name "ping.example.com."',
      'AWS::SES::EmailIdentity EmailIdentity "alerts@example.com"',
      'AWS::SES::EmailIdentity EmailIdentity "ping.example.com"',
    ])
  })

  it('counts events, and signs alarms, by its own name', () => {
    const namespaces = [...second.ofType('AWS::Logs::MetricFilter').values()].map(
      ({ Properties }) => Properties['MetricTransformations'],
    )

    expect(
      new Set(
        namespaces.flatMap((all) =>
          (all as readonly Properties[]).map((one) => one['MetricNamespace']),
        ),
      ),
    ).toEqual(new Set(['Second']))
    expect(second.properties('Operator')['DisplayName']).toBe('Second')
  })

  it("is named to the operator's command", () => {
    expect(second.outputs['FirstProject']?.Value).toMatch(/ --stack Second$/)
  })

  it('exports nothing, as the first', () => {
    expect(
      Object.values({ ...first.outputs, ...second.outputs }).filter((output) => 'Export' in output),
    ).toEqual([])
  })
})

describe('the outputs', () => {
  it('name each queue whose dead letters can be sent again, with them', () => {
    const queues = [...ofType('AWS::SQS::Queue').keys()].filter((path) =>
      ofType('AWS::SQS::Queue').has(`${path}DeadLetters`),
    )

    expect(queues.sort()).toEqual([
      'Alerting/Deliveries',
      'Alerting/Flips',
      'Alerting/Requests',
      'Alerting/Webhooks',
      'Spilling/Spill',
    ])
    for (const queue of queues) {
      const name = queue.split('/').at(-1) ?? ''
      expect(
        [`${name}Queue`, `${name}DeadLetters`].map((output) => named(outputs[output]?.Value)),
      ).toEqual([queue, `${queue}DeadLetters`])
    }
  })

  it('say where to ping, and jobs are told the same', () => {
    const { Variables } = properties('Management/Api')['Environment'] as {
      readonly Variables: Properties
    }

    expect(parts(outputs['PingEndpoint']?.Value)).toEqual([
      'Pinging/Ping/FunctionUrl FunctionUrl',
      'ping',
    ])
    expect(Variables['PING_ENDPOINT']).toEqual(outputs['PingEndpoint']?.Value)
  })

  it('say which release of the time zones is deployed', () => {
    expect(outputs['TimeZoneData']?.Value).toBe(zoneDataVersion)
  })

  it('say where the API is', () => {
    expect(parts(outputs['ApiRoot']?.Value)).toEqual([
      'Management/Api/FunctionUrl FunctionUrl',
      'api/v3/',
    ])
  })

  it('say how to make the first project', () => {
    expect(outputs['FirstProject']?.Value).toBe(
      'npx overdue project create --name "First project" --email you@example.com',
    )
  })

  it("lead the operator's command to what it works on", () => {
    const names = [
      'RegistryTable',
      'LookupsTable',
      'HeartbeatsTable',
      'JournalTable',
      'SyncFunction',
    ].map((output) => named(outputs[output]?.Value))

    expect(names).toEqual([
      'Tables/Registry',
      'Tables/Lookups',
      'Tables/Heartbeats',
      'Tables/Journal',
      'Syncing/Sync',
    ])
  })
})

/**
 * What resources are told to be called, where CloudFormation does not name them after the stack.
 */
function namesIn(of: Deployment): ReadonlySet<string> {
  // Named within a role, and within a namespace and a log group.
  const local = [
    'AWS::IAM::Policy',
    'AWS::CloudWatch::Alarm MetricName',
    'AWS::CertificateManager::Certificate',
  ]
  const names = of.resources.flatMap(({ Type, Properties = {} }) =>
    Object.entries({ ...Properties, ...nested(Properties) })
      .filter(([key]) => /^(\w*Name|\w*Alias|EmailIdentity)$/.test(key))
      .map(([key, value]) => `${Type} ${key} ${JSON.stringify(value)}`),
  )
  return new Set(
    names.filter(
      (name) =>
        !local.some((start) => name.startsWith(start)) &&
        !/"Ref":"(?!AWS::)|"Fn::GetAtt"/.test(name),
    ),
  )
}

/** CloudFront and SES have the name one level below. */
function nested({ CachePolicyConfig, Rule }: Properties): Properties {
  return { ...(CachePolicyConfig as Properties | undefined), ...(Rule as Properties | undefined) }
}

function image(status: Status) {
  return { [attribute.status]: { S: status } }
}

function joined(...texts: readonly unknown[]) {
  return { 'Fn::Join': ['', texts] }
}

/** What a text is joined of. */
function parts(value: unknown, nameOf = named): readonly string[] {
  const [, joined] = (value as { readonly 'Fn::Join': readonly [string, readonly unknown[]] })[
    'Fn::Join'
  ]
  return joined.map((part) => (typeof part === 'string' ? part : nameOf(part)))
}
