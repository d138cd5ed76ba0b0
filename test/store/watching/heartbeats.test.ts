import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Flip,
  flipBetween,
  notedAtOf,
  unacknowledgedFlip,
} from '../../../lambdas/domain/watching/flip.ts'
import type { HeartbeatState, Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import type { Ping } from '../../../lambdas/domain/watching/ping.ts'
import { shortUserAgent } from '../../../lambdas/domain/wire/user-agent.ts'
import { Heartbeats } from '../../../lambdas/store/watching/heartbeats.ts'
import { aHeartbeat, aMiss, aPing, hour, minute, start } from '../../support/builders.ts'
import { beforeCalls } from '../../support/calls.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let heartbeats: Heartbeats

beforeAll(async () => {
  engine = await makeTables()
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
})
afterAll(() => engine.stop())

async function defined(fields: Partial<Heartbeat> = {}): Promise<string> {
  const id = randomUUID()
  await heartbeats.define(id, aHeartbeat(fields))
  return id
}

async function read(id: string): Promise<Heartbeat> {
  const heartbeat = await heartbeats.read(id)
  if (heartbeat === undefined) throw new Error(`there is no heartbeat ${id}`)
  return heartbeat
}

describe('another look at an outage', () => {
  it('is noted while there is one', async () => {
    const [up, down] = [await defined(), await defined()]
    await heartbeats.recordPing(up, aPing())
    await heartbeats.recordPing(down, aPing({ signal: 'fail' }))

    for (const id of [up, down, randomUUID()]) await heartbeats.lookAgain(id, start + minute)

    expect(await read(up)).not.toHaveProperty('lookAt')
    expect(await read(down)).toMatchObject({ lookAt: start + minute })
  })
})

describe('when an outage is looked at again', () => {
  const lookAt = start + hour

  it('is noted, and taken away, with or without an acknowledgement', async () => {
    const id = await defined()
    const flip = await failedFlip(id)

    const steps = [
      { before: undefined, lookAt, isAcknowledged: false },
      { before: lookAt, lookAt: lookAt + 1, isAcknowledged: true },
      { before: lookAt + 1, lookAt: undefined, isAcknowledged: false },
    ]
    const seen: (readonly [number | undefined, boolean])[] = []
    for (const step of steps) {
      expect(await heartbeats.scheduleLook(flip, step)).toBe('noted')
      const heartbeat = await read(id)
      seen.push([heartbeat.lookAt, unacknowledgedFlip(heartbeat) === undefined])
    }

    expect(seen).toEqual([
      [lookAt, false],
      [lookAt + 1, true],
      [undefined, true],
    ])
  })

  it('is left alone once somebody asks for a look, or the check is what it was no more', async () => {
    const [asked, up] = [await defined(), await defined()]
    const flips = [await failedFlip(asked), await failedFlip(up)]
    await heartbeats.lookAgain(asked, start + minute)
    await heartbeats.recordPing(up, aPing({ at: start + minute, requestId: 'up' }))

    for (const flip of flips) {
      const look = { before: undefined, lookAt, isAcknowledged: true }
      expect(await heartbeats.scheduleLook(flip, look)).toBe('changed')
    }

    expect([(await read(asked)).lookAt, (await read(up)).lookAt]).toEqual([
      start + minute,
      undefined,
    ])
  })

  async function failedFlip(id: string): Promise<Flip> {
    await heartbeats.recordPing(id, aPing({ signal: 'fail', requestId: 'fail' }))
    const flip = unacknowledgedFlip(await read(id))
    if (flip === undefined) throw new Error('the check has not failed')
    return flip
  }
})

describe('the windows of a check', () => {
  const windows = { projectId: 'project', revision: 3, numbers: [0, 99] }

  it('are written where they are newer, and beside what pings leave', async () => {
    const id = await defined()

    expect(await heartbeats.setWindows(id, windows, 4)).toBe('written')
    await heartbeats.recordPing(id, aPing())
    expect(await heartbeats.setWindows(id, undefined, 4)).toBe('stale')
    expect(await read(id)).toMatchObject({ windows, pingCount: 1 })
    expect(await heartbeats.setWindows(id, undefined, 5)).toBe('written')
    expect(await read(id)).not.toHaveProperty('windows')
    expect(await heartbeats.setWindows(randomUUID(), windows, 4)).toBe('stale')
  })
})

describe('a snooze', () => {
  it('comes through while pings arrive, and so does its end', async () => {
    const id = await defined()
    const database = { ...engine.database }
    const busy = new Heartbeats(database, engine.names.Heartbeats)
    beforeCalls(database, (operation) =>
      operation === 'update' ? heartbeats.recordPing(id, aPing()) : undefined,
    )

    expect(await busy.snooze(id, start + hour, start)).toMatchObject({
      status: 'up',
      snoozedUntil: start + hour,
    })
    expect(await read(id)).toMatchObject({ pingCount: 1, snoozedUntil: start + hour })
    await heartbeats.unsnooze(id, start)
    expect(await read(id)).not.toHaveProperty('snoozedUntil')
    expect(await heartbeats.snooze(randomUUID(), start + hour, start)).toBe('missing')
  })
})

describe('a definition', () => {
  it('makes a new heartbeat', async () => {
    const id = await defined({ version: 3, methods: 'POST', manualResume: true })

    expect(await read(id)).toEqual(
      aHeartbeat({ id, version: 3, methods: 'POST', manualResume: true }),
    )
  })

  it('replaces an older one whole and leaves the state alone', async () => {
    const id = await defined({ methods: 'POST', manualResume: true })
    await heartbeats.recordPing(id, aPing({ method: 'POST' }))
    const { schedule: _, ...state } = await read(id)
    const calendar = { kind: 'oncalendar', expression: 'daily' } as const

    expect(
      await heartbeats.define(
        id,
        aHeartbeat({ version: 2, schedule: calendar, timeZone: 'Europe/Riga' }),
      ),
    ).toBe('written')

    const expected = {
      ...state,
      version: 2,
      schedule: calendar,
      timeZone: 'Europe/Riga',
      methods: '',
      manualResume: false,
    }
    expect(await read(id)).toEqual(expected)
  })

  it.each([1, 2])('of version %i does not overwrite version 2', async (version) => {
    const id = await defined({ version: 2, graceSeconds: 60 })

    expect(await heartbeats.define(id, aHeartbeat({ version, graceSeconds: 999 }))).toBe('stale')
    expect((await read(id)).graceSeconds).toBe(60)
  })

  it('of a check that should have a heartbeat marks the state as lost, and of one that has it changes nothing but itself', async () => {
    const [lost, kept, buried] = [randomUUID(), await defined(), await defined()]
    await heartbeats.recordPing(kept, aPing())
    await heartbeats.bury(buried, 2, start)

    const outcomes = [lost, kept, buried].map((id) =>
      heartbeats.define(id, aHeartbeat({ version: 3 }), start),
    )

    expect(await Promise.all(outcomes)).toEqual(['lost', 'written', 'lost'])
    expect(await read(lost)).toMatchObject({ status: 'new', version: 3, lostAt: start })
    expect(await read(kept)).toMatchObject({ status: 'up', version: 3 })
    expect(await read(kept)).not.toHaveProperty('lostAt')
    expect(await read(buried)).toMatchObject({ lostAt: start })
    expect(await heartbeats.define(kept, aHeartbeat({ version: 3 }), start)).toBe('stale')
    expect(await heartbeats.define(lost, aHeartbeat({ version: 4 }), start + minute)).toBe(
      'written',
    )
    expect(await read(lost)).toMatchObject({ version: 4, lostAt: start })
  })

  it('that comes late does not bring a deleted check back', async () => {
    const id = await defined({ version: 1 })
    await heartbeats.bury(id, 3, start)

    expect(await heartbeats.define(id, aHeartbeat({ version: 2 }))).toBe('stale')
    expect(await heartbeats.read(id)).toBeUndefined()
  })
})

describe('a tombstone', () => {
  it('is treated as absent by everything', async () => {
    const id = await defined()
    await heartbeats.recordPing(id, aPing({ signal: 'fail' }))

    await heartbeats.bury(id, 2, start)

    expect(await heartbeats.recordPing(id, aPing({ requestId: 'late' }))).toBe('missing')
    expect(await heartbeats.pause(id, start)).toBe('missing')
    expect(await heartbeats.isKnown(id)).toBe(false)
    expect((await heartbeats.readMany([id])).size).toBe(0)
    expect((await scanned()).has(id)).toBe(false)
  })

  it('is left by an older definition only', async () => {
    const id = await defined({ version: 5 })

    await heartbeats.bury(id, 4, start)

    expect(await heartbeats.isKnown(id)).toBe(true)
  })
})

describe('a ping', () => {
  it('to an unknown check is missing and leaves nothing behind', async () => {
    const id = randomUUID()

    expect(await heartbeats.recordPing(id, aPing())).toBe('missing')
    expect(await heartbeats.isKnown(id)).toBe(false)
    expect(await heartbeats.read(id)).toBeUndefined()
  })

  it('tells of a check that is up whether it counts ends of runs', async () => {
    const id = await defined({ rules: { mostPings: { count: 1, seconds: 60 } } })

    expect(await heartbeats.recordPing(id, aPing({ requestId: 'a' }))).toEqual({
      number: 1,
      countsEnds: true,
    })
    expect(await heartbeats.recordPing(id, aPing({ requestId: 'b' }))).toEqual({ number: 2 })
  })

  it('written twice is counted once, and answers the same', async () => {
    const id = await defined()
    const ping = aPing({ signal: 'log' })

    const numbers = [await heartbeats.recordPing(id, ping), await heartbeats.recordPing(id, ping)]

    expect(numbers).toEqual([{ number: 1 }, { number: 1 }])
  })

  it.each(['success', 'start', 'fail', 'log'] as const)(
    'of %s beside forty others loses none',
    async (signal) => {
      const id = await defined()
      const pings = Array.from({ length: 40 }, (_, index) =>
        aPing({ signal, requestId: `r${index}`, at: start + ((index * 7) % 40) }),
      )

      const numbers = await Promise.all(pings.map((ping) => heartbeats.recordPing(id, ping)))

      expect(
        new Set(numbers.map((stored) => (stored === 'missing' ? 0 : stored.number))).size,
      ).toBe(40)
      expect((await read(id)).pingCount).toBe(40)
    },
  )

  it('with a run ID of its own beside others loses none', async () => {
    const id = await defined()
    const runs = Array.from({ length: 12 }, (_, index) => ({
      runId: `run-${index}`,
      requestId: `r${index}`,
      at: start + index,
    }))
    await heartbeats.recordPing(id, aPing({ signal: 'start', runId: 'under way', at: start - 1 }))

    await Promise.all(runs.map((run) => heartbeats.recordPing(id, aPing(run))))

    expect((await read(id)).pingCount).toBe(13)
  })

  it('keeps the item below one write unit, however much it carries', async () => {
    const uuid = randomUUID()
    const expression = '0,'.repeat(45).concat('0 * * * *').slice(0, 100)
    const id = await defined({
      schedule: { kind: 'cron', expression },
      timeZone: 'America/Argentina/ComodRivadavia',
      methods: 'POST',
      manualResume: true,
    })
    const full = {
      requestId: uuid,
      runId: uuid,
      method: 'POST',
      address: '2001:db8:1111:2222:3333:4444:5555:6666',
      userAgent: shortUserAgent('ü'.repeat(150)),
    }
    await heartbeats.recordPing(id, aPing({ ...full, signal: 'start' }))
    await heartbeats.recordPing(
      id,
      aPing({
        ...full,
        requestId: `${uuid.slice(1)}x`,
        signal: 'log',
        at: start + 1,
        exitStatus: 255,
        tookMs: 3e10,
        bodyBytes: 1e9,
        receivedBytes: 1e9,
      }),
    )
    const flip = flipBetween(aHeartbeat({ id, status: 'up' }), await downed(id))
    if (flip !== undefined) await heartbeats.acknowledge(flip, start + 2 * hour)

    const { Item } = await engine.client.send(
      new GetItemCommand({ TableName: engine.names.Heartbeats, Key: { id: { S: id } } }),
    )

    expect(Buffer.byteLength(JSON.stringify(Item))).toBeLessThan(1500)
    expect(sizeOf(Item)).toBeLessThan(1024)
  })
})

describe('a heartbeat with all rules', () => {
  const rules = {
    maxRuntimeSeconds: 31_536_000,
    minRuntimeSeconds: 31_536_000,
    earlySeconds: 86_400,
    mostPings: { count: 100, seconds: 604_800 },
    failures: { count: 20, of: 20 },
    successes: 20,
  }
  const week = 7 * 24 * hour
  const uuids = Array.from({ length: 2 }, () => randomUUID())
  const full = (fields: Partial<Ping>): Ping =>
    aPing({
      runId: uuids[0] ?? '',
      method: 'POST',
      address: '2001:db8:1111:2222:3333:4444:5555:6666',
      userAgent: shortUserAgent('ü'.repeat(150)),
      bodyBytes: 1e9,
      receivedBytes: 1e9,
      exitStatus: 255,
      tookMs: 3e10,
      ...fields,
    })
  const pinged = async (id: string, signal: Ping['signal'], afterMs: number) => {
    const at = ((await read(id)).lastPing?.at ?? start) + afterMs
    await heartbeats.recordPing(id, full({ signal, at, requestId: randomUUID() }))
  }
  const pingedTimes = async (id: string, signal: Ping['signal'], times: number) => {
    for (let index = 0; index < times; index += 1) await pinged(id, signal, week)
  }

  /** As large as one gets, while it tolerates failures or once it is down. */
  async function crammed(failures: number): Promise<string> {
    const id = randomUUID()
    const definition = aHeartbeat({
      schedule: { kind: 'cron', expression: '0,'.repeat(45).concat('0 * * * *').slice(0, 100) },
      timeZone: 'America/Argentina/ComodRivadavia',
      methods: 'POST',
      manualResume: true,
      runsOverlap: true,
      rules,
    })
    await heartbeats.define(id, definition, start)
    const windows = { projectId: uuids[1] ?? '', revision: 9999, numbers: [0, 99] }
    await heartbeats.setWindows(id, windows, 99_999)
    await pinged(id, 'start', 0)
    await heartbeats.flagMissed(await read(id), aMiss(start + week), start + week)
    await pingedTimes(id, 'fail', failures)
    const flip = unacknowledgedFlip(await read(id))
    if (flip !== undefined) await heartbeats.acknowledge(flip, start + 100 * week)
    if (failures === 20) await pingedTimes(id, 'success', 10)
    await pinged(id, 'start', week)
    await pinged(id, 'success', 53 * week)
    await pinged(id, 'start', week)
    await heartbeats.snooze(id, start + 400 * week, start + 300 * week)
    return id
  }

  it.each([19, 20])('is below one write unit after %i failures', async (failures) => {
    const id = await crammed(failures)
    const { Item } = await engine.client.send(
      new GetItemCommand({ TableName: engine.names.Heartbeats, Key: { id: { S: id } } }),
    )

    expect((await read(id)).status).toBe(failures === 20 ? 'down' : 'up')
    expect(sizeOf(Item)).toBeLessThan(1024)
  })
})

describe('a missed deadline', () => {
  it('is flagged once', async () => {
    const id = await defined()
    await heartbeats.recordPing(id, aPing())
    const seen = await read(id)

    expect(await heartbeats.flagMissed(seen, aMiss(start + hour), start + hour + 1000)).toBe(
      'flagged',
    )
    expect(await heartbeats.flagMissed(seen, aMiss(start + hour), start + hour + 1000)).toBe(
      'changed',
    )
    expect(await read(id)).toMatchObject({
      status: 'down',
      since: { ...aMiss(start + hour), count: 1 },
      notedAt: start + hour + 1000,
    })
  })

  it.each([
    [
      'a ping',
      (id: string) => heartbeats.recordPing(id, aPing({ at: start + 1, requestId: 'in time' })),
    ],
    [
      'a start',
      (id: string) =>
        heartbeats.recordPing(id, aPing({ signal: 'start', at: start + 1, requestId: 'in time' })),
    ],
    ['a new definition', (id: string) => heartbeats.define(id, aHeartbeat({ version: 2 }))],
    ['a pause', (id: string) => heartbeats.pause(id, start + 1)],
  ])('is not flagged when %s came in between', async (_, deed) => {
    const id = await defined()
    await heartbeats.recordPing(id, aPing())
    const seen = await read(id)
    await deed(id)

    expect(await heartbeats.flagMissed(seen, aMiss(start + hour), start + hour + 1000)).toBe(
      'changed',
    )
    expect((await read(id)).status).not.toBe('down')
  })

  it('is flagged when only a log came in between', async () => {
    const id = await defined()
    await heartbeats.recordPing(id, aPing())
    const seen = await read(id)
    await heartbeats.recordPing(id, aPing({ signal: 'log', at: start + 1, requestId: 'log' }))

    expect(await heartbeats.flagMissed(seen, aMiss(start + hour), start + hour + 1000)).toBe(
      'flagged',
    )
    expect((await read(id)).since).toEqual({ ...aMiss(start + hour), count: 2 })
  })
})

describe('an acknowledgement', () => {
  it('ends the telling of a flip', async () => {
    const id = await defined()
    const flip = unacknowledgedFlip(await downed(id))
    if (flip === undefined) throw new Error('no flip')

    await heartbeats.acknowledge(flip, start + 2 * hour)

    expect(unacknowledgedFlip(await read(id))).toBeUndefined()
  })

  it('of an outage that is over has the recovery told, whose age counts from the first one', async () => {
    const id = await defined()
    const outage = unacknowledgedFlip(await downed(id))
    if (outage === undefined) throw new Error('no flip')
    await heartbeats.recordPing(id, aPing({ at: start + 2, requestId: 'back' }))
    expect(unacknowledgedFlip(await read(id))).toBeUndefined()

    await heartbeats.acknowledge(outage, start + 2 * hour)
    await heartbeats.acknowledge(outage, start + 3 * hour)

    const recovery = unacknowledgedFlip(await read(id))
    expect(recovery).toMatchObject({ status: 'up', at: start + 2, downSinceAt: start + 1 })
    expect(notedAtOf(await read(id))).toBe(start + 2 * hour)
    if (recovery !== undefined) await heartbeats.acknowledge(recovery, start + 2 * hour)
    await heartbeats.acknowledge(outage, start + 2 * hour)
    expect(unacknowledgedFlip(await read(id))).toBeUndefined()
  })

  it('outlives a ping that was being recorded meanwhile', async () => {
    const id = await defined({ methods: 'POST' })
    await heartbeats.recordPing(id, aPing({ signal: 'fail', method: 'POST' }))
    const flip = unacknowledgedFlip(await read(id))
    if (flip === undefined) throw new Error('no flip')
    beforeWrite(2, () => heartbeats.acknowledge(flip, start + 2 * hour))

    await heartbeats.recordPing(id, aPing({ method: 'GET', at: start + 1, requestId: 'ignored' }))

    expect(await read(id)).toMatchObject({
      acknowledged: { at: flip.at, count: flip.count, status: flip.status },
      pingCount: 2,
    })
  })

  it('of a flip that another one followed changes nothing', async () => {
    const id = await defined()
    const flip = unacknowledgedFlip(await downed(id))
    if (flip === undefined) throw new Error('no flip')
    await heartbeats.recordPing(id, aPing({ at: start + 2, requestId: 'back' }))
    await heartbeats.recordPing(id, aPing({ signal: 'fail', at: start + 3, requestId: 'again' }))

    await heartbeats.acknowledge(flip, start + 2 * hour)

    expect(unacknowledgedFlip(await read(id))?.at).toBe(start + 3)
  })

  it('of a recovery that another outage and its end followed leaves those to be told', async () => {
    const id = await defined()
    const outage = unacknowledgedFlip(await downed(id))
    if (outage === undefined) throw new Error('no flip')
    await heartbeats.acknowledge(outage, start + 1)
    await heartbeats.recordPing(id, aPing({ at: start + 2, requestId: 'back' }))
    const recovery = unacknowledgedFlip(await read(id))
    if (recovery === undefined) throw new Error('no flip')
    await heartbeats.recordPing(id, aPing({ signal: 'fail', at: start + 3, requestId: 'again' }))
    await heartbeats.recordPing(id, aPing({ at: start + 4, requestId: 'back again' }))

    await heartbeats.acknowledge(recovery, start + 2 * hour)

    expect(unacknowledgedFlip(await read(id))).toMatchObject({ status: 'up', at: start + 4 })
  })

  it('of an outage before a pause is none of the outage after it', async () => {
    const id = await defined()
    await heartbeats.recordPing(id, aPing())
    await heartbeats.flagMissed(await read(id), aMiss(start + hour), start + hour)
    const first = unacknowledgedFlip(await read(id))
    if (first === undefined) throw new Error('no flip')
    await heartbeats.pause(id, start + hour + 1)
    await heartbeats.resume(id, start + hour + 2)
    await heartbeats.recordPing(
      id,
      aPing({ signal: 'fail', at: start + hour + 3, requestId: 'again' }),
    )
    const second = unacknowledgedFlip(await read(id))
    if (second === undefined) throw new Error('no flip')

    await heartbeats.acknowledge(second, start + 2 * hour)
    await heartbeats.acknowledge(first, start + 2 * hour)

    expect(unacknowledgedFlip(await read(id))).toBeUndefined()
  })
})

describe('an outage that a pause ended', () => {
  const downSince = start + hour
  const paused = async (told: 'told' | 'untold') => {
    const id = await defined()
    await heartbeats.recordPing(id, aPing())
    await heartbeats.flagMissed(await read(id), aMiss(downSince), downSince)
    const outage = unacknowledgedFlip(await read(id))
    if (outage === undefined) throw new Error('no flip')
    if (told === 'told') await heartbeats.acknowledge(outage, start + 2 * hour)
    await heartbeats.pause(id, downSince + 1)
    return { id, outage }
  }
  const pinged = (id: string) =>
    heartbeats.recordPing(id, aPing({ at: downSince + 3, requestId: 'back' }))

  it.each(['told', 'untold'] as const)(
    'and was %s by then owes no recovery, however often its message comes again',
    async (told) => {
      const { id, outage } = await paused(told)

      await heartbeats.acknowledge(outage, start + 2 * hour)
      await heartbeats.resume(id, downSince + 2)
      await heartbeats.acknowledge(outage, start + 2 * hour)
      await pinged(id)
      await heartbeats.acknowledge(outage, start + 2 * hour)

      expect(unacknowledgedFlip(await read(id))).toBeUndefined()
    },
  )

  it.each([true, false])(
    'and was told by then is known as told when its message comes again, resumed by hand: %s',
    async (isResumed) => {
      const { id, outage } = await paused('told')
      if (isResumed) await heartbeats.resume(id, downSince + 2)
      await pinged(id)

      await heartbeats.acknowledge(outage, start + 2 * hour)

      expect(unacknowledgedFlip(await read(id))).toBeUndefined()
    },
  )

  it('and is told while the pause is being written owes no recovery', async () => {
    const id = await defined()
    await heartbeats.recordPing(id, aPing())
    await heartbeats.flagMissed(await read(id), aMiss(downSince), downSince)
    const outage = unacknowledgedFlip(await read(id))
    if (outage === undefined) throw new Error('no flip')
    beforeWrite(1, () => heartbeats.acknowledge(outage, start + 2 * hour))

    await heartbeats.pause(id, downSince + 1)
    await pinged(id)

    expect(unacknowledgedFlip(await read(id))).toBeUndefined()
  })

  it('has the recovery told when people first hear of it once the check is up', async () => {
    const { id, outage } = await paused('untold')
    await pinged(id)

    await heartbeats.acknowledge(outage, start + 2 * hour)

    const recovery = unacknowledgedFlip(await read(id))
    expect(recovery).toMatchObject({ status: 'up', at: downSince + 3, downSinceAt: downSince })
    if (recovery !== undefined) await heartbeats.acknowledge(recovery, start + 2 * hour)
    await heartbeats.acknowledge(outage, start + 2 * hour)
    expect(unacknowledgedFlip(await read(id))).toBeUndefined()
  })
})

describe('the removal of an orphan', () => {
  it('takes the version that was looked at, and no other', async () => {
    const id = await defined({ version: 2 })

    expect(await heartbeats.remove(id, 1)).toBe('changed')
    expect(await heartbeats.remove(id, 2)).toBe('removed')
    expect(await heartbeats.read(id)).toBeUndefined()
  })
})

describe('a scan', () => {
  it('finds every heartbeat in one of its segments', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => defined()))

    const found = await scanned()

    expect(ids.filter((id) => !found.has(id))).toEqual([])
  })

  it('scans the states of as many heartbeats, and sees of each what the whole of it says', async () => {
    const [pinged, running, down, paused, lost, cron] = await Promise.all(
      Array.from({ length: 6 }, () => defined()),
    )
    for (const id of [pinged, running, down, paused, cron] as const)
      await heartbeats.recordPing(id ?? '', aPing())
    await heartbeats.recordPing(
      running ?? '',
      aPing({ signal: 'start', at: start + 1, requestId: 'run', runId: randomUUID() }),
    )
    const flip = unacknowledgedFlip(await downed(down ?? ''))
    if (flip !== undefined) await heartbeats.acknowledge(flip, start + 2 * hour)
    await heartbeats.pause(paused ?? '', start + 2)
    await heartbeats.define(randomUUID(), aHeartbeat(), start)
    await heartbeats.bury(lost ?? '', 2, start)
    await heartbeats.define(
      cron ?? '',
      aHeartbeat({ version: 2, schedule: { kind: 'cron', expression: '5 4 * * *' } }),
    )

    const [wholes, states] = [new Map<string, Heartbeat>(), new Map<string, HeartbeatState>()]
    for await (const page of heartbeats.scan(0, 1))
      for (const whole of page.heartbeats) wholes.set(whole.id, whole)
    for await (const page of heartbeats.scanStates(0, 1))
      for (const state of page.heartbeats) states.set(state.id, state)

    expect([...states.keys()].sort()).toEqual([...wholes.keys()].sort())
    for (const [id, whole] of wholes) expect(whole).toMatchObject(states.get(id) ?? {})
    for (const [id, state] of states) expect(seenOf(wholes.get(id))).toEqual(state)
  })

  it('goes on past the megabyte that a page holds', async () => {
    const before = (await scanned()).size
    const filler = {
      UpdateExpression: 'SET filler = :filler',
      ExpressionAttributeValues: marshall({ ':filler': 'x'.repeat(300_000) }),
    }
    const ids = await Promise.all(Array.from({ length: 16 }, () => defined()))
    for (const id of ids)
      await engine.client.send(
        new UpdateItemCommand({
          TableName: engine.names.Heartbeats,
          Key: { id: { S: id } },
          ...filler,
        }),
      )

    const pages: number[] = []
    for await (const page of heartbeats.scan(0, 1)) pages.push(page.heartbeats.length)

    expect(pages.length).toBeGreaterThan(3)
    expect(pages.reduce((sum, length) => sum + length, 0)).toBe(before + 16)
  })
})

