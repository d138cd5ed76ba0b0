import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Bundles, makeBundles } from './bundles.ts'
import { FunctionInstance } from './function-instance.ts'
import { startStub } from './stub.ts'

export type Subject = Exclude<keyof Bundles, 'instance'>
/** Those that write what a ping writes. */
export type PingSubject = Exclude<Subject, 'web'>

export type Laboratory = { readonly start: (subject: Subject) => Promise<FunctionInstance> }

/**
 * Bundles, and a DynamoDB for them to talk to, for as long as the work takes. @param answerMs how
 * long each answer of DynamoDB takes
 */
export async function inLaboratory<T>(
  answerMs: number,
  work: (laboratory: Laboratory) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'overdue-bench-'))
  const stub = await startStub(folder, answerMs)
  try {
    const bundles = await makeBundles(folder)
    const environment = {
      ...settings,
      AWS_ENDPOINT_URL_DYNAMODB: stub.url,
      NODE_EXTRA_CA_CERTS: stub.certificateFile,
    }
    return await work({
      start: (subject) =>
        FunctionInstance.start(bundles.instance, bundles[subject], {
          ...environment,
          LAMBDA_TASK_ROOT: dirname(bundles[subject]),
        }),
    })
  } finally {
    await stub.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the stack and Lambda give the functions. */
const settings = {
  TZ: 'UTC',
  AWS_REGION: 'us-east-1',
  URL_SUFFIX: 'amazonaws.com',
  AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'x'.repeat(700),
  HEARTBEATS_TABLE: 'Heartbeats',
  LOOKUPS_TABLE: 'Lookups',
  JOURNAL_TABLE: 'Journal',
  OPERATIONS_TABLE: 'Operations',
  REGISTRY_TABLE: 'Registry',
  SESSIONS_TABLE: 'Sessions',
  REQUESTS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/Requests',
  PING_ENDPOINT: 'https://ping.example.com/',
  API_URL: 'https://api.example.com/',
  PROVISION_FUNCTION: 'Provision',
  SPILL_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/Spill',
  UNKNOWN_PINGS: 'open',
  LOG_DAYS: '90',
  PING_BODY_LIMIT: '10000',
  PING_RATE: '60',
}
