import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterMiss } from '../../../lambdas/domain/watching/after-miss.ts'
import { afterPing, afterReplayedPing } from '../../../lambdas/domain/watching/after-ping.ts'
import { missOf } from '../../../lambdas/domain/watching/deadline.ts'
import { flipBetween, unacknowledgedFlip } from '../../../lambdas/domain/watching/flip.ts'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import { pause, resume } from '../../../lambdas/domain/watching/pause.ts'
import type { Ping } from '../../../lambdas/domain/watching/ping.ts'
import { aHeartbeat, anUpHeartbeat, aPing, hour, minute, start } from '../../support/builders.ts'

const after = (heartbeat: Heartbeat, ...pings: readonly Partial<Ping>[]): Heartbeat =>
  pings.reduce(
    (state, ping, index) => afterPing(state, aPing({ requestId: `request-${index}`, ...ping })),
    heartbeat,
  )

describe('a ping', () => {
  it.each([
    ['success', 'new', 'up'],
    ['success', 'up', 'up'],
    ['success', 'down', 'up'],
    ['success', 'paused', 'up'],
    ['fail', 'new', 'down'],
    ['fail', 'up', 'down'],
    ['fail', 'down', 'down'],
    ['fail', 'paused', 'down'],
    ['start', 'new', 'new'],
    ['start', 'down', 'down'],
    ['start', 'paused', 'paused'],
    ['log', 'up', 'up'],
    ['log', 'paused', 'paused'],
  ] as const)('of %s takes a check from %s to %s', (signal, from, to) => {
    expect(after(aHeartbeat({ status: from }), { signal }).status).toBe(to)
  })

  it('is counted and kept with its details, whatever it says', () => {
    for (const signal of ['success', 'start', 'fail', 'log'] as const) {
      const heartbeat = after(aHeartbeat({ pingCount: 4 }), { signal, exitStatus: 3 })

      expect(heartbeat).toMatchObject({
        pingCount: 5,
        lastPing: { type: signal, at: start, exitStatus: 3 },
      })
    }
  })

  it('dates a status with the ping that brought it, not with later ones', () => {
    const heartbeat = after(
      aHeartbeat(),
      { signal: 'fail', at: start },
      { signal: 'log', at: start + 1 },
      { signal: 'fail', at: start + 2 },
    )

    expect(heartbeat.since).toEqual({ at: start, count: 0, cause: { kind: 'failed' } })
  })

  it('that fails leaves its exit status as the cause, whatever fails after it', () => {
    const heartbeat = after(
      aHeartbeat(),
      { signal: 'fail', exitStatus: 3 },
      { signal: 'fail', exitStatus: 7 },
    )

    expect(heartbeat.since?.cause).toEqual({ kind: 'failed', exitStatus: 3 })
  })

  it('that brings the check up leaves no cause', () => {
    const heartbeat = after(aHeartbeat(), { signal: 'fail' }, { signal: 'success', at: start + 1 })

    expect(heartbeat.since).toEqual({ at: start + 1, count: 1 })
  })

  it('that is in the heartbeat already changes nothing', () => {
    const heartbeat = after(aHeartbeat(), { signal: 'success' })

    expect(after(heartbeat, { signal: 'fail', requestId: 'request-0' })).toBe(heartbeat)
  })

  it('older than the last one is only counted', () => {
    const heartbeat = after(anUpHeartbeat(), { signal: 'fail', at: start - 1 })

    expect(heartbeat).toMatchObject({
      status: 'up',
      lastPingAt: start,
      pingCount: 2,
      lastPing: { type: 'fail' },
    })
  })

  it('of the same instant as the last one counts in full', () => {
    expect(after(anUpHeartbeat(), { signal: 'fail', at: start }).status).toBe('down')
  })

  it.each([
    ['success', 'its own', 'a', undefined],
    ['fail', 'its own', 'a', undefined],
    ['success', 'another', 'b', { startedAt: start, runId: 'a' }],
    ['fail', 'another', 'b', undefined],
    ['success', 'no', undefined, undefined],
  ] as const)(
    'overtaken by that of another run still ends what it ends: %s with %s run ID',
    (signal, _, runId, running) => {
      const overtaken = anUpHeartbeat({
        lastPingAt: start + 3,
        running: { startedAt: start, runId: 'a' },
      })

      const heartbeat = afterPing(
        overtaken,
        aPing({
          signal,
          at: start + 2,
          requestId: 'slow',
          ...(runId === undefined ? {} : { runId }),
        }),
      )

      expect(heartbeat).toMatchObject({ status: 'up', lastPingAt: start + 3, pingCount: 2 })
      expect(heartbeat.running).toEqual(running)
    },
  )

  it('older than a start is only counted, but a log is never too old', () => {
    const running = anUpHeartbeat({ running: { startedAt: start + minute } })

    expect(after(running, { signal: 'success', at: start + minute - 1 }).running).toBeDefined()
    expect(after(running, { signal: 'log', at: start - 1 }).lastPing?.type).toBe('log')
  })

  it('with a method that the check does not take is ignored', () => {
    const heartbeat = after(aHeartbeat({ methods: 'POST' }), { method: 'GET' })

    expect(heartbeat).toMatchObject({ status: 'new', pingCount: 1, lastPing: { type: 'ign' } })
    expect(after(heartbeat, { method: 'POST', requestId: 'other' }).status).toBe('up')
  })

  it('to a paused check that is resumed by hand is ignored, a start and a log too', () => {
    for (const signal of ['success', 'start', 'fail', 'log'] as const) {
      const heartbeat = after(aHeartbeat({ status: 'paused', manualResume: true }), { signal })

      expect(heartbeat).toMatchObject({ status: 'paused', lastPing: { type: 'ign' } })
      expect(heartbeat.running).toBeUndefined()
    }
  })
})

