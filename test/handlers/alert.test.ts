import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AlertDeps, makeAlertHandler } from '../../lambdas/alert.ts'
import type { Delivery, FlipMessage } from '../../lambdas/domain/telling/alert.ts'
import { type Check, definitionOf, uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { unacknowledgedFlip } from '../../lambdas/domain/watching/flip.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Bursts } from '../../lambdas/store/telling/bursts.ts'
import { Channels } from '../../lambdas/store/registry/channels.ts'
import { Digests } from '../../lambdas/store/telling/digests.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { Outages } from '../../lambdas/store/telling/outages.ts'
import { KnownWindows } from '../../lambdas/store/watching/known-windows.ts'
import { Operations } from '../../lambdas/store/watching/operations.ts'
import { Paces } from '../../lambdas/store/telling/paces.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { aChannel, aQueueEvent, aWebhook } from '../support/alerts.ts'
import { aBody, aCheck, aPing, hour, start } from '../support/builders.ts'
import { but } from '../support/but.ts'
import { aClock } from '../support/clock.ts'
import { healthyIntake } from '../support/intake.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'

const places = { apiRoot: 'https://api.example.com', pingEndpoint: 'https://ping.example.com/ping' }
const far = 9_999_999_999
let engine: TestEngine
let registry: Registry
let journal: Journal
let heartbeats: Heartbeats
let paces: Paces
let bursts: Bursts
let digests: Digests
let outages: Outages
let operations: Operations
let owner: CreatedProject
let sent: Delivery[]
let parked: string[]

beforeAll(async () => {
  engine = await makeTables()
  registry = new Registry(engine.database, engine.names.Registry)
  journal = new Journal(engine.database, engine.names.Journal)
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  paces = new Paces(engine.database, engine.names.Journal)
  bursts = new Bursts(engine.database, engine.names.Journal)
  digests = new Digests(engine.database, engine.names.Journal)
  outages = new Outages(engine.database, engine.names.Journal)
  operations = new Operations(engine.database, engine.names.Operations)
  const created = await registry.createProject(
    { name: 'Home lab', email: 'ops@example.com' },
    start,
    random,
  )
  if (created === 'key-taken') throw new Error('the keys of a new project are taken')
  owner = created
})
afterAll(() => engine.stop())
beforeEach(() => {
  sent = []
  parked = []
})

/** A check that has just failed, and the message that tells so. */
async function failed(
  fields: Partial<Check> & { bodyBytes?: number } = {},
): Promise<{ check: Check; message: FlipMessage }> {
  const { bodyBytes = 0, ...own } = fields
  const check = aCheck({
    id: random.uuid(),
    badgeKey: random.uuid(),
    projectId: owner.project.id,
    channelIds: [owner.channel.id],
    ...own,
  })
  await registry.createCheck(check, { limit: 100 })
  await heartbeats.define(check.id, definitionOf(check))
  await heartbeats.recordPing(check.id, aPing({ requestId: 'first' }))
  await heartbeats.recordPing(
    check.id,
    aPing({ signal: 'fail', exitStatus: 3, at: start + hour, bodyBytes, requestId: 'second' }),
  )
  const heartbeat = await heartbeats.read(check.id)
  const flip = heartbeat && unacknowledgedFlip(heartbeat)
  if (heartbeat === undefined || flip === undefined) throw new Error('the check has not failed')
  return { check, message: { flip, heartbeat } }
}

function alert(messages: readonly object[], own: Partial<AlertDeps> = {}) {
  return handlerOf(own)(aQueueEvent(messages))
}

function handlerOf(own: Partial<AlertDeps> = {}) {
  const outbox = {
    send: (some: readonly object[]) => Promise.resolve(void sent.push(...(some as Delivery[]))),
  }
  const park = (record: { readonly messageId: string }) =>
    Promise.resolve(void parked.push(record.messageId))
  const stores = {
    park,
    registry,
    journal,
    heartbeats,
    paces,
    bursts,
    digests,
    outages,
    intake: healthyIntake,
    knownWindows: new KnownWindows(operations),
  }
  return makeAlertHandler({
    ...stores,
    outbox,
    clock: aClock(start + hour),
    burst: 1000,
    ...places,
    ...own,
  })
}

async function isAcknowledged(checkId: string): Promise<boolean> {
  const heartbeat = await heartbeats.read(checkId)
  return heartbeat !== undefined && unacknowledgedFlip(heartbeat) === undefined
}

describe('alert', () => {
  it('gives a webhook what its request names, and leaves out who takes nothing', async () => {
    const channels = new Channels(engine.database, engine.names.Registry)
    const pending = { state: 'pending', tokenHash: '', mailedAt: start, expiresAt: start } as const
    const hook = { ...aWebhook({ body: '$JSON $BODY' }), id: 'hook' }
    for (const channel of [hook, aChannel({ id: 'unverified', verification: pending })])
      await channels.create(owner.project.id, channel)
    const { check, message } = await failed({
      name: 'backup',
      bodyBytes: 9,
      channelIds: ['hook', 'unverified', 'gone'],
    })
    await journal.putBody({ checkId: check.id, number: 2, at: start }, aBody('disk full'), far)

    await alert([message])

    expect(sent).toMatchObject([
      {
        channel: { id: 'hook' },
        payload: {
          body: 'disk full',
          check: {
            name: 'backup',
            status: 'down',
            ping_url: `https://ping.example.com/ping/${check.id}`,
            update_url: `https://api.example.com/api/v3/checks/${check.id}`,
          },
        },
      },
    ])
  })

  it('leads to the page of the check where there is a dashboard', async () => {
    const { check, message } = await failed({ name: 'backup' })

    await alert([message])
    await alert([message], { dashboardUrl: 'https://overdue.example.com/app/' })

    expect(sent.map((delivery) => delivery.alert.link)).toEqual([
      undefined,
      `https://overdue.example.com/app/p/${owner.project.id}/c/${uniqueKeyOf(check.id)}`,
    ])
  })

  it('makes a delivery for the channel of a check, with the ping that the log lacks', async () => {
    const { check, message } = await failed({ name: 'backup' })
    const { requestId: _, signal, ...first } = aPing()
    await journal.put([{ checkId: check.id, ping: { ...first, type: signal, number: 1 } }], far)

    expect(await alert([message])).toEqual({ batchItemFailures: [] })

    expect(sent).toMatchObject([
      {
        channel: { id: owner.channel.id, address: 'ops@example.com' },
        alert: {
          projectName: 'Home lab',
          check: { name: 'backup' },
          cause: { kind: 'failed', exitStatus: 3 },
          pings: [{ number: 2, type: 'fail' }, { number: 1 }],
        },
      },
    ])
  })

  it('acknowledges a flip when its deliveries are on their way', async () => {
    const { check, message } = await failed()
    let wasEarly: boolean | undefined
    const send = async () => void (wasEarly = await isAcknowledged(check.id))

    await alert([message], { outbox: { send } })

    expect([wasEarly, await isAcknowledged(check.id)]).toEqual([false, true])
  })

  it('keeps a flip that could not be acknowledged', async () => {
    const { message } = await failed()
    const acknowledge = async () => {
      await new Promise(setImmediate)
      throw new Error('throttled')
    }

    const { batchItemFailures } = await alert([message], {
      heartbeats: but(heartbeats, { acknowledge }),
    })

    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }])
  })

  it('acknowledges the flip of a check without channels', async () => {
    const { check, message } = await failed({ channelIds: [] })

    await alert([message])

    expect(sent).toEqual([])
    expect(await isAcknowledged(check.id)).toBe(true)
  })

  it('tells nobody about a check that is deleted by now', async () => {
    const { check, message } = await failed()
    await registry.deleteCheck(check)

    expect(await alert([message])).toEqual({ batchItemFailures: [] })

    expect(sent).toEqual([])
  })

  it('says how much there was of a body that was cut', async () => {
    const { check, message } = await failed({ bodyBytes: 9 })
    await journal.putBody(
      { checkId: check.id, number: 2, at: start },
      { ...aBody('disk full'), receivedBytes: 43_120 },
      far,
    )

    await alert([message])

    expect(sent[0]?.alert.lastBody).toEqual({
      pingNumber: 2,
      tail: 'disk full',
      cut: 'the first 9 of 43,120 bytes',
    })
  })

  it('tells of a mail what it says', async () => {
    const { check, message } = await failed({ bodyBytes: 9, channelIds: ['hook'] })
    const words = {
      subject: 'nightly',
      text: { bytes: Buffer.from('disk full'), receivedBytes: 20 },
    }
    await journal.putBody(
      { checkId: check.id, number: 2, at: start },
      { ...aBody('Subject: =?utf-8?B?bmlnaHRseQ==?='), words },
      far,
    )

    await alert([message])

    expect(sent[0]?.alert.lastBody).toEqual({
      pingNumber: 2,
      subject: 'nightly',
      tail: 'disk full',
      cut: 'the first 9 of 20 bytes',
    })
    expect(sent[0]?.payload?.body).toBe('nightly\n\ndisk full')
  })

  it('waits for a body that is still on its way', async () => {
    const { check, message } = await failed({ bodyBytes: 9 })
    const arrivesAt = start + hour + 1000
    const clock = aClock(start + hour, async () => {
      if (clock.now() >= arrivesAt)
        await journal.putBody({ checkId: check.id, number: 2, at: start }, aBody('disk full'), far)
    })

    await alert([message], { clock })

    expect(sent[0]?.alert.lastBody).toEqual({ pingNumber: 2, tail: 'disk full' })
    expect(clock.now()).toBe(arrivesAt)
  })

  it('goes without a body that does not come within two seconds', async () => {
    const { message } = await failed({ bodyBytes: 9 })
    const clock = aClock(start + hour)

    await alert([message], { clock })

    expect(sent[0]?.alert).not.toHaveProperty('lastBody')
    expect(clock.now()).toBe(start + hour + 2000)
  })

  it('tells the other channels when one cannot be read, and goes on failing until somebody has mended it', async () => {
    const odd = {
      pk: { S: `project#${owner.project.id}` },
      sk: { S: 'channel#odd' },
      id: { S: 'odd' },
    }
    await engine.client.send(new PutItemCommand({ TableName: engine.names.Registry, Item: odd }))
    const { check, message } = await failed({ channelIds: ['odd', owner.channel.id] })

    expect((await alert([message])).batchItemFailures).toHaveLength(1)

    expect(sent).toMatchObject([{ channel: { id: owner.channel.id } }])
    expect(await isAcknowledged(check.id)).toBe(false)
  })

  it.each(['no JSON', 'null', '{}', '{"flip":{"checkId":"c"},"heartbeat":{}}'])(
    'parks what is no flip at once: %s',
    async (body) => {
      const { message } = await failed()
      const event = {
        Records: aQueueEvent([message, {}]).Records.map((each, index) =>
          index === 1 ? { ...each, body } : each,
        ),
      }

      expect(await handlerOf()(event)).toEqual({ batchItemFailures: [] })

      expect(parked).toEqual(['message-1'])
      expect(sent).toHaveLength(1)
    },
  )

  it('reports a message that fails, and takes the others', async () => {
    const [bad, good] = [await failed(), await failed()]
    const ownerOf = (id: string) =>
      id === bad.check.id ? Promise.reject(new Error('unreachable')) : registry.ownerOf(id)

    const answer = await alert([bad.message, good.message], {
      registry: but(registry, { ownerOf }),
    })

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }])
    expect(sent.map((delivery) => delivery.alert.check.id)).toEqual([good.check.id])
    expect(await isAcknowledged(bad.check.id)).toBe(false)
  })
})
