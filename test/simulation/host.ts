import type { Clock } from '../../lambdas/runtime/clock.ts'
import type { Random } from '../../lambdas/runtime/random.ts'

/*
 * What the functions find around them when they are loaded: settings, and a clock, chance and AWS that are those of whatever process runs
 * at the moment. One runs at a time, from one scheduling point to the next, so one variable says which. Import this module before any function.
 */

/** What a process can do. */
export type Running = Clock &
  Random & {
    call(call: AwsCall): Promise<object>
  }

/** A call to AWS as an SDK client gets it, or to a host of the internet; to the endpoint of pings, as anybody may send them. */
export type AwsCall = {
  readonly service: 'dynamodb' | 'sqs' | 'ses' | 'lambda' | 'cloudwatch' | 'internet' | 'endpoint'
  readonly operation: string
  readonly input: object
}

export const host: { running: Running | undefined } = { running: undefined }

export function running(): Running {
  if (host.running === undefined) throw new Error('something runs outside of all processes of the simulation')
  return host.running
}

export const clock: Clock = { now: () => running().now(), waitUntil: (at, signal) => running().waitUntil(at, signal) }
export const random: Random = { uuid: () => running().uuid(), bytes: (count) => running().bytes(count) }

/* eslint-disable no-console -- what functions log is no part of a run, and would cost more time than all else */
console.info = () => undefined
console.warn = () => undefined

Object.assign(globalThis, { [Symbol.for('overdue.clock')]: clock, [Symbol.for('overdue.random')]: random })

Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  REGISTRY_TABLE: 'Registry',
  HEARTBEATS_TABLE: 'Heartbeats',
  LOOKUPS_TABLE: 'Lookups',
  JOURNAL_TABLE: 'Journal',
  OPERATIONS_TABLE: 'Operations',
  PROVISION_FUNCTION: 'provision',
  FLIPS_QUEUE_URL: 'https://sqs.example.com/Flips',
  DELIVERIES_QUEUE_URL: 'https://sqs.example.com/Deliveries',
  SPILL_QUEUE_URL: 'https://sqs.example.com/Spill',
  WEBHOOKS_QUEUE_URL: 'https://sqs.example.com/Webhooks',
  INBOX_BUCKET: 'Inbox',
  PING_EMAIL_DOMAIN: 'ping.example.com',
  PING_RATE: '60',
  PING_FUNCTION: 'Ping',
  HOLD_MINUTES: '15',
  ALERT_BURST: '20',
  SENDER: 'alerts@example.com',
  PING_ENDPOINT: 'https://ping.example.com/ping',
  API_URL: 'https://api.example.com/',
  TOPIC_ARN_PREFIX: 'arn:aws:sns:us-east-1:123456789012:',
  BUS_ARN_PREFIX: 'arn:aws:events:us-east-1:123456789012:event-bus/',
  PING_BODY_LIMIT: '10000',
  DIALECT: 'open',
  LOG_DAYS: '90',
})
