import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { beforeAll, describe, expect, it } from 'vitest'
import { itemBytes } from '../../bench/item-bytes.ts'
import { inGroups } from '../../lambdas/runtime/groups.ts'
import {
  advance,
  aProject,
  createCheck,
  dynamo,
  heartbeatItem,
  invoke,
  type Meter,
  readMeter,
  request,
  resetMeter,
  settle,
} from '../support/stack.ts'

const CHECKS = 20
const ROUNDS = 10
const AT_ONCE = 4
const PINGS = CHECKS * ROUNDS
/** What runs by itself, or is the sweep's own ping. */
const scheduled = ['sweep', 'sync', 'drill', 'canary']

/**
 * What 200 pings of 20 checks use that are up already: exact numbers, so that what makes a ping
 * dearer does not pass unnoticed.
 */
describe('plain pings', () => {
  let checks: readonly string[]
  let meter: Meter

  beforeAll(async () => {
    // What earlier tests left goes overdue before, not meanwhile.
    await advance(2 * 86_400)
    const project = await aProject()
    const made = await inGroups(Array<null>(CHECKS).fill(null), AT_ONCE, () =>
      createCheck(project, { timeout: 86_400, grace: 3600 }),
    )
    checks = made.map(({ uuid }) => uuid)
    await warmUp(checks[0] ?? '')
    await pingEach()
    await settle()
    await resetMeter()
    for (let round = 0; round < ROUNDS; round += 1) await pingEach()
    await settle()
    meter = await readMeter()
  })

  /** On a busy machine the first ping may take longer than it has, and is asked to come again. */
  async function warmUp(check: string): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt += 1)
      if ((await request('GET', `/ping/${check}`)).text === 'OK') return
  }

  async function pingEach(): Promise<void> {
    // Few at a time: what a busy machine lets wait for too long would spill.
    const answers = await inGroups(checks, AT_ONCE, (check) => request('GET', `/ping/${check}`))
    expect(answers.map(({ text }) => text)).toEqual(checks.map(() => 'OK'))
  }

  it('are a write unit each and nothing else', () => {
    const writes = { count: PINGS, readUnits: 0, writeUnits: PINGS, errors: 0 }

    expect(meter['ping']?.calls).toEqual({ 'dynamodb.UpdateItem': { Heartbeats: writes } })
  })

  it('are a write unit more each for the log, in batches and without a read', () => {
    const { 'dynamodb.BatchWriteItem': batches, ...others } = meter['record']?.calls ?? {}

    expect(batches?.['Journal']).toMatchObject({ readUnits: 0, writeUnits: PINGS, errors: 0 })
    expect(batches?.['Journal']?.count).toBeLessThanOrEqual(PINGS / 2)
    expect(others).toEqual({})
  })

  it('set nothing else going', () => {
    expect(Object.keys(meter).filter((name) => !scheduled.includes(name))).toEqual(
      expect.arrayContaining(['ping', 'record']),
    )
    expect(
      Object.keys(meter).filter((name) => !['ping', 'record', ...scheduled].includes(name)),
    ).toEqual([])
  })

  it('leave a heartbeat of 185 bytes, of which a sweep reads 44 in a unit, and a line of 175', async () => {
    const [check = ''] = checks
    const heartbeat = (await heartbeatItem(check)) ?? {}
    const { Items = [] } = await dynamo.send(
      new QueryCommand({
        TableName: 'Journal',
        KeyConditionExpression: '#check = :check AND begins_with(entry, :ping)',
        ExpressionAttributeNames: { '#check': 'check' },
        ExpressionAttributeValues: { ':check': { S: check }, ':ping': { S: 'ping#' } },
      }),
    )

    expect(itemBytes(heartbeat)).toBeLessThanOrEqual(185)
    expect(Math.max(...Items.map(itemBytes))).toBeLessThanOrEqual(175)
  })
})

describe('pings of a check with rules', () => {
  it.each([
    [1, 'tells again or limits a run', { max_runtime: 600, repeat: 3600 }],
    [2, 'looks at how runs end', { min_runtime: 1, failures: { count: 2 }, successes: 2 }],
  ])('are %i write units each, and no read, where it %s', async (units, _, rules) => {
    const check = await createCheck(await aProject(), { timeout: 86_400, grace: 3600, rules })
    const pings = Array<string>(ROUNDS).fill(check.ping_url)
    await request('GET', check.ping_url)
    await settle()
    await resetMeter()

    for (const url of pings) expect(await request('GET', url)).toMatchObject({ text: 'OK' })
    await settle()

    const { ping } = await readMeter()
    expect(Object.keys(ping?.calls ?? {})).toEqual(['dynamodb.UpdateItem'])
    expect(ping?.calls['dynamodb.UpdateItem']).toMatchObject({
      Heartbeats: { readUnits: 0, writeUnits: ROUNDS * units },
    })
  })
})

describe('the daily sync', () => {
  it('writes no heartbeat when nothing has changed', async () => {
    await invoke('sync', { reconcile: true })
    await resetMeter()

    await invoke('sync', { reconcile: true })

    const calls = Object.values((await readMeter())['sync']?.calls ?? {})
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.reduce((sum, { Heartbeats }) => sum + (Heartbeats?.writeUnits ?? 0), 0)).toBe(0)
  })
})