describe('a ping to a check with rules on bodies', () => {
  const ruled = aHeartbeat({ hasBodyRules: true })

  it.each([
    ['success', 'fail', { status: 'down' }],
    ['fail', 'success', { status: 'up' }],
    ['log', 'start', { status: 'new', running: { startedAt: start } }],
    ['fail', 'ign', { status: 'new' }],
  ] as const)('to the URL of %s is a %s when its body says so', (signal, bodyType, expected) => {
    const heartbeat = afterPing(ruled, aPing({ signal, exitStatus: 3 }), bodyType)

    expect(heartbeat).toMatchObject({
      ...expected,
      pingCount: 1,
      lastPing: { type: bodyType, exitStatus: 3 },
    })
  })

  it('means what its URL says while the rules are not to be found', () => {
    expect(afterPing(ruled, aPing({ signal: 'fail' })).status).toBe('down')
  })

  it('is ignored by its method or a pause before its body counts', () => {
    for (const rule of [
      { methods: 'POST' as const },
      { status: 'paused' as const, manualResume: true },
    ]) {
      expect(afterPing({ ...ruled, ...rule }, aPing(), 'fail').lastPing?.type).toBe('ign')
    }
  })

  it('is none: without rules a body says nothing', () => {
    expect(afterPing(aHeartbeat(), aPing(), 'fail').status).toBe('up')
  })
})

describe('a mail', () => {
  const mail = (signal: Ping['signal']): Ping =>
    aPing({ signal, scheme: 'email', method: '', address: '' })

  it('is a ping whatever the check says of methods and of HTTP bodies', () => {
    const ruled = aHeartbeat({ methods: 'POST', hasBodyRules: true })

    expect(afterPing(ruled, mail('success'), 'fail')).toMatchObject({
      status: 'up',
      lastPing: { type: 'success', scheme: 'email' },
    })
  })

  it('that its words ignore is counted, and changes nothing else', () => {
    const heartbeat = afterPing(anUpHeartbeat(), { ...mail('ign'), at: start + 1 })

    expect(heartbeat).toMatchObject({
      status: 'up',
      pingCount: 2,
      lastPingAt: start,
      lastPing: { type: 'ign' },
    })
  })

  it('to a paused check that is resumed by hand is ignored', () => {
    const heartbeat = afterPing(
      aHeartbeat({ status: 'paused', manualResume: true }),
      mail('success'),
    )

    expect(heartbeat).toMatchObject({ status: 'paused', lastPing: { type: 'ign' } })
  })
})

