import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import { pause } from '../../../lambdas/domain/watching/pause.ts'
import type { StateRules } from '../../../lambdas/domain/watching/rules.ts'
import { aHeartbeat, anUpHeartbeat, aPing, start } from '../../support/builders.ts'

type End = 'success' | 'fail'

const ended = (heartbeat: Heartbeat, ...ends: readonly End[]): Heartbeat =>
  ends.reduce(
    (state, signal, index) =>
      afterPing(state, aPing({ signal, at: start + index * 1000, requestId: `end-${index}` })),
    heartbeat,
  )
const tolerant = (count: number, of = count) => aHeartbeat({ rules: { failures: { count, of } } })
const [ok, bad] = ['success', 'fail'] as const

describe('a failure that a check tolerates', () => {
  it.each(['new', 'up', 'paused'] as const)('leaves it up, or brings it up: %s', (status) => {
    const heartbeat = ended({ ...tolerant(2), status }, bad)

    expect(heartbeat).toMatchObject({ status: 'up', results: [{ at: start, kind: 'failed' }] })
    expect(heartbeat.since).toEqual(status === 'up' ? undefined : { at: start, count: 0 })
  })

  it('is told with the one that brings the check down, and with its exit status', () => {
    const heartbeat = afterPing(
      ended(tolerant(2), ok, bad),
      aPing({ signal: 'fail', exitStatus: 3, at: start + 9000, requestId: 'last' }),
    )

    expect(heartbeat).toMatchObject({
      status: 'down',
      since: {
        at: start + 9000,
        count: 2,
        cause: {
          kind: 'failed',
          exitStatus: 3,
          among: [
            { at: start + 1000, kind: 'failed' },
            { at: start + 9000, kind: 'failed', exitStatus: 3 },
          ],
        },
      },
      results: ['failure', 'failure'],
    })
  })

  it('is nothing where the first failure counts', () => {
    expect(ended(tolerant(1, 5), ok, bad).since?.cause).toEqual({ kind: 'failed' })
  })

  it.each([
    ['two in a row', tolerant(2), [bad, ok, bad, ok, ok, bad], 'up'],
    ['two in a row, with two', tolerant(2), [bad, ok, bad, bad], 'down'],
    ['two of four, further apart', tolerant(2, 4), [bad, ok, ok, ok, bad], 'up'],
    ['two of four', tolerant(2, 4), [bad, ok, ok, bad], 'down'],
  ] as const)('is counted among the last runs: %s', (_, heartbeat, ends, status) => {
    expect(ended(heartbeat, ...ends).status).toBe(status)
  })

  it('is forgotten when the check comes up again, and that success is not counted', () => {
    const back = ended(tolerant(2, 5), bad, bad, ok)

    expect([back.status, back.results]).toEqual(['up', undefined])
  })
})

describe('a check that is down', () => {
  const several = (count: number) => aHeartbeat({ rules: { successes: count } })

  it.each([
    [several(3), [bad, ok, ok], 'down'],
    [several(3), [bad, ok, ok, ok], 'up'],
    [several(2), [bad, ok, bad, ok], 'down'],
    [several(2), [bad, ok, bad, ok, ok], 'up'],
    [several(1), [bad, ok], 'up'],
  ] as const)('comes up after so many successes in a row: %#', (heartbeat, ends, status) => {
    expect(ended(heartbeat, ...ends).status).toBe(status)
  })

  it('is up since the success that brought it up', () => {
    expect(ended(several(2), bad, ok, ok).since).toEqual({ at: start + 2000, count: 2 })
  })

  it('keeps its cause whatever fails later', () => {
    const down = ended(tolerant(2, 4), bad, bad)

    expect(ended(down, bad, bad).since).toEqual(down.since)
  })
})

describe('a pause', () => {
  it('forgets all that rules count', () => {
    const counted = anUpHeartbeat({
      results: ['success'],
      ends: { from: start, count: 1 },
      successCount: 1,
      awaitedAfter: start,
    })

    expect(Object.keys(pause(counted, start + 1)).sort()).toEqual(
      Object.keys(pause(anUpHeartbeat(), start + 1)).sort(),
    )
  })
})

/** Says what becomes of a check in the words of the rules, from all ends that it ever had. */
function statusAfter(ends: readonly End[], { failures, successes = 1 }: StateRules): string {
  const { count, of } = failures ?? { count: 1, of: 1 }
  let [status, recent, inRow] = ['new', [] as End[], 0]
  for (const end of ends) {
    recent = [...recent, end].slice(-of)
    inRow = end === 'success' ? inRow + 1 : 0
    if (status === 'down') {
      if (inRow < successes) continue
      status = 'up'
      recent = []
    } else {
      status = recent.filter((each) => each === 'fail').length < count ? 'up' : 'down'
      inRow = 0
    }
  }
  return status
}

describe('the status of a check after ends of runs', () => {
  const rules = fc
    .record({ count: fc.integer({ min: 1, max: 4 }), more: fc.nat(3), successes: fc.nat(3) })
    .map(({ count, more, successes }): StateRules => ({
      failures: { count, of: count + more },
      ...(successes === 0 ? {} : { successes }),
    }))

  it('is what its rules say of all of them', () => {
    fc.assert(
      fc.property(rules, fc.array(fc.constantFrom(ok, bad), { maxLength: 30 }), (some, ends) => {
        const heartbeat = ended(aHeartbeat({ rules: some }), ...ends)

        expect(heartbeat.status).toBe(statusAfter(ends, some))
        expect(heartbeat.results?.length ?? 0).toBeLessThanOrEqual(some.failures?.of ?? 0)
      }),
      { numRuns: 500 },
    )
  })
})
