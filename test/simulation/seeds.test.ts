// Ahead of all modules: they take time and chance from it when they are loaded.
import './host.ts'
import { writeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chanceOfItsOwn } from './mutations.ts'
import { simulate } from './simulate.ts'

/**
 * The same seeds each time and everywhere, so that a failure is a change's and not chance's. `npm
 * run simulate` looks at others, and `.ci/run` at some hundred.
 */
const FIRST_SEED = Number(process.env['SIMULATION_SEED'] ?? 1)
const SEEDS = 60
const REPEATED_EVERY = 20

describe('a simulated deployment', () => {
  it('keeps what the design promises, whatever fails', async () => {
    const violations: string[] = []
    const until = FIRST_SEED + SEEDS
    for (let seed = FIRST_SEED; seed < until && violations.length === 0; seed += 1) {
      const outcome = await simulate(seed)
      for (const { name, text } of outcome.violations)
        violations.push(`npm run simulate -- --seed ${seed}: ${name}: ${text}`)
      if (seed % REPEATED_EVERY === 0 && (await simulate(seed)).hash !== outcome.hash)
        violations.push(`seed ${seed} does not repeat`)
    }
    for (const violation of violations) writeSync(1, `${violation}\n`)

    expect(violations).toEqual([])
  }, 120_000)

  it('comes to the same trace when it is run again (invariant 10)', async () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect((await simulate(seed)).hash).toBe((await simulate(seed)).hash)
  })

  it('shows by its trace when chance comes from elsewhere', async () => {
    const hashes = [
      await simulate(1, { mutation: chanceOfItsOwn }),
      await simulate(1, { mutation: chanceOfItsOwn }),
    ].map(({ hash }) => hash)

    expect(hashes[0]).not.toBe(hashes[1])
  })
})
