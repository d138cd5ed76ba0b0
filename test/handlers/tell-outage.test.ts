import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AlertDeps, makeAlertHandler } from '../../lambdas/alert.ts'
import type { Channel } from '../../lambdas/channels/kinds.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import type { Delivery, FlipMessage } from '../../lambdas/domain/telling/alert.ts'
import { noticeKey } from '../../lambdas/domain/telling/notice.ts'
import { type Check, definitionOf } from '../../lambdas/domain/watching/check.ts'
import { outageFlipOf, unacknowledgedFlip } from '../../lambdas/domain/watching/flip.ts'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import type { Ping } from '../../lambdas/domain/watching/ping.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Channels } from '../../lambdas/store/registry/channels.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { Outages } from '../../lambdas/store/telling/outages.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { KnownWindows } from '../../lambdas/store/watching/known-windows.ts'
import { Operations } from '../../lambdas/store/watching/operations.ts'
import { aChannel, aQueueEvent } from '../support/alerts.ts'
import { aCheck, aPing, hour, minute, start } from '../support/builders.ts'
import { but } from '../support/but.ts'
import { aClock } from '../support/clock.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'
import { healthyIntake } from '../support/intake.ts'

let engine: TestEngine
let registry: Registry
let heartbeats: Heartbeats
let outages: Outages
let operations: Operations
let owner: CreatedProject
let sent: Delivery[]

beforeAll(async () => {
  engine = await makeTables()
  registry = new Registry(engine.database, engine.names.Registry)
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
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
})

async function channel(id: string, on?: Channel['on']): Promise<string> {
  const made = aChannel({ id: `${id}-${random.uuid()}`, ...(on === undefined ? {} : { on }) })
  await new Channels(engine.database, engine.names.Registry).create(owner.project.id, made)
  return made.id
}

async function watched(fields: Partial<Check> = {}): Promise<Check> {
  const check = aCheck({
    id: random.uuid(),
    badgeKey: random.uuid(),
    projectId: owner.project.id,
    channelIds: [owner.channel.id],
    ...fields,
  })
  await registry.createCheck(check, { limit: 100 })
  await heartbeats.define(check.id, definitionOf(check))
  return check
}

async function read({ id }: Check): Promise<Heartbeat> {
  const heartbeat = await heartbeats.read(id)
  if (heartbeat === undefined) throw new Error('there is no heartbeat')
  return heartbeat
}

/** The message of the flip that a ping made. */
async function flipped(check: Check, ping: Partial<Ping>): Promise<FlipMessage> {
  await heartbeats.recordPing(check.id, aPing({ requestId: random.uuid(), ...ping }))
  const heartbeat = await read(check)
  const flip = unacknowledgedFlip(heartbeat)
  if (flip === undefined) throw new Error('the check has not flipped')
  return { flip, heartbeat }
}

const failed = (check: Check) => flipped(check, { signal: 'fail', at: start })
const recovered = (check: Check, at: number) => flipped(check, { at })

async function alertAt(at: number, message: FlipMessage, own: Partial<AlertDeps> = {}) {
  sent = []
  const handle = makeAlertHandler({
    registry,
    journal: new Journal(engine.database, engine.names.Journal),
    heartbeats,
    outages,
    intake: healthyIntake,
    knownWindows: new KnownWindows(operations),
    paces: { holds: () => Promise.resolve(false), areHeld: () => Promise.resolve(false) },
    bursts: { admits: () => Promise.resolve(true) },
    digests: {
      add: () => Promise.resolve(),
      dueAt: () => Promise.resolve(undefined),
      markDue: () => Promise.resolve(),
    },
    outbox: {
      send: (some: readonly object[]) => Promise.resolve(void sent.push(...(some as Delivery[]))),
    },
    park: () => Promise.reject(new Error('all can be read')),
    clock: aClock(at),
    burst: 1000,
    apiRoot: 'https://api.example.com',
    pingEndpoint: 'https://ping.example.com/ping',
    ...own,
  })
  const { batchItemFailures } = await handle(aQueueEvent([message]))
  return batchItemFailures.length === 0 ? 'done' : 'failed'
}

