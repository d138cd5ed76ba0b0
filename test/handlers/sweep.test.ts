import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import type { Miss } from '../../lambdas/domain/watching/deadline.ts'
import { ARRIVAL_MS } from '../../lambdas/domain/watching/inspection.ts'
import { makeSweepHandler } from '../../lambdas/sweep.ts'
import type { SweepDeps } from '../../lambdas/sweep/run.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import type { SweepMark } from '../../lambdas/store/watching/operations.ts'
import { aHeartbeat, aPing, hour, minute, start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'
import { healthyIntake } from '../support/intake.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'

const deadline = start + hour + 10 * minute
const engines: TestEngine[] = []
let heartbeats: Heartbeats
let marks: SweepMark[]

beforeEach(async () => {
  const engine = await makeTables()
  engines.push(engine)
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  marks = []
})
afterAll(() => Promise.all(engines.map((engine) => engine.stop())))

function sweepAt(at: number, own: Partial<SweepDeps> = {}): Promise<void> {
  const flips = {
    send: () => Promise.reject(new Error('nothing waits')),
    depth: () => Promise.resolve(0),
  }
  const operations = {
    markSweep: (mark: SweepMark) => Promise.resolve(void marks.push(mark)),
    resentUntil: () => Promise.resolve(-Infinity),
    markResent: () => Promise.resolve(),
    windows: () => Promise.resolve(undefined),
  }
  const [pingWatcher, watchConcurrency] = [() => Promise.resolve(), () => Promise.resolve()]
  return makeSweepHandler({
    heartbeats,
    operations,
    flips,
    intake: healthyIntake,
    watchConcurrency,
    pingWatcher,
    clock: aClock(at),
    ...own,
  })()
}

async function pinged(at = start): Promise<string> {
  const id = randomUUID()
  await heartbeats.define(id, aHeartbeat())
  await heartbeats.recordPing(id, aPing({ at }))
  return id
}

async function read(id: string): Promise<Heartbeat> {
  const heartbeat = await heartbeats.read(id)
  if (heartbeat === undefined) throw new Error(`there is no heartbeat ${id}`)
  return heartbeat
}

/** Of so many, each calls once for itself; whoever is there first waits for the others. */
function meetingOf(count: number): () => () => Promise<void> {
  const all = Promise.withResolvers<undefined>()
  let present = 0
  return () => {
    let isPresent = false
    return async () => {
      if (!isPresent) present += 1
      isPresent = true
      if (present === count) all.resolve(undefined)
      await all.promise
    }
  }
}

describe('the sweep', () => {
  it('flags what is past its deadline, as of the deadline, and notes when it did', async () => {
    const id = await pinged()

    await sweepAt(deadline + hour)

    expect(await read(id)).toMatchObject({
      status: 'down',
      since: { at: deadline, count: 1 },
      notedAt: deadline + hour,
    })
  })

  it('leaves alone what is in time, and writes nothing but its mark', async () => {
    const id = await pinged()
    const before = await read(id)

    await sweepAt(start + minute)

    expect(await read(id)).toEqual(before)
    expect(marks).toEqual([{ startedAt: start + minute, heartbeats: 1 }])
  })

  it('waits for a deadline ahead, and a second more for pings on their way', async () => {
    const id = await pinged()
    const seen: [number, string][] = []
    const clock = aClock(deadline - 100_000)
    const flagMissed: Heartbeats['flagMissed'] = (heartbeat, miss, now) => {
      seen.push([clock.now(), heartbeat.id])
      return heartbeats.flagMissed(heartbeat, miss, now)
    }

    const watched = {
      scanStates: heartbeats.scanStates.bind(heartbeats),
      readMany: heartbeats.readMany.bind(heartbeats),
      flagMissed,
    }
    await sweepAt(deadline - 100_000, { clock, heartbeats: watched })

    expect(seen).toEqual([[deadline + ARRIVAL_MS, id]])
    expect((await read(id)).since?.at).toBe(deadline)
  })

  it('does not wait for a deadline that the next run will see in time', async () => {
    await pinged()
    const clock = aClock(deadline - 126_000)

    await sweepAt(deadline - 126_000, { clock })

    expect(clock.now()).toBe(deadline - 126_000)
  })

  it('does not flag a check whose ping came while it waited', async () => {
    const id = await pinged()
    const arrive = () =>
      heartbeats.recordPing(id, aPing({ at: deadline - 1, requestId: 'in time' }))

    await sweepAt(deadline - minute, { clock: aClock(deadline - minute, arrive) })

    expect((await read(id)).status).toBe('up')
  })

  it('flags a check whose run began while it waited and whose ping is still missing', async () => {
    const id = await pinged()
    const arrive = () =>
      heartbeats.recordPing(id, aPing({ signal: 'start', at: deadline - 1, requestId: 'run' }))

    await sweepAt(deadline - minute, { clock: aClock(deadline - minute, arrive) })

    expect(await read(id)).toMatchObject({ status: 'down', since: { at: deadline } })
  })

  it('gives pings a second to arrive for a deadline, too, that was put off while it waited', async () => {
    const id = await pinged()
    const clock = aClock(deadline - minute, () =>
      heartbeats.recordPing(id, aPing({ at: start + 700, requestId: 'late' })),
    )
    const seen: number[] = []
    const flagMissed: Heartbeats['flagMissed'] = (...judged) => (
      seen.push(clock.now()),
      heartbeats.flagMissed(...judged)
    )
    const watched = {
      scanStates: heartbeats.scanStates.bind(heartbeats),
      readMany: heartbeats.readMany.bind(heartbeats),
      flagMissed,
    }

    await sweepAt(deadline - minute, { clock, heartbeats: watched })

    expect(seen).toEqual([deadline + 700 + ARRIVAL_MS])
  })

  it('looks once more at a heartbeat that changed while it was being flagged, and flags it in the same run', async () => {
    const id = await pinged()
    let tries = 0
    const flagMissed: Heartbeats['flagMissed'] = async (...judged) => {
      tries += 1
      if (tries === 1)
        await heartbeats.recordPing(
          id,
          aPing({ signal: 'start', at: deadline - 1, requestId: 'run' }),
        )
      return heartbeats.flagMissed(...judged)
    }
    const torn = {
      scanStates: heartbeats.scanStates.bind(heartbeats),
      readMany: heartbeats.readMany.bind(heartbeats),
      flagMissed,
    }

    await sweepAt(deadline + hour, { heartbeats: torn })

    expect(await read(id)).toMatchObject({ status: 'down', since: { at: deadline } })
    expect(tries).toBe(2)
  })

  it('flags once, however often and however parallel it runs', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => pinged()))

    await Promise.all([
      sweepAt(deadline - minute),
      sweepAt(deadline - 1000),
      sweepAt(deadline + minute),
    ])
    await sweepAt(deadline + minute)

    for (const id of ids)
      expect(await read(id)).toMatchObject({ status: 'down', since: { at: deadline, count: 1 } })
  })

  it('shares a storm with the run beside it, each beginning at another end', async () => {
    const ids = await Promise.all(Array.from({ length: 250 }, () => pinged()))
    const bothJudge = meetingOf(2)
    let tries = 0
    const watched = {
      scanStates: heartbeats.scanStates.bind(heartbeats),
      flagMissed: (heartbeat: Heartbeat, miss: Miss, now: number) => (
        (tries += 1),
        heartbeats.flagMissed(heartbeat, miss, now)
      ),
    }
    const run = (at: number) => {
      const met = bothJudge()
      const readMany = async (some: readonly string[]) => (await met(), heartbeats.readMany(some))
      return sweepAt(at, { heartbeats: { ...watched, readMany } })
    }

    await Promise.all([run(deadline - 110_000), run(deadline - 50_000)])

    const flagged = await heartbeats.readMany(ids)
    expect([...flagged.values()].filter(({ status }) => status === 'down')).toHaveLength(250)
    // Both may be at the group in the middle.
    expect(tries).toBeLessThanOrEqual(350)
  })

  it('tells how many checks have lost their state, until each was pinged', async () => {
    const [one, other] = [randomUUID(), randomUUID()]
    for (const id of [one, other]) await heartbeats.define(id, aHeartbeat(), start)
    const told = logged('without-state')

    await sweepAt(start + minute)
    await heartbeats.recordPing(one, aPing())
    await sweepAt(start + minute)
    await heartbeats.recordPing(other, aPing())
    await sweepAt(start + minute)

    expect(told.map((line) => line['checks'])).toEqual([2, 1])
  })

  it('has told its watcher by its end, and does not when it failed', async () => {
    let told = 0
    const pingWatcher = async () => {
      await new Promise(setImmediate)
      told += 1
    }
    await sweepAt(start, { pingWatcher })
    expect(told).toBe(1)
    const broken = randomUUID()
    await heartbeats.define(
      broken,
      aHeartbeat({ schedule: { kind: 'cron', expression: 'nonsense' } }),
    )
    await heartbeats.recordPing(broken, aPing())

    await expect(sweepAt(deadline, { pingWatcher })).rejects.toThrow('could not be swept')

    expect(told).toBe(1)
  })

  it('has the limits of the account watched at its own time', async () => {
    const watched: number[] = []

    await sweepAt(start, { watchConcurrency: (runAt) => Promise.resolve(void watched.push(runAt)) })

    expect(watched).toEqual([start])
  })

  it('goes on past a part of the table that it cannot read, fails at the end, and has not scanned all', async () => {
    const id = await pinged()
    const scanned = logged('scanned', 'info')
    async function* scanStates(
      segment: number,
      segments: number,
    ): ReturnType<Heartbeats['scanStates']> {
      yield* heartbeats.scanStates(segment, segments)
      if (segment === 1) throw new Error('throttled')
    }
    const torn = {
      scanStates,
      readMany: heartbeats.readMany.bind(heartbeats),
      flagMissed: heartbeats.flagMissed.bind(heartbeats),
    }

    await expect(sweepAt(deadline - minute, { heartbeats: torn })).rejects.toThrow()

    expect(await read(id)).toMatchObject({ status: 'down', since: { at: deadline } })
    expect([scanned, marks]).toEqual([[], []])
  })

  it('flags what it would without its look at the intake when that fails, and fails at the end', async () => {
    const id = await pinged()
    const intake = { ...healthyIntake, observe: () => Promise.reject(new Error('throttled')) }

    await expect(sweepAt(deadline + hour, { intake })).rejects.toThrow('could not be swept')

    expect((await read(id)).status).toBe('down')
  })

  it('goes on past a heartbeat that it cannot judge, and fails at the end', async () => {
    const bad = randomUUID()
    await heartbeats.define(bad, aHeartbeat({ schedule: { kind: 'cron', expression: 'nonsense' } }))
    await heartbeats.recordPing(bad, aPing())
    const good = await pinged()

    await expect(sweepAt(deadline + hour)).rejects.toThrow('1 of 2 heartbeats could not be swept')

    expect((await read(good)).status).toBe('down')
  })

  it('fails at the end when what it scanned cannot be read whole', async () => {
    const [bad, good] = [await pinged(), await pinged()]
    const readMany: Heartbeats['readMany'] = async (ids, note) => {
      const found = await heartbeats.readMany(ids)
      if (found.has(bad)) note?.(bad)
      return new Map([...found].filter(([id]) => id !== bad))
    }
    const torn = {
      scanStates: heartbeats.scanStates.bind(heartbeats),
      readMany,
      flagMissed: heartbeats.flagMissed.bind(heartbeats),
    }

    await expect(sweepAt(deadline + hour, { heartbeats: torn })).rejects.toThrow(
      '1 of 2 heartbeats could not be swept',
    )

    expect((await read(good)).status).toBe('down')
  })

  it('goes on past a heartbeat whose schedule would take too long, and names it', async () => {
    const [costly, late] = [randomUUID(), await pinged()]
    const logged = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    onTestFinished(() => logged.mockRestore())
    await heartbeats.define(
      costly,
      aHeartbeat({ schedule: { kind: 'oncalendar', expression: '2199-1-1\n'.repeat(300) } }),
    )
    await heartbeats.recordPing(costly, aPing({ at: 0 }))

    await expect(sweepAt(deadline + minute)).rejects.toThrow('1 of 2 heartbeats could not be swept')

    expect((await read(late)).status).toBe('down')
    expect(logged.mock.calls.flat()).toContainEqual({
      event: 'sweep-failed',
      check: costly,
      error: 'ScheduleTooCostly',
    })
  })

  it('goes on past a heartbeat that it cannot flag, and fails at the end', async () => {
    const [bad, good] = [await pinged(), await pinged()]
    const flagMissed: Heartbeats['flagMissed'] = (heartbeat, miss, now) =>
      heartbeat.id === bad
        ? Promise.reject(new Error('throttled'))
        : heartbeats.flagMissed(heartbeat, miss, now)
    const broken = {
      scanStates: heartbeats.scanStates.bind(heartbeats),
      readMany: heartbeats.readMany.bind(heartbeats),
      flagMissed,
    }

    await expect(sweepAt(deadline + hour, { heartbeats: broken })).rejects.toThrow(
      '1 of 2 heartbeats could not be swept',
    )

    expect((await read(good)).status).toBe('down')
  })
})

type Line = Readonly<Record<string, unknown>>

/** The log lines of an event, from here to the end of the test. */
function logged(event: string, level: 'info' | 'warn' = 'warn'): readonly Line[] {
  const lines: Line[] = []
  const { info, warn } = console
  Object.assign(console, { [level]: (line: Line) => line['event'] === event && lines.push(line) })
  onTestFinished(() => void Object.assign(console, { info, warn }))
  return lines
}
