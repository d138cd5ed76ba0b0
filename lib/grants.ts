import type { TableName } from '../lambdas/store/keys.ts'

/**
 * What functions are let into: tables, queues, mail as the sender, received mail, the account's own
 * SNS topics and event buses, its metrics, its limits, a function to call, and a database.
 */
export type ResourceName =
  | TableName
  | 'Flips'
  | 'Deliveries'
  | 'Webhooks'
  | 'Requests'
  | 'Spill'
  | 'FlipsDeadLetters'
  | 'DeliveriesDeadLetters'
  | 'WebhooksDeadLetters'
  | 'RequestsDeadLetters'
  | 'SpillDeadLetters'
  | 'Mail'
  | 'Topics'
  | 'Buses'
  | 'Metrics'
  | 'Account'
  | 'Provision'
  | 'Inbox'
  | 'Source'

/**
 * Every action that a function may take beyond its trigger and its log, on what. Nothing else in
 * `lib` grants a function anything. The keys are the functions' construct IDs. DynamoDB authorizes
 * a transaction by the actions in it.
 */
export const grants = {
  // Never the Registry: that a ping makes no query against the source of truth is enforced here.
  Ping: {
    // Read only where many pings have named no check: a plain ping is a write.
    Heartbeats: ['dynamodb:UpdateItem', 'dynamodb:GetItem'],
    Lookups: ['dynamodb:GetItem'],
    Journal: ['dynamodb:PutItem'],
    Provision: ['lambda:InvokeFunction'],
    Spill: ['sqs:SendMessage'],
  },
  Replay: {
    Heartbeats: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    Lookups: ['dynamodb:GetItem'],
    Journal: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    Provision: ['lambda:InvokeFunction'],
    Spill: ['sqs:ChangeMessageVisibility'],
    // For messages that can't be read.
    SpillDeadLetters: ['sqs:SendMessage'],
  },
  // What a ping may not: it makes checks, and nothing but those.
  Provision: {
    Registry: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    Heartbeats: ['dynamodb:UpdateItem'],
    Lookups: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    // Notes the check.
    Journal: ['dynamodb:PutItem'],
  },
  // Made only where mail pings. Like a ping by HTTP, never the Registry.
  Inbound: {
    Heartbeats: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    Lookups: ['dynamodb:GetItem'],
    Journal: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    Inbox: ['s3:GetObject'],
  },
  Sync: {
    Registry: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'],
    Heartbeats: [
      'dynamodb:BatchGetItem',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    Lookups: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:UpdateItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
    ],
    // The copies of windows.
    Operations: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
  },
  // Made only where there is a source. It keeps the checks of attached projects, as the API would.
  Mirror: {
    Registry: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    Heartbeats: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
    Lookups: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ],
    // Notes what it changes.
    Journal: ['dynamodb:PutItem'],
    // What it can't take, and what it does not delete.
    Operations: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    Source: ['rds-db:connect', 'secretsmanager:GetSecretValue'],
  },
  Sweep: {
    Heartbeats: ['dynamodb:Scan', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
    Operations: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    // Sends to it only while it is not deep.
    Flips: ['sqs:SendMessage', 'sqs:GetQueueAttributes'],
    Spill: ['sqs:GetQueueAttributes'],
    Metrics: ['cloudwatch:GetMetricData'],
    Account: ['lambda:GetAccountSettings'],
  },
  Drill: {
    Heartbeats: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    Operations: ['dynamodb:GetItem'],
    Journal: ['dynamodb:GetItem'],
    Flips: ['sqs:GetQueueAttributes'],
  },
  Record: {
    Journal: ['dynamodb:BatchWriteItem'],
  },
  Relay: {
    Flips: ['sqs:SendMessage'],
  },
  Alert: {
    Registry: ['dynamodb:BatchGetItem'],
    // Reads those that may be held, or told of later.
    Heartbeats: ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
    Journal: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
    Operations: ['dynamodb:GetItem'],
    Deliveries: ['sqs:SendMessage'],
    Webhooks: ['sqs:SendMessage'],
    FlipsDeadLetters: ['sqs:SendMessage'],
  },
  Deliver: {
    Journal: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    Deliveries: ['sqs:SendMessage', 'sqs:ChangeMessageVisibility'],
    Webhooks: ['sqs:SendMessage', 'sqs:ChangeMessageVisibility'],
    Requests: ['sqs:ChangeMessageVisibility'],
    // For messages that can't be read.
    DeliveriesDeadLetters: ['sqs:SendMessage'],
    WebhooksDeadLetters: ['sqs:SendMessage'],
    RequestsDeadLetters: ['sqs:SendMessage'],
    Mail: ['ses:SendEmail'],
    Topics: ['sns:Publish'],
    Buses: ['events:PutEvents'],
  },
  // Marks the addresses at which mail did not arrive.
  Bounce: {
    Journal: ['dynamodb:UpdateItem'],
  },
  Api: {
    Registry: [
      'dynamodb:GetItem',
      // Which of the checks that rules name still exist.
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    // Lists read all heartbeats where that costs less than those of one project.
    Heartbeats: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
    ],
    Lookups: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    Journal: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    Operations: ['dynamodb:GetItem'],
    // What somebody asked for by the API is no alert, and never waits in the queues of alerts.
    Requests: ['sqs:SendMessage'],
  },
  // As much as the API, and who is signed in.
  Web: {
    Registry: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      // That the project of a new key is there.
      'dynamodb:ConditionCheckItem',
    ],
    // Lists read all heartbeats where that costs less than those of one project.
    Heartbeats: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
    ],
    Lookups: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    Journal: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    Operations: ['dynamodb:GetItem'],
    Sessions: [
      'dynamodb:GetItem',
      // All sessions of a user.
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    // Links that sign in, beside what somebody asks for by the API.
    Requests: ['sqs:SendMessage'],
  },
} as const satisfies Record<string, Partial<Record<ResourceName, readonly string[]>>>

export type FunctionName = keyof typeof grants

/**
 * What Lambda does in a function's name: feed it from its trigger, park what it gave up on, write
 * its log, put it into a network. The four of a stream are those that Lambda tries before it takes
 * the trigger.
 */
export const platformGrants = {
  stream: [
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
  queue: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  deadLetters: ['sqs:SendMessage'],
  log: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  network: [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
} as const
