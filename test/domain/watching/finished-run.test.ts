import { describe, expect, it } from 'vitest'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import type { Ping } from '../../../lambdas/domain/watching/ping.ts'
import { aHeartbeat, anUpHeartbeat, aPing, minute, start } from '../../support/builders.ts'

const after = (heartbeat: Heartbeat, ...pings: readonly Partial<Ping>[]): Heartbeat =>
  pings.reduce(
    (state, ping, index) => afterPing(state, aPing({ requestId: `request-${index}`, ...ping })),
    heartbeat,
  )

describe('a run that may be too short', () => {
  const rules = { minRuntimeSeconds: 60 }
  const began: Partial<Ping> = { signal: 'start', runId: 'run-a' }

  it('is a failure when its own success comes sooner', () => {
    const heartbeat = after(anUpHeartbeat({ rules }), began, { runId: 'run-a', at: start + 59_999 })

    expect(heartbeat).toMatchObject({
      status: 'down',
      since: {
        at: start + 59_999,
        count: 2,
        cause: { kind: 'too-short', tookMs: 59_999, leastSeconds: 60 },
      },
      durationMs: 59_999,
    })
    expect(heartbeat.running).toBeUndefined()
  })

  it('is a success from then on', () => {
    const ended = after(anUpHeartbeat({ rules }), began, { runId: 'run-a', at: start + minute })

    expect(ended.status).toBe('up')
  })

  it.each([
    ['without a start', [{}]],
    ['by another run', [began, { runId: 'run-b' }]],
    ['without its run ID', [began, {}]],
  ])('is not measured when it ends %s', (_, pings) => {
    expect(after(aHeartbeat({ rules }), ...pings).status).toBe('up')
  })

  it('is measured by what its end says, where it reported no start', () => {
    const heartbeat = after(aHeartbeat({ rules }), { tookMs: 59_000 })

    expect(heartbeat.since?.cause).toEqual({ kind: 'too-short', tookMs: 59_000, leastSeconds: 60 })
  })

  it('is measured by its start, whatever its end says', () => {
    const heartbeat = after(
      aHeartbeat({ rules }),
      { signal: 'start' },
      { at: start + minute, tookMs: 1000 },
    )

    expect(heartbeat).toMatchObject({ status: 'up', durationMs: minute })
  })

  it('that reports a failure has failed by that', () => {
    const heartbeat = after(aHeartbeat({ rules }), { signal: 'start' }, { signal: 'fail' })

    expect(heartbeat.since?.cause).toEqual({ kind: 'failed' })
  })
})

describe('a job that may run too often', () => {
  const rules = { mostPings: { count: 2, seconds: 600 } }
  const ends = (...seconds: readonly number[]): readonly Partial<Ping>[] =>
    seconds.map((each) => ({ at: start + each * 1000 }))

  it('fails with the first end above the count', () => {
    const heartbeat = after(aHeartbeat({ rules }), ...ends(0, 1, 599, 599.999))

    expect(after(aHeartbeat({ rules }), ...ends(0, 1)).status).toBe('up')
    expect(heartbeat.since).toEqual({
      at: start + 599_000,
      count: 2,
      cause: { kind: 'too-often', count: 3, seconds: 600 },
    })
    expect(heartbeat.ends).toEqual({ from: start, count: 4 })
  })

  it('has a new window with the first end after one', () => {
    const heartbeat = after(aHeartbeat({ rules }), ...ends(0, 1, 600, 601))

    expect(heartbeat).toMatchObject({ status: 'up', ends: { from: start + 600_000, count: 2 } })
  })

  it('is not counted by starts and logs', () => {
    const others = (['start', 'log', 'start', 'log'] as const).map((signal) => ({ signal }))

    expect(after(aHeartbeat({ rules }), ...others).ends).toBeUndefined()
  })

  it('stays down while it ends too often, and comes up with the first end of a new window', () => {
    const heartbeat = after(aHeartbeat({ rules }), ...ends(0, 1, 2, 3))

    expect(heartbeat.status).toBe('down')
    expect(after(heartbeat, ...ends(600))).toMatchObject({
      status: 'up',
      ends: { from: start + 600_000, count: 1 },
    })
  })

  it('counts on when it comes up after another failure', () => {
    const heartbeat = after(aHeartbeat({ rules }), { signal: 'fail' }, ...ends(1))

    expect(heartbeat).toMatchObject({ status: 'up', ends: { from: start, count: 2 } })
    expect(after(heartbeat, ...ends(2)).status).toBe('down')
  })

  it('counts fails too, and names the failure first', () => {
    const heartbeat = after(
      aHeartbeat({ rules: { ...rules, failures: { count: 3, of: 3 }, minRuntimeSeconds: 60 } }),
      {},
      { signal: 'fail', exitStatus: 3 },
      { signal: 'start' },
      { at: start + 1 },
    )

    expect(heartbeat.results).toEqual([
      'success',
      { at: start, kind: 'failed', exitStatus: 3 },
      { at: start + 1, kind: 'too-short' },
    ])
  })
})

describe('an end that arrives after a miss was noted', () => {
  const noted = anUpHeartbeat({
    rules: { failures: { count: 4, of: 5 } },
    awaitedAfter: start + 120 * minute,
    results: [
      { at: start - minute, kind: 'failed' },
      { at: start + 70 * minute, kind: 'missed' },
      { at: start + 130 * minute, kind: 'missed' },
    ],
  })

  it.each([
    ['takes the place of all that are not before it', 65, 1],
    ['takes the place of one of its own instant', 70, 1],
    ['leaves those before it', 70.01, 2],
    ['leaves all when it came later', 131, 3],
  ])('%s', (_, minutes, kept) => {
    const heartbeat = after(noted, { at: start + minutes * minute })

    expect(heartbeat.results).toEqual([...(noted.results ?? []).slice(0, kept), 'success'])
    expect(heartbeat.awaitedAfter).toBeUndefined()
  })

  it('takes no place when it is older than the last one', () => {
    const heartbeat = after(noted, { at: start - 1 })

    expect([heartbeat.results, heartbeat.awaitedAfter]).toEqual([noted.results, noted.awaitedAfter])
  })
})
