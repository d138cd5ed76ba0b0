import { z } from 'zod'
import type { BucketDefinition } from '../services/bucket.ts'
import { readFunction, type FunctionDefinition } from './function-definition.ts'
import type { Statement } from './policy.ts'
import { readBuckets, readReceiptRules, type ReceiptRule } from './receipt-rules.ts'
import type { Resource, Resources } from './resources.ts'
import { roleStatements } from './roles.ts'
import { readSources, type QueueSource, type StreamSource } from './sources.ts'
import { StartError } from '../start-error.ts'
import {
  type MailEventTarget,
  readMailEventTargets,
  readSubscriptions,
  type Subscription,
} from './topics.ts'

/** The parts that the template wires together. */
export type Wiring = {
  readonly tables: readonly TableDefinition[]
  readonly queues: readonly QueueDefinition[]
  readonly functions: readonly FunctionDefinition[]
  readonly streamSources: readonly StreamSource[]
  readonly queueSources: readonly QueueSource[]
  readonly schedules: readonly ScheduleDefinition[]
  readonly buckets: readonly BucketDefinition[]
  readonly receiptRules: readonly ReceiptRule[]
  readonly subscriptions: readonly Subscription[]
  readonly mailEventTargets: readonly MailEventTarget[]
  readonly outputs: Readonly<Record<string, string>>
}

export type TableDefinition = {
  readonly name: string
  readonly arn: string
  readonly ttlAttribute?: string
  /** The input of CreateTable, without the name. */
  readonly creation: Readonly<Record<string, unknown>>
}

export type QueueDefinition = {
  readonly name: string
  readonly arn: string
  readonly url: string
  readonly visibilitySeconds: number
  readonly delaySeconds: number
  readonly retentionSeconds: number
  readonly redrive?: { readonly arn: string; readonly maxReceives: number }
}

export type ScheduleDefinition = {
  readonly name: string
  readonly expression: string
  readonly functionArn: string
  readonly input: string
  readonly statements: readonly Statement[]
}

/**
 * Types that are not played. Alarms, logs and the like change nothing that Overdue does, a sender
 * needs no proof here, and the resource policies only demand TLS. Roles, policies and permissions
 * are read together with the parts that they are for.
 */
const withoutPart = new Set([
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::S3::BucketPolicy',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::EmailIdentity',
  'AWS::SES::ReceiptRuleSet',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
])

const withPart = new Set([
  'AWS::DynamoDB::Table',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Url',
  'AWS::S3::Bucket',
  'AWS::SES::ReceiptRule',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SNS::Subscription',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
])

/**
 * @param assets folder of the cloud assembly, which has the functions' bundles.
 * @throws StartError when the local stack cannot play a part of the template.
 */
export function readWiring(
  resources: Resources,
  assets: string,
  outputs: Readonly<Record<string, { Value: unknown }>>,
): Wiring {
  const unknown = resources.all.find(({ type }) => !withPart.has(type) && !withoutPart.has(type))
  if (unknown)
    throw new StartError(`the local stack cannot play ${unknown.type} (${unknown.logicalId})`)
  const statements = roleStatements(resources)
  return {
    tables: resources.ofType('AWS::DynamoDB::Table').map(readTable),
    queues: resources.ofType('AWS::SQS::Queue').map((resource) => readQueue(resource, resources)),
    functions: resources
      .ofType('AWS::Lambda::Function')
      .map((resource) => readFunction(resource, { resources, assets, statements })),
    ...readSources(resources),
    schedules: resources
      .ofType('AWS::Scheduler::Schedule')
      .map((resource) => readSchedule(resource, statements)),
    buckets: readBuckets(resources),
    receiptRules: readReceiptRules(resources),
    subscriptions: readSubscriptions(resources),
    mailEventTargets: readMailEventTargets(resources),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { Value }]) => [name, String(resources.resolve(Value))]),
    ),
  }
}

const tableShape = z.object({
  KeySchema: z.array(z.unknown()),
  AttributeDefinitions: z.array(z.unknown()),
  GlobalSecondaryIndexes: z.array(z.unknown()).optional(),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z
    .object({ AttributeName: z.string(), Enabled: z.literal(true) })
    .optional(),
})

function readTable({ name, arn, read }: Resource): TableDefinition {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, ...table } = read(tableShape)
  const stream = table.StreamSpecification && {
    StreamSpecification: { StreamEnabled: true, ...table.StreamSpecification },
  }
  return {
    name,
    arn,
    ...(table.TimeToLiveSpecification
      ? { ttlAttribute: table.TimeToLiveSpecification.AttributeName }
      : {}),
    creation: {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema,
      AttributeDefinitions,
      ...(GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes }),
      ...stream,
    },
  }
}

const queueShape = z.strictObject({
  VisibilityTimeout: z.number().default(30),
  DelaySeconds: z.number().default(0),
  MessageRetentionPeriod: z.number().default(345_600),
  RedrivePolicy: z
    .object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })
    .optional(),
  SqsManagedSseEnabled: z.boolean().optional(),
})

function readQueue(
  { logicalId, name, arn, read }: Resource,
  resources: Resources,
): QueueDefinition {
  const queue = read(queueShape)
  const redrive = queue.RedrivePolicy && {
    arn: queue.RedrivePolicy.deadLetterTargetArn,
    maxReceives: queue.RedrivePolicy.maxReceiveCount,
  }
  return {
    name,
    arn,
    url: String(resources.resolve({ Ref: logicalId })),
    visibilitySeconds: queue.VisibilityTimeout,
    delaySeconds: queue.DelaySeconds,
    retentionSeconds: queue.MessageRetentionPeriod,
    ...(redrive ? { redrive } : {}),
  }
}

const scheduleShape = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.literal(['UTC', 'Etc/UTC']).optional(),
  FlexibleTimeWindow: z.object({ Mode: z.literal('OFF') }),
  State: z.literal('ENABLED').optional(),
  Target: z.object({ Arn: z.string(), RoleArn: z.string(), Input: z.string().default('{}') }),
})

function readSchedule(
  { name, read }: Resource,
  statements: ReadonlyMap<string, readonly Statement[]>,
): ScheduleDefinition {
  const { ScheduleExpression, Target } = read(scheduleShape)
  return {
    name,
    expression: ScheduleExpression,
    functionArn: Target.Arn,
    input: Target.Input,
    statements: statements.get(Target.RoleArn) ?? [],
  }
}
