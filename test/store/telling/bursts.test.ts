import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Bursts } from '../../../lambdas/store/telling/bursts.ts'
import { aFlip } from '../../support/alerts.ts'
import { minute, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let bursts: Bursts

beforeAll(async () => {
  engine = await makeTables()
  bursts = new Bursts(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

function admits(projectId: string, count: number, now = start, telling = 0): Promise<boolean> {
  return bursts.admits(projectId, { flip: aFlip({ count }), telling }, { now, most: 3 })
}

describe('Bursts', () => {
  it('admits the first flips of a minute, however many come at once', async () => {
    const admitted = await Promise.all([1, 2, 3, 4, 5, 6].map((count) => admits('at-once', count)))

    expect(admitted.filter(Boolean)).toHaveLength(3)
  })

  it('admits a flip again that it has admitted, and counts it once', async () => {
    for (const count of [1, 1, 1, 2, 3]) expect(await admits('again', count)).toBe(true)

    expect([await admits('again', 4), await admits('again', 1)]).toEqual([false, true])
  })

  it('counts a flip and each telling that it still holds by themselves', async () => {
    const admitted: boolean[] = []
    for (const telling of [0, 1, 1, 2, 3, 0])
      admitted.push(await admits('still', 1, start, telling))

    expect(admitted).toEqual([true, true, true, true, false, true])
  })

  it('admits as many again in the next minute, and of another project', async () => {
    for (const count of [1, 2, 3, 4]) await admits('one', count, start + minute - 1)

    expect([
      await admits('one', 5, start + minute - 1),
      await admits('one', 5, start + minute),
      await admits('two', 5),
    ]).toEqual([false, true, true])
  })
})
