import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FlipMessage } from '../../lambdas/domain/telling/alert.ts'
import { outageFlipOf, unacknowledgedFlip } from '../../lambdas/domain/watching/flip.ts'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import { afterMiss } from '../../lambdas/domain/watching/after-miss.ts'
import { makeSweepHandler } from '../../lambdas/sweep.ts'
import type { SweepDeps } from '../../lambdas/sweep/run.ts'
import { aHeartbeat, aMiss, hour, minute, start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'
import { healthyIntake } from '../support/intake.ts'

const deadline = start + hour
const noted = deadline + 5 * minute

/** A check that was flagged at `noted`, whose flip nobody has taken. */
function unacknowledged(notedAt = noted): Heartbeat {
  return afterMiss(
    aHeartbeat({ id: randomUUID(), status: 'up', lastPingAt: start }),
    aMiss(deadline),
    notedAt,
  )
}

/**
 * Sweeps over some heartbeats, and what they send and remember. After the scan the flip of one may
 * be taken, and one be odd; a send may last.
 */
function aWorld(
  heartbeats: readonly Heartbeat[],
  own: { readonly pageSize?: number; readonly flips?: Partial<SweepDeps['flips']> } = {},
) {
  const world = {
    sent: [] as FlipMessage[],
    resentUntil: -Infinity,
    depth: 0,
    pages: 0,
    isPartial: false,
    told: [] as string[],
    taken: '',
    flagged: '',
    looked: '',
    odd: '',
    sendMs: 0,
  }
  const { pageSize = 1000 } = own
  const asTaken = (heartbeat: Heartbeat): Heartbeat => {
    if (heartbeat.id === world.looked) return { ...heartbeat, lookAt: noted + hour }
    if (heartbeat.id === world.flagged) return { ...heartbeat, notedAt: clock.now() }
    const flip = unacknowledgedFlip(heartbeat)
    return heartbeat.id === world.taken && flip !== undefined
      ? { ...heartbeat, acknowledged: flip }
      : heartbeat
  }
  let clock = aClock(start)
  const deps = {
    heartbeats: {
      async *scanStates(segment: number) {
        await Promise.resolve()
        if (world.isPartial && segment === 1) throw new Error('throttled')
        for (let at = 0; segment === 0 && at < heartbeats.length; at += pageSize) {
          world.told.push('page')
          yield { heartbeats: heartbeats.slice(at, at + pageSize), broken: [] }
        }
      },
      readMany: (ids: readonly string[], note?: (id: string) => void) => {
        if (ids.includes(world.odd)) note?.(world.odd)
        const found = heartbeats.filter(({ id }) => ids.includes(id) && id !== world.odd)
        return Promise.resolve(new Map(found.map((each) => [each.id, asTaken(each)])))
      },
      flagMissed: () => Promise.reject(new Error('nothing is overdue')),
    },
    operations: {
      markSweep: () => Promise.resolve(),
      resentUntil: () => Promise.resolve(world.resentUntil),
      windows: () => Promise.resolve(undefined),
      markResent: (until: number) => Promise.resolve(void (world.resentUntil = until)),
    },
    flips: {
      send: (messages: readonly object[]) => {
        world.told.push('sent')
        clock.set(clock.now() + world.sendMs)
        return Promise.resolve(void world.sent.push(...(messages as FlipMessage[])))
      },
      depth: () => Promise.resolve(world.depth),
      ...own.flips,
    },
    intake: healthyIntake,
    watchConcurrency: () => Promise.resolve(),
    pingWatcher: () => Promise.resolve(),
  }
  const sweepAt = (at: number) => {
    clock = aClock(at)
    return makeSweepHandler({ ...deps, clock })()
  }
  const sweepAll = async (from: number, until: number) => {
    for (let at = from; at <= until; at += minute) await sweepAt(at)
  }
  return Object.assign(world, { sweepAt, sweepAll })
}

describe('what nobody takes', () => {
  it('is sent again as often as its age since it was noted has doubled, not each minute', async () => {
    const heartbeat = unacknowledged()
    const world = aWorld([heartbeat])

    await world.sweepAll(noted + 10_000, noted + 2 * hour)

    const flip = unacknowledgedFlip(heartbeat)
    expect(world.sent.map((message) => message.flip)).toEqual(Array.from({ length: 6 }, () => flip))
  })

  it('is not sent again before two minutes, however long ago its deadline was', async () => {
    const world = aWorld([unacknowledged()])

    await world.sweepAt(noted + 2 * minute - 1)
    expect(world.sent).toEqual([])
    await world.sweepAt(noted + 2 * minute)

    expect(world.sent).toHaveLength(1)
  })

  it('is sent again once by the first run after hours without any', async () => {
    const world = aWorld([unacknowledged()])

    await world.sweepAll(noted, noted + 3 * minute)
    await world.sweepAt(noted + 5 * hour)
    await world.sweepAt(noted + 5 * hour + minute)

    expect(world.sent).toHaveLength(2)
  })

  it('is sent again when all pages are read, not between two of them', async () => {
    const world = aWorld([unacknowledged(), unacknowledged(), unacknowledged()], { pageSize: 1 })

    await world.sweepAt(noted + 2 * minute)

    expect(world.told).toEqual(['page', 'page', 'page', 'sent'])
  })

  it('is not sent again when somebody has taken it since its page was read', async () => {
    const [taken, left] = [unacknowledged(), unacknowledged()]
    const world = aWorld([taken, left])
    world.taken = taken.id

    await world.sweepAt(noted + 2 * minute)

    expect(world.sent.map(({ flip }) => flip.checkId)).toEqual([left.id])
  })

  it('is not sent again when it came since its page was read', async () => {
    const [flagged, left] = [unacknowledged(), unacknowledged()]
    const world = aWorld([flagged, left])
    world.flagged = flagged.id

    await world.sweepAt(noted + 2 * minute)

    expect(world.sent.map(({ flip }) => flip.checkId)).toEqual([left.id])
  })

  it('and cannot be read whole keeps no other from being sent again, and fails the run', async () => {
    const [odd, good] = [unacknowledged(), unacknowledged()]
    const world = aWorld([odd, good])
    world.odd = odd.id

    await expect(world.sweepAt(noted + 2 * minute)).rejects.toThrow(
      '1 of 2 heartbeats could not be swept',
    )

    expect(world.sent.map(({ flip }) => flip.checkId)).toEqual([good.id])
  })

  it('waits while the queue is deep, and is then sent again once', async () => {
    const world = aWorld([unacknowledged()])
    world.depth = 1001
    await world.sweepAll(noted, noted + hour)
    expect(world.sent).toEqual([])

    world.depth = 1000
    await world.sweepAll(noted + hour, noted + hour + 3 * minute)

    expect(world.sent).toHaveLength(1)
  })

  it('is sent again as far as the queue takes it, longest due first, and the next run goes on behind that', async () => {
    const heartbeats = Array.from({ length: 250 }, (_, index) => unacknowledged(noted - index))
    let depth = 0
    const world = aWorld(heartbeats, { flips: { depth: () => Promise.resolve((depth += 501)) } })
    const runs: string[][] = []

    for (const laterMs of [0, 10_000, 20_000]) {
      depth = 0
      await world.sweepAt(noted + 2 * minute + laterMs)
      runs.push(world.sent.splice(0).map(({ flip }) => flip.checkId))
    }

    const ids = heartbeats.map(({ id }) => id).reverse()
    expect(runs).toEqual([ids.slice(0, 100), ids.slice(100, 200), ids.slice(200)])
  })

  it.each([
    [minute, [200, 50]],
    [minute + 1, [100, 100, 50]],
  ])(
    'is sent again for a minute a run, and the rest by the next ones, when a hundred take %i ms',
    async (sendMs, expected) => {
      const world = aWorld(Array.from({ length: 250 }, (_, index) => unacknowledged(noted - index)))
      world.sendMs = sendMs
      const sent: number[] = []

      for (const [run] of expected.entries()) {
        await world.sweepAt(noted + 2 * minute + run * 10_000)
        sent.push(world.sent.splice(0).length)
      }

      expect(sent).toEqual(expected)
    },
  )

  it('is sent again by the next run, too, when a part of the table could not be read', async () => {
    const world = aWorld([unacknowledged()])
    world.isPartial = true
    await expect(world.sweepAt(noted + 2 * minute)).rejects.toThrow('could not be swept')
    world.isPartial = false

    await world.sweepAll(noted + 3 * minute, noted + hour / 20)

    expect(world.sent).toHaveLength(2)
  })

  it('and cannot be sent keeps no other from it, is sent by the next run, and fails this one', async () => {
    const heartbeats = Array.from({ length: 150 }, () => unacknowledged())
    let sends = 0
    const world = aWorld(heartbeats, {
      flips: {
        send: (messages) => {
          sends += 1
          return sends === 1
            ? Promise.reject(new Error('refused'))
            : Promise.resolve(void world.sent.push(...(messages as FlipMessage[])))
        },
      },
    })

    await expect(world.sweepAt(noted + 2 * minute)).rejects.toThrow(
      '100 of 150 heartbeats could not be swept',
    )
    expect(world.sent).toHaveLength(50)
    await world.sweepAt(noted + 3 * minute)

    expect(new Set(world.sent.map(({ flip }) => flip.checkId)).size).toBe(150)
  })

  it('costs nothing to ask while everything was taken', async () => {
    const refuse = () => Promise.reject(new Error('asked'))
    const world = aWorld([aHeartbeat({ status: 'up', lastPingAt: noted })], {
      flips: { depth: refuse, send: refuse },
    })

    await world.sweepAt(noted + 2 * minute)

    expect(world.resentUntil).toBe(-Infinity)
  })

  it('is an alarm once it is a day old, and is sent no more', async () => {
    const lines: object[] = []
    const { warn } = console
    Object.assign(console, { warn: (line: object) => lines.push(line) })
    onTestFinished(() => void Object.assign(console, { warn }))
    const world = aWorld([unacknowledged(), unacknowledged(noted - 1)])
    world.resentUntil = noted + 20 * hour

    await world.sweepAt(noted + 24 * hour)

    expect(world.sent).toEqual([])
    expect(lines).toEqual([{ event: 'flips-given-up', checks: 1 }])
  })
})

describe('an outage that is to be looked at', () => {
  /** A check that is down, of which `alert` has told, and wants to tell more. */
  function waiting(lookAt = noted, fields: Partial<Heartbeat> = {}): Heartbeat {
    const heartbeat = unacknowledged(noted - hour)
    const acknowledged = unacknowledgedFlip(heartbeat)
    return { ...heartbeat, ...(acknowledged && { acknowledged }), lookAt, ...fields }
  }

  it('is handed over at its instant, with its flip and as it is now', async () => {
    const heartbeat = waiting()
    const world = aWorld([heartbeat])

    await world.sweepAt(noted - 1)
    expect(world.sent).toEqual([])
    await world.sweepAt(noted)

    expect(world.sent).toEqual([{ flip: outageFlipOf(heartbeat), heartbeat }])
    expect(world.sent[0]?.flip.at).toBe(deadline)
  })

  it('is handed over more and more seldom while nobody looks', async () => {
    const world = aWorld([waiting()])

    await world.sweepAll(noted, noted + hour)

    expect(world.sent).toHaveLength(7)
  })

  it('is handed over once by the first run after hours without any', async () => {
    const world = aWorld([waiting()])
    world.resentUntil = noted - minute

    await world.sweepAt(noted + 5 * hour)
    await world.sweepAt(noted + 5 * hour + minute)

    expect(world.sent).toHaveLength(1)
  })

  it('is handed over by the next run, where another was at the instant that asked for it', async () => {
    const world = aWorld([waiting()])
    world.resentUntil = noted

    await world.sweepAt(noted + minute)

    expect(world.sent).toHaveLength(1)
  })

  it.each(['up', 'paused', 'new'] as const)('is none while the check is %s', async (status) => {
    const world = aWorld([
      waiting(noted, { status, since: { at: noted, count: 9 }, lastPingAt: noted }),
    ])

    await world.sweepAt(noted + minute)

    expect(world.sent).toEqual([])
  })

  it('is not handed over when somebody has looked since its page was read', async () => {
    const heartbeats = [waiting(), waiting()]
    const world = aWorld(heartbeats)
    world.looked = heartbeats[0]?.id ?? ''

    await world.sweepAt(noted)

    expect(world.sent.map(({ flip }) => flip.checkId)).toEqual([heartbeats[1]?.id])
  })
})