/** Another look at what is down, as the sweep asks for it. */
async function lookAt(at: number, check: Check, own: Partial<AlertDeps> = {}) {
  const heartbeat = await read(check)
  const flip = outageFlipOf(heartbeat)
  if (flip === undefined) throw new Error('the check is not down')
  return alertAt(at, { flip, heartbeat }, own)
}

/** Who was told what: the status or number, and the channel's id up to its UUID. */
function told(): readonly string[] {
  return sent.map(({ alert: { flip, telling }, channel: { id } }) => {
    const who = id === owner.channel.id ? 'ops' : (id.split('-')[0] ?? '')
    return `${telling === undefined ? flip.status : `still ${telling}`} ${who}`
  })
}

describe('a check that repeats', () => {
  it('is told of again at each instant, and looked at then', async () => {
    const check = await watched({ rules: { repeatSeconds: 600 } })
    await alertAt(start + 1000, await failed(check))
    expect(told()).toEqual(['down ops'])
    expect(await read(check)).toMatchObject({
      lookAt: start + 10 * minute,
      acknowledged: { at: start, status: 'down' },
    })

    await lookAt(start + 10 * minute, check)
    expect(told()).toEqual(['still 1 ops'])
    expect((await read(check)).lookAt).toBe(start + 20 * minute)

    await lookAt(start + 11 * minute, check)
    expect(told()).toEqual([])
    await alertAt(start + 12 * minute, await recovered(check, start + 12 * minute))
    expect(told()).toEqual(['up ops'])
    expect(await read(check)).not.toHaveProperty('lookAt')
  })

  it('is told of to a channel as far as that wants to hear', async () => {
    const channelIds = [await channel('quiet', ['down', 'up']), await channel('late', ['up'])]
    const check = await watched({ rules: { repeatSeconds: 600 }, channelIds })
    const words: (readonly string[])[] = []

    await alertAt(start, await failed(check))
    words.push(told())
    await lookAt(start + 10 * minute, check)
    words.push(told())
    await alertAt(start + 12 * minute, await recovered(check, start + 12 * minute))

    expect([...words, [...told()].sort()]).toEqual([['down quiet'], [], ['up late', 'up quiet']])
  })
})

describe('a check that escalates', () => {
  it('tells a further channel, and tells it of the end', async () => {
    const boss = await channel('boss')
    const check = await watched({
      rules: { escalate: [{ afterSeconds: 900, channelIds: [boss, owner.channel.id] }] },
    })
    await alertAt(start, await failed(check))
    expect(told()).toEqual(['down ops'])

    await lookAt(start + 15 * minute, check)
    expect(told()).toEqual(['down boss'])
    expect(sent[0]?.alert.flip.at).toBe(start)
    await alertAt(start + hour, await recovered(check, start + hour))

    expect([...told()].sort()).toEqual(['up boss', 'up ops'])
  })

  it('tells it of the end when the rules are gone by then, too', async () => {
    const boss = await channel('boss')
    const escalate = [{ afterSeconds: 900, channelIds: [boss] }]
    const check = await watched({ rules: { escalate } })
    await alertAt(start, await failed(check))
    await lookAt(start + 15 * minute, check)
    const { rules: _, ...plain } = check
    await registry.updateCheck(check, { ...plain, version: check.version + 1 })
    await lookAt(start + 16 * minute, check)

    await alertAt(start + hour, await recovered(check, start + hour))

    expect([...told()].sort()).toEqual(['up boss', 'up ops'])
  })
})