/** What a scan of states has to see. */
function seenOf(heartbeat: Heartbeat | undefined): HeartbeatState | undefined {
  if (heartbeat === undefined) return undefined
  const {
    version: _,
    methods: _m,
    manualResume: _r,
    hasBodyRules: _b,
    runsOverlap: _o,
    ends: _e,
    successCount: _k,
    durationMs: _d,
    lastPing: _p,
    lastRequestId: _q,
    ...seen
  } = heartbeat
  return seen
}

/** Has something happen just before the write of this number from now on. */
function beforeWrite(number: number, deed: () => Promise<void>): void {
  let writes = 0
  beforeCalls(engine.database, async (operation) => {
    if (operation === 'update') writes += 1
    if (operation === 'update' && writes === number) await deed()
  })
}

async function downed(id: string): Promise<Heartbeat> {
  await heartbeats.recordPing(id, aPing({ signal: 'fail', at: start + 1, requestId: 'fail' }))
  return read(id)
}

async function scanned(): Promise<Set<string>> {
  const found = new Set<string>()
  for (const segment of [0, 1, 2]) {
    for await (const { heartbeats: page } of heartbeats.scan(segment, 3))
      for (const { id } of page) found.add(id)
  }
  return found
}

/**
 * As DynamoDB counts: names and values in UTF-8, numbers by their digits, three bytes for a map and
 * one for each of its entries.
 */
function sizeOf(item: unknown): number {
  return Object.entries((item ?? {}) as Record<string, Record<string, unknown>>).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value),
    0,
  )
}

function valueSize(value: Record<string, unknown>): number {
  if (typeof value['S'] === 'string') return Buffer.byteLength(value['S'])
  if (typeof value['N'] === 'string') return Math.ceil(value['N'].length / 2) + 1
  if ('M' in value) return 3 + Object.keys(value['M'] as object).length + sizeOf(value['M'])
  return 1
}