describe('the end of a run', () => {
  const [own, other] = ['run-a', 'run-b']
  const run = (runId?: string): Partial<Ping> => ({
    signal: 'start',
    at: start,
    ...(runId === undefined ? {} : { runId }),
  })
  const end = (signal: 'success' | 'fail', runId?: string): Partial<Ping> => ({
    signal,
    at: start + 5000,
    ...(runId === undefined ? {} : { runId }),
  })

  it.each([
    [
      'success without run ID ends one without',
      run(),
      end('success'),
      { durationMs: 5000, running: false },
    ],
    [
      'success ends its own run',
      run(own),
      end('success', own),
      { durationMs: 5000, running: false },
    ],
    [
      'success without run ID ends a run with one, untimed',
      run(own),
      end('success'),
      { running: false },
    ],
    [
      'success with a run ID leaves another run going',
      run(own),
      end('success', other),
      { running: true },
    ],
    [
      'success with a run ID leaves a run without one going',
      run(),
      end('success', other),
      { running: true },
    ],
    ['fail ends its own run', run(own), end('fail', own), { durationMs: 5000, running: false }],
    ['fail ends another run, untimed', run(own), end('fail', other), { running: false }],
    ['fail without run ID ends a run with one, untimed', run(own), end('fail'), { running: false }],
  ])('%s', (_, started, ended, expected) => {
    const heartbeat = after(aHeartbeat(), started, ended)

    expect({ durationMs: heartbeat.durationMs, running: heartbeat.running !== undefined }).toEqual({
      durationMs: undefined,
      ...expected,
    })
  })

  it('without a start has no duration, and drops the one before', () => {
    expect(after(anUpHeartbeat({ durationMs: 7 }), { at: start + 1 }).durationMs).toBeUndefined()
  })

  it('counts for the last start only', () => {
    const heartbeat = after(
      aHeartbeat(),
      { signal: 'start', at: start },
      { signal: 'start', at: start + 3000 },
      { at: start + 5000 },
    )

    expect(heartbeat.durationMs).toBe(2000)
  })
})