describe('a check that is snoozed', () => {
  it('is told of when the snooze ends, with why it waited', async () => {
    const check = await watched()
    await heartbeats.snooze(check.id, start + 30 * minute, start)
    await alertAt(start + 1000, await failed(check))
    expect(told()).toEqual([])
    expect(unacknowledgedFlip(await read(check))).toBeUndefined()
    expect((await read(check)).lookAt).toBe(start + 30 * minute)

    await lookAt(start + 30 * minute, check)

    expect(told()).toEqual(['down ops'])
    expect(sent[0]?.alert).toMatchObject({
      flip: { at: start },
      held: { since: start + 1000, reason: { kind: 'snoozed' } },
    })
    expect(await read(check)).not.toHaveProperty('lookAt')
  })

  it('is never heard of when it is up again by then', async () => {
    const check = await watched()
    await heartbeats.snooze(check.id, start + 30 * minute, start)
    const down = await failed(check)
    await alertAt(start + 1000, down)

    await alertAt(start + minute, await recovered(check, start + minute))
    expect(told()).toEqual([])
    await alertAt(start + hour, down)
    expect(told()).toEqual([])
  })

  it('is told to be up when it was told to be down', async () => {
    const check = await watched()
    await alertAt(start, await failed(check))
    await heartbeats.snooze(check.id, start + 2 * hour, start + minute)
    await lookAt(start + 2 * minute, check)

    await alertAt(start + hour, await recovered(check, start + hour))

    expect(told()).toEqual(['up ops'])
  })

  it('is told of at once when the snooze ends while alert decides to wait for it', async () => {
    const check = await watched()
    await heartbeats.snooze(check.id, start + 30 * minute, start)
    const message = await failed(check)
    const keep: Outages['keep'] = async (...terms) => {
      await heartbeats.unsnooze(check.id, start + 1000)
      return outages.keep(...terms)
    }

    await alertAt(start + 1000, message, { outages: but(outages, { keep }) })

    expect(told()).toEqual(['down ops'])
    expect(await read(check)).not.toHaveProperty('lookAt')
  })
})

describe('a check that depends on another', () => {
  async function family(): Promise<readonly [parent: Check, child: Check]> {
    const parent = await watched({ name: 'db' })
    return [parent, await watched({ rules: { dependsOn: [parent.id] } })]
  }

  it('waits while that is down, and is told of when it is up', async () => {
    const [parent, child] = await family()
    await failed(parent)
    await alertAt(start + 1000, await failed(child))
    expect(told()).toEqual([])
    expect((await read(child)).lookAt).toBe(start + 51_000)

    await heartbeats.recordPing(parent.id, aPing({ at: start + minute, requestId: 'up' }))
    await lookAt(start + 2 * minute, child)

    expect(told()).toEqual(['down ops'])
    expect(sent[0]?.alert.held?.reason).toEqual({
      kind: 'depends',
      name: 'db',
      checkId: parent.id,
    })
  })

  it('waits no longer once that is deleted', async () => {
    const [parent, child] = await family()
    await failed(parent)
    await alertAt(start, await failed(child))
    await registry.deleteCheck(parent)

    await lookAt(start + minute, child)

    expect(told()).toEqual(['down ops'])
  })

  it('waits for what people see of that, whether a sweep has noted it or not', async () => {
    const [parent, child] = await family()
    await heartbeats.recordPing(parent.id, aPing({ at: start - 48 * hour }))

    await alertAt(start, await failed(child))

    expect(told()).toEqual([])
  })
})

describe('a check in a window', () => {
  it('is told of when the window is over', async () => {
    const { id: projectId } = owner.project
    const times = { kind: 'once', startAt: start - minute } as const
    const window = { id: 'w', number: 0, since: 1, name: 'patch', tags: '', lengthSeconds: 600 }
    await operations.putWindows(projectId, { revision: 1, windows: [{ ...window, times }] })
    const check = await watched()
    await heartbeats.setWindows(check.id, { projectId, revision: 1, numbers: [0] }, 1)

    await alertAt(start, await failed(check))
    expect(told()).toEqual([])
    await lookAt(start + 9 * minute, check)

    expect(told()).toEqual(['down ops'])
    expect(sent[0]?.alert.held?.reason).toEqual({ kind: 'window', name: 'patch' })
  })
})

