import { describe, expect, it } from 'vitest'
import { Resources, templateShape } from '../../../../lib/local/template/resources.ts'
import { readWiring, type Wiring } from '../../../../lib/local/template/wiring.ts'

type Resource = {
  readonly Type: string
  readonly Properties?: object
  readonly Metadata?: object
  readonly Condition?: string
}

const path = (text: string) => ({ Metadata: { 'aws:cdk:path': `Overdue/${text}/Resource` } })

const fromRules = {
  ArnLike: {
    'aws:SourceArn': 'arn:aws:ses:us-east-1:000000000000:receipt-rule-set/rules:receipt-rule/*',
  },
}

const template: Readonly<Record<string, Resource>> = {
  Table1: {
    Type: 'AWS::DynamoDB::Table',
    ...path('Tables/Heartbeats'),
    Properties: {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'e', Enabled: true },
      DeletionProtectionEnabled: true,
    },
  },
  Dead1: { Type: 'AWS::SQS::Queue', ...path('A/Dead'), Properties: {} },
  Dead2: { Type: 'AWS::SQS::Queue', ...path('B/Dead'), Properties: {} },
  Queue1: {
    Type: 'AWS::SQS::Queue',
    ...path('A/Flips'),
    Properties: {
      VisibilityTimeout: 90,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': ['Dead1', 'Arn'] },
        maxReceiveCount: 5,
      },
    },
  },
  Role1: {
    Type: 'AWS::IAM::Role',
    ...path('Ping/Role'),
    Properties: { AssumeRolePolicyDocument: {} },
  },
  Policy1: {
    Type: 'AWS::IAM::Policy',
    ...path('Ping/Role/DefaultPolicy'),
    Properties: {
      Roles: [{ Ref: 'Role1' }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'dynamodb:UpdateItem',
            Resource: { 'Fn::GetAtt': ['Table1', 'Arn'] },
          },
        ],
      },
    },
  },
  Function1: {
    Type: 'AWS::Lambda::Function',
    ...path('Ping'),
    Properties: {
      Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}' }, S3Key: 'abc.zip' },
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role1', 'Arn'] },
      Timeout: 15,
      Environment: { Variables: { TABLE: { Ref: 'Table1' }, QUEUE_URL: { Ref: 'Queue1' } } },
    },
  },
  Url1: {
    Type: 'AWS::Lambda::Url',
    Properties: { AuthType: 'NONE', TargetFunctionArn: { 'Fn::GetAtt': ['Function1', 'Arn'] } },
  },
  ...permission('Permission1', 'lambda:InvokeFunctionUrl'),
  ...permission('Permission2', 'lambda:InvokeFunction'),
  Mapping1: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: { Ref: 'Function1' },
      EventSourceArn: { 'Fn::GetAtt': ['Table1', 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 50,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["MODIFY"]}' }] },
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Dead2', 'Arn'] } } },
    },
  },
  Mapping2: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: { 'Fn::GetAtt': ['Function1', 'Arn'] },
      EventSourceArn: { 'Fn::GetAtt': ['Queue1', 'Arn'] },
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 7 },
    },
  },
  Schedule1: {
    Type: 'AWS::Scheduler::Schedule',
    ...path('Daily'),
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': ['Function1', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['Role1', 'Arn'] },
        Input: '{"all":true}',
      },
    },
  },
  Bucket1: {
    Type: 'AWS::S3::Bucket',
    ...path('Inbox'),
    Properties: { LifecycleConfiguration: { Rules: [{ ExpirationInDays: 7 }] } },
  },
  BucketPolicy1: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 's3:*',
            Resource: '*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Effect: 'Allow',
            Action: 's3:PutObject',
            Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket1', 'Arn'] }, '/*']] },
            Principal: { Service: 'ses.amazonaws.com' },
            Condition: fromRules,
          },
        ],
      },
    },
  },
  FromSes: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': ['Function1', 'Arn'] },
      Principal: 'ses.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    },
  },
  Rule1: {
    Type: 'AWS::SES::ReceiptRule',
    ...path('Rule'),
    Properties: {
      RuleSetName: 'rules',
      Rule: {
        Enabled: true,
        Recipients: ['ping.example.com'],
        Actions: [
          { S3Action: { BucketName: { Ref: 'Bucket1' } } },
          {
            LambdaAction: {
              FunctionArn: { 'Fn::GetAtt': ['Function1', 'Arn'] },
              InvocationType: 'Event',
            },
          },
        ],
      },
    },
  },
  Skipped: { Type: 'AWS::Unheard::Of', Condition: 'Never' },
}

function permission(id: string, Action: string): Readonly<Record<string, Resource>> {
  const Properties = {
    Action,
    FunctionName: { 'Fn::GetAtt': ['Function1', 'Arn'] },
    Principal: '*',
  }
  return { [id]: { Type: 'AWS::Lambda::Permission', Properties } }
}

function wiringOf(changes: Readonly<Record<string, Resource | undefined>> = {}): Wiring {
  const Resources_ = Object.fromEntries(
    Object.entries({ ...template, ...changes }).filter(([, resource]) => resource !== undefined),
  )
  const Outputs = {
    PingEndpoint: {
      Value: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Url1', 'FunctionUrl'] }, 'ping']] },
    },
  }
  const parsed = templateShape.parse({
    Resources: Resources_,
    Outputs,
    Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
  })
  const places = {
    baseUrl: 'http://127.0.0.1:8787',
    awsEndpoint: 'http://127.0.0.1:9999',
    internetEndpoint: 'http://127.0.0.1:9998',
  }
  return readWiring(new Resources(parsed, places), '/assembly', parsed.Outputs)
}

const prefix = 'arn:aws:sqs:us-east-1:000000000000:'

describe('the wiring that a template says', () => {
  const wiring = wiringOf()

  it('has tables, named as their constructs', () => {
    expect(wiring.tables).toMatchObject([
      {
        name: 'Heartbeats',
        ttlAttribute: 'e',
        creation: {
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        },
      },
    ])
  })

  it('has queues, of two alike the whole path as the name', () => {
    expect(wiring.queues.map(({ name }) => name)).toEqual(['A-Dead', 'B-Dead', 'Flips'])
    expect(wiring.queues[2]).toMatchObject({
      visibilitySeconds: 90,
      delaySeconds: 0,
      redrive: { arn: `${prefix}A-Dead`, maxReceives: 5 },
      url: 'http://127.0.0.1:9999/000000000000/Flips',
    })
  })

  it('has functions, with their bundle, environment and role', () => {
    expect(wiring.functions).toEqual([
      {
        name: 'ping',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:ping',
        bundle: '/assembly/asset.abc',
        handler: 'index.handler',
        environment: { TABLE: 'Heartbeats', QUEUE_URL: 'http://127.0.0.1:9999/000000000000/Flips' },
        timeoutSeconds: 15,
        memoryMegabytes: 128,
        statements: [
          {
            Effect: 'Allow',
            Action: 'dynamodb:UpdateItem',
            Resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/Heartbeats',
          },
        ],
        retries: 2,
        isPublic: true,
      },
    ])
  })

  it('has what feeds functions from streams', () => {
    expect(wiring.streamSources).toEqual([
      {
        functionName: 'ping',
        tableName: 'Heartbeats',
        streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Heartbeats/stream/local',
        batchSize: 50,
        windowSeconds: 0,
        startsAtLatest: false,
        patterns: [{ eventName: ['MODIFY'] }],
        reportsItems: true,
        bisects: true,
        maxRetries: -1,
        maxAgeSeconds: -1,
        failureArn: `${prefix}B-Dead`,
      },
    ])
  })

  it('has what feeds functions from queues', () => {
    expect(wiring.queueSources).toMatchObject([
      {
        functionName: 'ping',
        queueArn: `${prefix}Flips`,
        batchSize: 1,
        maxConcurrency: 7,
        reportsItems: false,
      },
    ])
  })

  it('has schedules and outputs', () => {
    expect(wiring.schedules).toMatchObject([
      { name: 'Daily', expression: 'rate(1 minute)', input: '{"all":true}' },
    ])
    expect(wiring.outputs).toEqual({ PingEndpoint: 'http://127.0.0.1:8787/ping' })
  })

  it('has what becomes of received mail', () => {
    expect(wiring.receiptRules).toEqual([
      { domain: 'ping.example.com', bucketName: 'Inbox', functionName: 'ping' },
    ])
    expect(wiring.buckets).toEqual([
      { name: 'Inbox', arn: 'arn:aws:s3:::Inbox', expirationDays: 7 },
    ])
  })

  it.each([
    ['BucketPolicy1', 's3:PutObject on arn:aws:s3:::Inbox/mail'],
    ['FromSes', 'lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:ping'],
  ])('is refused where SES may not do what a rule asks: without %s', (missing, access) => {
    expect(() => wiringOf({ [missing]: undefined })).toThrow(
      `the receipt rule Rule needs SES to be allowed ${access}`,
    )
  })

  it('is refused where a rule does more than is played', () => {
    const bounce = { Actions: [{ BounceAction: {} }], Enabled: true, Recipients: ['x'] }

    expect(() =>
      wiringOf({
        Rule1: {
          Type: 'AWS::SES::ReceiptRule',
          Properties: { RuleSetName: 'rules', Rule: bounce },
        },
      }),
    ).toThrow('cannot play AWS::SES::ReceiptRule')
  })

  it.each(['Permission1', 'Permission2'])(
    'opens a function URL to nobody without %s',
    (missing) => {
      expect(wiringOf({ [missing]: undefined }).functions[0]?.isPublic).toBe(false)
    },
  )

  it('is refused when it has a resource that is not played', () => {
    expect(() => wiringOf({ Skipped: { Type: 'AWS::Unheard::Of' } })).toThrow(
      'the local stack cannot play AWS::Unheard::Of (Skipped)',
    )
  })

  it('is refused when it has a property that would be ignored', () => {
    const fifo: Resource = { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } }

    expect(() => wiringOf({ Queue2: fifo })).toThrow(
      /cannot play AWS::SQS::Queue \(Queue2\): .*FifoQueue/,
    )
  })

  it('is refused when it refers to nothing', () => {
    expect(() => wiringOf({ Dead1: undefined })).toThrow(
      'the template refers to Dead1, which it does not have',
    )
  })
})