describe('a ping that waited outside', () => {
  const spilledAt = start + 20 * minute
  const wentDownAt = start + 25 * minute
  const now = start + hour
  const down = anUpHeartbeat({
    status: 'down',
    since: { at: wentDownAt, count: 1 },
    acknowledged: { at: wentDownAt, count: 1, status: 'down' },
  })

  it('brings a check up as of its own time that went down because of it, without an outage of negative length', () => {
    const heartbeat = afterReplayedPing(down, aPing({ at: spilledAt, requestId: 'waited' }), {
      now,
    })

    expect(heartbeat).toMatchObject({
      status: 'up',
      since: { at: spilledAt },
      lastPingAt: spilledAt,
      notedAt: now,
    })
    expect(flipBetween(down, heartbeat)).toMatchObject({
      status: 'up',
      at: wentDownAt,
      downSinceAt: wentDownAt,
    })
    expect(unacknowledgedFlip(heartbeat)).toEqual(flipBetween(down, heartbeat))
  })

  it.each(['success', 'fail', 'start'] as const)(
    'from before a pause does not end it: %s',
    (signal) => {
      const paused = pause(anUpHeartbeat(), start + 30 * minute)

      const heartbeat = afterReplayedPing(
        paused,
        aPing({ at: spilledAt, signal, requestId: 'waited' }),
        { now },
      )

      expect(heartbeat).toEqual({
        ...paused,
        pingCount: 2,
        lastPing: heartbeat.lastPing,
        lastRequestId: 'waited',
      })
      expect(heartbeat.lastPing).toMatchObject({ type: signal, at: spilledAt })
    },
  )

  it('from before a resume does not count for what came after it', () => {
    const resumed =
      resume(pause(anUpHeartbeat(), start + 21 * minute), start + 22 * minute) ?? anUpHeartbeat()

    expect(
      afterReplayedPing(resumed, aPing({ at: spilledAt, requestId: 'waited' }), { now }).status,
    ).toBe('new')
    expect(
      afterReplayedPing(resumed, aPing({ at: start + 22 * minute, requestId: 'waited' }), { now })
        .status,
    ).toBe('up')
  })

  it('counts for a check that was never pinged', () => {
    expect(afterReplayedPing(aHeartbeat(), aPing({ requestId: 'waited' }), { now }).status).toBe(
      'up',
    )
  })

  it('from before a pause is repeated as any other', () => {
    const once = afterReplayedPing(
      pause(anUpHeartbeat(), start + minute),
      aPing({ requestId: 'waited' }),
      {
        now,
      },
    )

    expect(afterReplayedPing(once, aPing({ requestId: 'waited' }), { now })).toBe(once)
  })

  // A run may be told of twice by a start that overtook the end of the one before: these laws are
  // for pings without one.
  const signal = fc.constantFrom('success' as const, 'fail' as const, 'log' as const)
  const steps = fc.array(
    fc.record({ signal, gapMs: fc.integer({ min: 0, max: 2 * hour }), waits: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  const pingsOf = (
    some: readonly {
      readonly signal: 'success' | 'fail' | 'log'
      readonly gapMs: number
      readonly waits: boolean
    }[],
  ) => {
    let at = start
    return some.map((each, index) => ({
      waits: each.waits,
      ping: aPing({ signal: each.signal, at: (at += each.gapMs), requestId: `request-${index}` }),
    }))
  }
  const swept = (heartbeat: Heartbeat, now: number): Heartbeat => {
    const miss = missOf(heartbeat)
    return miss !== undefined && miss.at <= now ? afterMiss(heartbeat, miss, now) : heartbeat
  }

  it('leaves the check as it would be had all come in time, in whatever order they are replayed', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (some, chance) => {
        const pings = pingsOf(some)
        const end = (pings.at(-1)?.ping.at ?? start) + 3 * hour
        const live = pings.filter(({ waits }) => !waits)
        const waited = pings
          .filter(({ waits }) => waits)
          .map((each, index) => ({ each, order: chance[index] ?? 0 }))
        const replayed = waited.sort((a, b) => a.order - b.order).map(({ each }) => each)
        const inTime = pings.reduce(
          (state, { ping }) => afterPing(swept(state, ping.at), ping),
          aHeartbeat(),
        )

        const meanwhile = live.reduce(
          (state, { ping }) => afterPing(swept(state, ping.at), ping),
          aHeartbeat(),
        )
        const late = replayed.reduce(
          (state, { ping }) => swept(afterReplayedPing(swept(state, end), ping, { now: end }), end),
          meanwhile,
        )

        const visible = (heartbeat: Heartbeat) => {
          const { status, lastPingAt, pingCount } = swept(heartbeat, end)
          return { status, lastPingAt, pingCount }
        }
        expect(visible(late)).toEqual(visible(inTime))
      }),
    )
  })

  it('makes flips that follow on each other, none before the one that it ends', () => {
    fc.assert(
      fc.property(steps, (some) => {
        const pings = pingsOf(some)
        const end = (pings.at(-1)?.ping.at ?? start) + 3 * hour
        const states = [aHeartbeat()]
        const add = (next: Heartbeat) => void states.push(next)
        const last = () => states.at(-1) ?? aHeartbeat()
        for (const { ping } of pings.filter(({ waits }) => !waits)) {
          add(swept(last(), ping.at))
          add(afterPing(last(), ping))
        }
        for (const { ping } of pings.filter(({ waits }) => waits)) {
          add(swept(last(), end))
          add(afterReplayedPing(last(), ping, { now: end }))
        }

        const flips = states
          .slice(1)
          .flatMap((state, index) => flipBetween(states[index] ?? state, state) ?? [])

        for (const [index, flip] of flips.entries()) {
          expect(flip.from).toBe(flips[index - 1]?.status ?? 'new')
          expect(flip.at).toBeGreaterThanOrEqual(flip.downSinceAt ?? 0)
        }
      }),
    )
  })
})
