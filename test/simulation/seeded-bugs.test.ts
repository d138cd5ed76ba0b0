// Ahead of all modules: they take time and chance from it when they are loaded.
import './host.ts'
import { describe, expect, it } from 'vitest'
import { invariants } from './invariants.ts'
import { seededBugs } from './mutations.ts'
import { rareSeeds } from './rare-seeds.ts'
import { simulate } from './simulate.ts'

/** For the day on which draws come in another order. */
const MOST_SEEDS = 1500

describe('a seeded bug', () => {
  it.each(seededBugs)(
    '$name, and breaks invariant $breaks',
    async ({ name, breaks, mutation }) => {
      const known = rareSeeds[name] ?? 1
      let isNoticed = false
      for (let seed = known; seed < known + MOST_SEEDS && !isNoticed; seed += 1) {
        const { violations } = await simulate(seed, { mutation })
        isNoticed = violations.some((violation) => violation.name.startsWith(breaks))
      }

      expect(isNoticed).toBe(true)
    },
    300_000,
  )

  it('stands for each invariant', () => {
    const broken = new Set(seededBugs.map(({ breaks }) => breaks))

    expect(
      invariants
        .filter(({ name }) => ![...broken].some((breaks) => name.startsWith(breaks)))
        .map(({ name }) => name),
    ).toEqual([])
  })
})
