import { beforeEach, describe, expect, it, vi } from 'vitest'
import { makeConcurrencyWatch } from '../../lambdas/sweep/concurrency-watch.ts'
import { hour, minute, start } from '../support/builders.ts'

const day = 24 * hour
const lines: unknown[] = []
beforeEach(() => {
  lines.length = 0
  vi.spyOn(console, 'warn').mockImplementation((line: unknown) => void lines.push(line))
})

describe('the watch over concurrency', () => {
  it('asks once a day, whatever the second at which runs of the sweep begin', async () => {
    let asked = 0
    const watch = makeConcurrencyWatch(() => Promise.resolve((asked += 1) * 1000))

    for (let run = 0; run < 2 * 1440; run += 1) await watch(start + run * minute + (run % 7) * 8500)

    expect(asked).toBe(2)
    expect(lines).toEqual([])
  })

  it.each([
    [10, [{ event: 'concurrency-low', limit: 10 }]],
    [11, []],
    [1000, []],
  ])('of %i warns %j', async (limit, warnings) => {
    await ofADay(makeConcurrencyWatch(() => Promise.resolve(limit)))

    expect(lines).toEqual(warnings)
  })

  it('fails no run when the limit cannot be had', async () => {
    await ofADay(makeConcurrencyWatch(() => Promise.reject(new TypeError('no answer'))))

    expect(lines).toEqual([{ event: 'concurrency-unknown', error: 'TypeError' }])
  })
})

/** All runs of a day. */
async function ofADay(watch: (runAt: number) => Promise<void>): Promise<void> {
  for (let at = start; at < start + day; at += minute) await watch(at)
}
