import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { makeSdkDatabase } from '../../lambdas/aws/sdk-database.ts'
import { boundedCalls, type CallLimits } from '../../lambdas/runtime/bounded-calls.ts'
import { z } from 'zod'
import type { Database } from '../../lambdas/runtime/database.ts'
import { type Clock, clock } from '../../lambdas/runtime/clock.ts'
import { ApiKeys } from '../../lambdas/store/registry/api-keys.ts'
import { Audits } from '../../lambdas/store/people/audits.ts'
import { Users } from '../../lambdas/store/people/users.ts'
import { Backups } from '../../lambdas/store/registry/backups.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { Projects } from '../../lambdas/store/registry/projects.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { Attachments } from '../../lambdas/store/source/attachments.ts'
import { RowFaults } from '../../lambdas/store/source/faults.ts'
import { Holds } from '../../lambdas/store/source/holds.ts'
import { MirrorMarks } from '../../lambdas/store/source/mirror-marks.ts'
import { Windows } from '../../lambdas/store/registry/windows.ts'
import type { Target } from './place-options.ts'

/** A queue, by the URLs of its own and of its dead letters. */
export type Parking = {
  readonly name: string
  readonly queueUrl: string
  readonly deadLettersUrl: string
}

/** A deployment, as its stack's outputs describe it. */
export type Deployment = {
  readonly registry: Registry
  readonly projects: Projects
  readonly apiKeys: ApiKeys
  readonly audits: Audits
  readonly users: Users
  readonly backups: Backups
  readonly windows: Windows
  readonly heartbeats: Heartbeats
  readonly journal: Journal
  readonly lookups: Lookups
  readonly lambda: LambdaClient
  readonly syncFunction: string
  /** The mirror of a database; undefined where there is none. */
  readonly mirror: Mirror | undefined
  readonly attachments: Attachments
  readonly sqs: SQSClient
  readonly parkings: readonly Parking[]
  /** Without a slash at its end, as the API's root. */
  readonly pingEndpoint: string
  readonly apiRoot: string
  /** Undefined where there is none. */
  readonly dashboard: string | undefined
  /** The time there: a local stack's clock may have been moved on. */
  readonly clock: Clock
}

/** The function that mirrors a database, and what it leaves. */
export type Mirror = {
  readonly functionName: string
  readonly faults: RowFaults
  readonly holds: Holds
  readonly marks: MirrorMarks
}

/** Finds a deployment. @throws what AWS throws, and when the stack lacks an output. */
export async function findDeployment(target: Target): Promise<Deployment> {
  const settings = { ...clientSettings(target), ...boundedCalls(limits) }
  const { Stacks } = await new CloudFormationClient(settings).send(
    new DescribeStacksCommand({ StackName: target.stack }),
  )
  const outputs = new Map(
    Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  )
  const output = (name: string): string => {
    const value = outputs.get(name)
    if (value === undefined)
      throw new Error(
        `the stack ${target.stack} has no output ${name}, so it is not one of Overdue, or an unfinished one`,
      )
    return value
  }
  const database = makeSdkDatabase(settings)
  return {
    registry: new Registry(database, output('RegistryTable')),
    projects: new Projects(database, output('RegistryTable')),
    apiKeys: new ApiKeys(database, output('RegistryTable')),
    users: new Users(database, output('RegistryTable')),
    audits: new Audits(database, output('JournalTable')),
    backups: new Backups(database, output('RegistryTable')),
    windows: new Windows(database, output('RegistryTable')),
    heartbeats: new Heartbeats(database, output('HeartbeatsTable')),
    journal: new Journal(database, output('JournalTable')),
    lookups: new Lookups(database, output('LookupsTable')),
    lambda: new LambdaClient({ ...settings, ...boundedCalls(invocationLimits) }),
    syncFunction: output('SyncFunction'),
    mirror: mirrorIn(database, outputs),
    attachments: new Attachments(database, output('RegistryTable')),
    sqs: new SQSClient(settings),
    parkings: parkingsIn(outputs),
    pingEndpoint: output('PingEndpoint').replace(/\/$/, ''),
    dashboard: outputs.get('Dashboard'),
    apiRoot: output('ApiRoot').replace(/\/$/, ''),
    clock: target.local === undefined ? clock : await localClock(target.local),
  }
}

function mirrorIn(
  database: Database,
  outputs: ReadonlyMap<string | undefined, string | undefined>,
): Mirror | undefined {
  const [functionName, table] = [outputs.get('MirrorFunction'), outputs.get('OperationsTable')]
  if (functionName === undefined || table === undefined) return undefined
  return {
    functionName,
    faults: new RowFaults(database, table),
    holds: new Holds(database, table),
    marks: new MirrorMarks(database, table),
  }
}

/** Each queue has two outputs: one for itself, one for its dead letters. */
function parkingsIn(
  outputs: ReadonlyMap<string | undefined, string | undefined>,
): readonly Parking[] {
  return [...outputs].flatMap(([output = '', deadLettersUrl]) => {
    const name = /^(.+)DeadLetters$/.exec(output)?.[1] ?? ''
    const queueUrl = outputs.get(`${name}Queue`)
    return queueUrl === undefined || deadLettersUrl === undefined
      ? []
      : [{ name, queueUrl, deadLettersUrl }]
  })
}

/** Limits for a person who waits, perhaps on a slow line. */
const limits: CallLimits = { connectionTimeoutMs: 10_000, requestTimeoutMs: 30_000, maxAttempts: 3 }
/**
 * Longer than any function may run. A reconcile may run for minutes; asking twice would only make
 * it run twice.
 */
const invocationLimits: CallLimits = { ...limits, requestTimeoutMs: 16 * 60_000, maxAttempts: 1 }

const READY_TIMEOUT_MS = 10_000
const readyShape = z.object({ now: z.iso.datetime() })

async function localClock(local: string): Promise<Clock> {
  const answer = await fetch(`${local}/_local/ready`, {
    signal: AbortSignal.timeout(READY_TIMEOUT_MS),
  })
  const { now } = readyShape.parse(await answer.json())
  const offsetMs = Date.parse(now) - clock.now()
  return {
    now: () => clock.now() + offsetMs,
    waitUntil: (at, signal) => clock.waitUntil(at - offsetMs, signal),
  }
}

function clientSettings({ region, local }: Target) {
  if (local === undefined) return region === undefined ? {} : { region }
  // The local stack knows whom it serves by the access key; it checks no secret.
  const credentials = { accessKeyId: 'OPERATOR', secretAccessKey: 'local' }
  return { region: 'us-east-1', endpoint: `${local}/_local/aws`, credentials }
}
