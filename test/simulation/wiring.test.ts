// Ahead of all modules: they take time and chance from it when they are loaded.
import './host.ts'
import type { DynamoDBRecord } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { usualLimits } from '../../lambdas/runtime/bounded-calls.ts'
import { type RegistryKey, registryKeys } from '../../lambdas/store/keys.ts'
import * as attribute from '../../lambdas/store/watching/heartbeat-attributes.ts'
import { fitsPattern } from '../../lib/local/feeds/event-pattern.ts'
import { deployment, type Properties, sourceSettings } from '../lib/deployment.ts'
import { functions } from './functions.ts'
import { limits } from './platform/calls.ts'
import { queues, streams } from './wiring.ts'

const { properties, ofType, named } = deployment(sourceSettings)

/** Where the stack has what the simulation plays. */
const functionPaths: Readonly<Record<keyof typeof functions, string>> = {
  ping: 'Pinging/Ping',
  provision: 'Pinging/Provision',
  replay: 'Replaying/Replay',
  sync: 'Syncing/Sync',
  sweep: 'Sweeping/Sweep',
  mirror: 'Mirroring/Mirror',
  record: 'Recording/Record',
  relay: 'Alerting/Relay',
  alert: 'Alerting/Alert',
  deliver: 'Alerting/Deliver',
  api: 'Management/Api',
}
const queuePaths: Readonly<Record<string, string>> = {
  Flips: 'Alerting/Flips',
  Deliveries: 'Alerting/Deliveries',
  Webhooks: 'Alerting/Webhooks',
  Requests: 'Alerting/Requests',
  Spill: 'Spilling/Spill',
}

describe('the simulation is wired as the stack', () => {
  it.each(Object.entries(functions))('gives %s its time limit', (name, { timeoutSeconds }) => {
    expect(properties(functionPaths[name as keyof typeof functions])['Timeout']).toBe(
      timeoutSeconds,
    )
  })

  it.each(streams)(
    'feeds $functionName from the stream of $table',
    ({ table, functionName, batchSize, giveUpAfterMs }) => {
      const mapping = mappingOf(`Tables/${table} StreamArn`, functionPaths[functionName])

      expect(mapping).toMatchObject({
        BatchSize: batchSize,
        MaximumRecordAgeInSeconds: giveUpAfterMs / 1000,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ParallelizationFactor: 1,
      })
      expect(mapping).not.toHaveProperty('MaximumRetryAttempts')
    },
  )

  it('has all streams, and hands their records to the same functions', () => {
    const mapped = [...ofType('AWS::Lambda::EventSourceMapping').values()].map(({ Properties }) =>
      named(Properties['EventSourceArn']),
    )

    expect(streams.map(({ table }) => `Tables/${table} StreamArn`).sort()).toEqual(
      mapped.filter((source) => source.endsWith('StreamArn')).sort(),
    )
    expect(queues.map(({ name }) => queuePaths[name]).sort()).toEqual(
      mapped.filter((source) => !source.endsWith('StreamArn')).sort(),
    )
  })

  it.each(streams)(
    'hands $functionName the records that its filter lets through',
    ({ table, functionName, takes = () => true }) => {
      const { FilterCriteria } = mappingOf(`Tables/${table} StreamArn`, functionPaths[functionName])
      const { Filters } = (FilterCriteria ?? { Filters: [{ Pattern: '{}' }] }) as {
        readonly Filters: readonly { readonly Pattern: string }[]
      }

      for (const record of [...changesOfStatus(), ...registryKeySamples.map(changeAt)]) {
        const fits = Filters.some(({ Pattern }) => fitsPattern(JSON.parse(Pattern), record))

        expect([record, takes(record)]).toEqual([record, fits])
      }
    },
  )

  it.each(queues)(
    'feeds $functionName from the queue $name',
    ({ name, functionName, visibilitySeconds, maxReceiveCount, ...settings }) => {
      const path = queuePaths[name] ?? ''
      const mapping = mappingOf(path, functionPaths[functionName])

      expect(properties(path)).toMatchObject({
        VisibilityTimeout: visibilitySeconds,
        RedrivePolicy: { maxReceiveCount },
      })
      expect(mapping).toMatchObject({
        BatchSize: settings.batchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      })
      expect(mapping['ScalingConfig']).toEqual(
        settings.maxConcurrency === undefined
          ? undefined
          : { MaximumConcurrency: settings.maxConcurrency },
      )
    },
  )

  it('tries calls as often as the functions', () => {
    expect(usualLimits.maxAttempts).toBe(limits.dynamodb.tries)
    expect(usualLimits.maxAttempts).toBe(limits.sqs.tries)
  })
})

function mappingOf(source: string, target: string): Properties {
  const found = [...ofType('AWS::Lambda::EventSourceMapping').values()].find(
    ({ Properties }) =>
      named(Properties['EventSourceArn']) === source &&
      named(Properties['FunctionName']) === target,
  )
  if (found === undefined) throw new Error(`nothing feeds ${target} from ${source}`)
  return found.Properties
}

/** One of each kind that the registry has. */
const registryKeySamples: readonly RegistryKey[] = [
  registryKeys.project('p'),
  registryKeys.census('p'),
  registryKeys.check('p', 'unique'),
  registryKeys.channel('p', 'c'),
  registryKeys.windows('p'),
  registryKeys.owner('check'),
  registryKeys.badge('b'),
  registryKeys.hashedApiKey('hash'),
  registryKeys.ownApiKey('p', 'hash'),
  registryKeys.pingKey('k'),
  registryKeys.directory('p'),
  registryKeys.user('u'),
  registryKeys.member('p', 'u'),
]

function changeAt({ pk, sk }: RegistryKey): DynamoDBRecord {
  return { dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } } } }
}

function changesOfStatus(): readonly DynamoDBRecord[] {
  const some = ['new', 'up', 'down', 'paused', undefined]
  return some.flatMap((before) =>
    some.map((after) => ({
      dynamodb: { ...imageOf('OldImage', before), ...imageOf('NewImage', after) },
    })),
  )
}

function imageOf(side: string, status: string | undefined): object {
  return status === undefined ? {} : { [side]: { [attribute.status]: { S: status } } }
}