describe('what is told of an outage', () => {
  it('is told again after a crash, by the same keys, and then kept', async () => {
    const check = await watched({ rules: { repeatSeconds: 600 } })
    const message = await failed(check)
    expect(await alertAt(start, message, { outages: crashing() })).toBe('failed')
    const keys = sent.map(noticeKey)
    expect(told()).toEqual(['down ops'])
    expect(unacknowledgedFlip(await read(check))).toBeDefined()

    expect(await alertAt(start + minute, message)).toBe('done')

    expect(sent.map(noticeKey)).toEqual(keys)
    await lookAt(start + 2 * minute, check)
    expect(told()).toEqual([])
  })

  it('is told to be over to all that may have heard of it, after a crash as well', async () => {
    const boss = await channel('boss')
    const escalate = [{ afterSeconds: 900, channelIds: [boss] }]
    const check = await watched({ rules: { escalate } })
    await alertAt(start, await failed(check))
    expect(await lookAt(start + hour, check, { outages: crashing() })).toBe('failed')
    expect(told()).toEqual(['down boss'])

    await alertAt(start + 2 * hour, await recovered(check, start + 2 * hour))

    expect([...told()].sort()).toEqual(['up boss', 'up ops'])
  })

  it('is told of a repeat after a crash, too, that was due with an escalation', async () => {
    const boss = await channel('boss')
    const escalate = [{ afterSeconds: 900, channelIds: [boss] }]
    const check = await watched({ rules: { escalate, repeatSeconds: 900 } })
    await alertAt(start, await failed(check))
    const outbox = { send: () => Promise.reject(new Error('crashed')) }
    expect(await lookAt(start + 15 * minute, check, { outbox })).toBe('failed')

    await lookAt(start + 16 * minute, check)

    expect([...told()].sort()).toEqual(['down boss', 'still 1 ops'])
  })

  /** Keeps who is about to hear, and fails before it keeps that they have. */
  function crashing(): AlertDeps['outages'] {
    let keeps = 0
    const keep: Outages['keep'] = (...terms) => {
      keeps += 1
      return keeps === 1 ? outages.keep(...terms) : Promise.reject(new Error('crashed'))
    }
    return but(outages, { keep })
  }

  it('is told by one key when two look at the same time', async () => {
    const check = await watched({ rules: { repeatSeconds: 600 } })
    await alertAt(start, await failed(check))
    const all: Delivery[] = []
    const outbox = {
      send: (some: readonly object[]) => Promise.resolve(void all.push(...(some as Delivery[]))),
    }

    const looks = [1, 2, 3].map(() => lookAt(start + 10 * minute, check, { outbox }))

    expect(await Promise.all(looks)).toEqual(['done', 'done', 'done'])
    expect(new Set(all.map((delivery) => noticeKey(delivery).key)).size).toBe(1)
    expect((await outages.read(check.id, start)).outage?.tellings).toBe(1)
  })

  it('is told to the other channels when one cannot be read, and to that one once it can be', async () => {
    const odd = await channel('odd')
    const Key = { pk: `project#${owner.project.id}`, sk: `channel#${odd}` }
    const Item = marshall({ ...Key, id: odd })
    await engine.client.send(new PutItemCommand({ TableName: engine.names.Registry, Item }))
    const channelIds = [odd, owner.channel.id]
    const check = await watched({ channelIds, rules: { repeatSeconds: 600 } })
    const message = await failed(check)

    expect(await alertAt(start, message)).toBe('failed')
    expect(told()).toEqual(['down ops'])
    expect(unacknowledgedFlip(await read(check))).toBeDefined()
    expect((await read(check)).lookAt).toBe(start + 10 * minute)
    await mend(odd)
    expect(await alertAt(start + minute, message)).toBe('done')

    expect(told()).toEqual(['down odd'])
    expect(unacknowledgedFlip(await read(check))).toBeUndefined()
  })

  async function mend(id: string): Promise<void> {
    const { table, key } = { table: engine.names.Registry, key: `channel#${id}` }
    const item = { ...aChannel({ id }), pk: `project#${owner.project.id}`, sk: key }
    await engine.database.put({ table, item })
  }

  it('costs a check nothing that has no rules, is not snoozed and in no window', async () => {
    const check = await watched()
    const unasked = () => Promise.reject(new Error('asked'))
    const own = {
      outages: { read: unasked, keep: unasked },
      heartbeats: but(heartbeats, { readMany: unasked, scheduleLook: unasked }),
    }

    expect(await alertAt(start, await failed(check), own)).toBe('done')
    expect(await alertAt(start + minute, await recovered(check, start + minute), own)).toBe('done')
  })
})
