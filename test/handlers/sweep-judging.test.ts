import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { afterMiss } from '../../lambdas/domain/watching/after-miss.ts'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import type { Miss } from '../../lambdas/domain/watching/deadline.ts'
import { unimpaired } from '../../lambdas/domain/watching/impairment.ts'
import { ARRIVAL_MS } from '../../lambdas/domain/watching/inspection.ts'
import type { ProjectWindows } from '../../lambdas/domain/watching/window.ts'
import { makeSweepHandler } from '../../lambdas/sweep.ts'
import { aHeartbeat, aWindow, hour, minute, start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'
import { healthyIntake } from '../support/intake.ts'

const now = start + 10 * hour
/** What lies between the last ping of a check and its deadline. */
const allowed = hour + 10 * minute

function dueAt(deadline: number, id: string = randomUUID()): Heartbeat {
  return aHeartbeat({ id, status: 'up', lastPingAt: deadline - allowed })
}

type Broken = { readonly broken?: readonly string[] }

/**
 * Sweeps one page of heartbeats. So many reads fail as `unreadable` says. `asked` are the
 * deadlines up to which the sweep wants to know whether pings were taken; `meanwhile` happens
 * before it is told.
 */
function aWorld(scanned: readonly Heartbeat[], { broken = [] }: Broken = {}) {
  const stored = new Map(scanned.map((heartbeat) => [heartbeat.id, heartbeat]))
  const seen = { reads: [] as number[], asked: [] as number[], flagged: [] as number[] }
  const world = {
    ...seen,
    /** The projects whose windows were read. */
    readOf: [] as string[],
    windows: (): Promise<ProjectWindows | undefined> => Promise.resolve(undefined),
    stored,
    unreadable: 0,
    changed: new Set<string>(),
    meanwhile: () => {},
  }
  const clock = aClock(now)
  const heartbeats = {
    async *scanStates(segment: number) {
      if (segment === 0) yield await Promise.resolve({ heartbeats: scanned, broken })
    },
    readMany: (ids: readonly string[]) => {
      world.reads.push(clock.now())
      if (world.reads.length <= world.unreadable) return Promise.reject(new Error('throttled'))
      return Promise.resolve(new Map([...stored].filter(([id]) => ids.includes(id))))
    },
    flagMissed: (heartbeat: Heartbeat, miss: Miss, at: number) => {
      const { id } = heartbeat
      if (world.changed.delete(id)) return Promise.resolve('changed' as const)
      world.flagged.push(miss.at)
      const after = afterMiss(heartbeat, miss, at)
      stored.set(id, after)
      return Promise.resolve(after.status === 'down' ? ('flagged' as const) : ('noted' as const))
    },
  }
  const impairmentUpTo = (deadline: number) => {
    world.asked.push(deadline)
    world.meanwhile()
    return Promise.resolve(unimpaired)
  }
  const nothing = () => Promise.resolve()
  const sweep = makeSweepHandler({
    heartbeats,
    operations: {
      markSweep: nothing,
      resentUntil: () => Promise.resolve(-Infinity),
      markResent: nothing,
      windows: (projectId) => {
        world.readOf.push(projectId)
        return world.windows()
      },
    },
    flips: { send: nothing, depth: () => Promise.resolve(0) },
    intake: { ...healthyIntake, impairmentUpTo },
    watchConcurrency: nothing,
    pingWatcher: nothing,
    clock,
  })
  return Object.assign(world, { sweep })
}

describe('what is due', () => {
  it('is read once, a second after its deadline, and nothing is asked about that second', async () => {
    const deadline = now + 40_000
    const world = aWorld([dueAt(deadline)])

    await world.sweep()

    expect(world).toMatchObject({
      reads: [deadline + ARRIVAL_MS],
      asked: [deadline],
      flagged: [deadline],
    })
  })

  it('is flagged in each tenth of a second for two minutes, when all of it changes once, too', async () => {
    const deadlines = Array.from({ length: 1240 }, (_, index) => now + index * 100)
    const world = aWorld(deadlines.map((deadline) => dueAt(deadline)))
    for (const id of world.stored.keys()) world.changed.add(id)

    await world.sweep()

    expect(world.flagged).toEqual(deadlines)
  })

  it('is asked about once a page, up to its newest deadline', async () => {
    const deadlines = Array.from({ length: 250 }, (_, index) => now - hour - index * minute)
    // This run begins with the lowest id.
    const world = aWorld(
      deadlines.map((deadline, index) => dueAt(deadline, `check-${999 - index}`)),
    )

    await world.sweep()

    expect(world.asked).toEqual([now - hour])
    expect(world.flagged).toHaveLength(250)
  })

  it('is asked about anew when a ping has brought a newer deadline meanwhile', async () => {
    const world = aWorld(Array.from({ length: 150 }, () => dueAt(now - hour)))
    world.meanwhile = () => {
      for (const id of world.stored.keys()) world.stored.set(id, dueAt(now - minute, id))
    }

    await world.sweep()

    expect(world.asked).toEqual([now - hour, now - minute])
  })

  it('fails the run when it cannot be read by the scan, and is named', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const world = aWorld([dueAt(now - hour)], { broken: ['odd'] })

    await expect(world.sweep()).rejects.toThrow('1 of 2 heartbeats could not be swept')

    expect(warn.mock.calls.flat()).toEqual([
      { event: 'sweep-failed', check: 'odd', error: 'unreadable' },
    ])
    expect(world.flagged).toEqual([now - hour])
  })

  it('fails the run when it cannot be read, and keeps no other from being flagged', async () => {
    const world = aWorld(Array.from({ length: 150 }, () => dueAt(now - hour)))
    world.unreadable = 1

    await expect(world.sweep()).rejects.toThrow('100 of 150 heartbeats could not be swept')

    expect(world.flagged).toHaveLength(50)
  })

  it('is flagged when nobody knows whether pings were taken, and fails the run', async () => {
    const world = aWorld([dueAt(now - hour)])
    world.meanwhile = () => {
      throw new Error('throttled')
    }

    await expect(world.sweep()).rejects.toThrow('could not be swept')

    expect(world.flagged).toEqual([now - hour])
  })
})

