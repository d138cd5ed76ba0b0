import { describe, expect, it } from 'vitest'
import { invariants } from './invariants.ts'
import { seededBugs } from './mutations.ts'
import { simulate } from './simulate.ts'

/** Bugs that need a rare coincidence begin at a seed that has it; the bound is for the day on which draws come in another order. */
const MOST_SEEDS = 1000

describe('a seeded bug', () => {
  it.each(seededBugs)(
    '$name, and breaks invariant $breaks',
    async ({ breaks, mutation }) => {
      let isNoticed = false
      for (let seed = 1; seed <= MOST_SEEDS && !isNoticed; seed += 1) {
        const { violations } = await simulate(seed, { mutation })
        isNoticed = violations.some(({ name }) => name.startsWith(breaks))
      }

      expect(isNoticed).toBe(true)
    },
    300_000,
  )

  it('stands for each invariant', () => {
    const broken = new Set(seededBugs.map(({ breaks }) => breaks))

    expect(invariants.filter(({ name }) => ![...broken].some((breaks) => name.startsWith(breaks))).map(({ name }) => name)).toEqual([])
  })
})