describe('a miss that is tolerated', () => {
  const tolerant = (deadline: number, count: number) => ({
    ...dueAt(deadline),
    rules: { failures: { count, of: 20 } },
  })

  it('is noted, and all that were missed since, until there are too many', async () => {
    const world = aWorld([tolerant(now - 5 * hour, 3)])

    await world.sweep()

    expect(world.flagged).toEqual([now - 5 * hour, now - 4 * hour, now - 3 * hour])
    expect([...world.stored.values()]).toMatchObject([
      { status: 'down', since: { at: now - 3 * hour } },
    ])
  })

  it('is noted, and the next one once it is due', async () => {
    const minutely = {
      ...tolerant(now + 10_000, 20),
      schedule: { kind: 'simple', periodSeconds: 60 } as const,
      graceSeconds: 60,
      lastPingAt: now - 110_000,
    }
    const world = aWorld([minutely])

    await world.sweep()

    expect(world.flagged).toEqual([now + 10_000, now + 70_000])
    expect(world.reads).toEqual([11_000, 11_000, 71_000, 71_000].map((ms) => now + ms))
  })

  it('says so in the log, apart from what went down', async () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => undefined)

    await aWorld([tolerant(now - hour, 2), dueAt(now - minute)]).sweep()

    expect(info.mock.calls.flat()).toContainEqual(
      expect.objectContaining({ event: 'swept', noted: 1, flagged: 2 }),
    )
  })
})

describe('what windows excuse', () => {
  const windows = { projectId: 'project', revision: 1, numbers: [0] }
  const inWindow = (startAt: number, lengthSeconds = 3600): ProjectWindows => ({
    revision: 1,
    windows: [aWindow({ lengthSeconds, times: { kind: 'once', startAt } })],
  })
  const excusable = (deadline: number, fields: Partial<Heartbeat> = {}) => ({
    ...dueAt(deadline),
    windows,
    ...fields,
  })

  it('is neither read again nor flagged while its next deadline is far', async () => {
    const world = aWorld([excusable(now - minute), excusable(now - minute)])
    world.windows = () => Promise.resolve(inWindow(now - 2 * minute))

    await world.sweep()

    expect(world).toMatchObject({ readOf: ['project'], reads: [], flagged: [] })
  })

  it('is flagged at the deadline that follows the window', async () => {
    const world = aWorld([excusable(now - 2 * hour)])
    world.windows = () => Promise.resolve(inWindow(now + minute - allowed - hour))

    await world.sweep()

    expect(world.flagged).toEqual([now + minute])
  })

  it('is what lies in a window, and nothing else of the project', async () => {
    const before = now - 3 * minute
    const world = aWorld([excusable(before), excusable(now - minute)])
    world.windows = () => Promise.resolve(inWindow(now - 2 * minute))

    await world.sweep()

    expect(world.flagged).toEqual([before])
  })

  it('is known of a window that a heartbeat got after the scan', async () => {
    const deadline = now + minute
    const world = aWorld([excusable(deadline)])
    let revision = 0
    world.windows = () => {
      revision += 1
      const newer = aWindow({ since: 2, times: { kind: 'once', startAt: deadline } })
      return Promise.resolve({ revision, windows: revision === 1 ? [] : [newer] })
    }
    for (const [id, heartbeat] of world.stored)
      world.stored.set(id, { ...heartbeat, windows: { ...windows, revision: 2 } })

    await world.sweep()

    expect(world).toMatchObject({ readOf: ['project', 'project'], flagged: [] })
  })

  it('is flagged when its windows cannot be read, and fails the run by naming the project', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const world = aWorld([excusable(now - minute), excusable(now - minute)])
    world.windows = () => Promise.reject(new Error('throttled'))

    await expect(world.sweep()).rejects.toThrow('1 of 2 heartbeats could not be swept')

    expect(warn.mock.calls.flat()).toEqual([
      { event: 'sweep-failed', project: 'project', error: 'Error' },
    ])
    expect(world.flagged).toEqual([now - minute, now - minute])
  })

  it('is a run under way for as long as a window lay inside it', async () => {
    const running = { startedAt: now - 15 * minute }
    const heartbeat = excusable(now + hour, { running })
    const world = aWorld([heartbeat])
    world.windows = () => Promise.resolve(inWindow(now - 14 * minute, 360))

    await world.sweep()

    expect(world.flagged).toEqual([now + minute])
  })
})
