import { describe, expect, it } from 'vitest'
import { isAsExpected, reportOf, runSteps, type Step } from '../../bench/aws-smoke/step.ts'
import type { World } from '../../bench/aws-smoke/world.ts'

const world: World = {
  target: [],
  wait: () => Promise.resolve(),
  drill: () => Promise.resolve(),
  isPublic: false,
  extras: {},
}
const seeing = (name: string, seen: string | undefined): Step => ({
  name,
  expected: '200',
  run: () => Promise.resolve(seen),
})
const steps = [
  seeing('good', '200'),
  seeing('bad', '404'),
  seeing('elsewhere', undefined),
  { name: 'broken', expected: '200', run: () => Promise.reject(new Error('no answer')) },
]

describe('the steps of a trial', () => {
  it('are all tried, and told one by one beside what was expected', async () => {
    const told: string[] = []

    const seen = await runSteps(steps, world, (line) => told.push(line))

    expect(told).toEqual(['good', 'bad', 'elsewhere', 'broken'])
    expect(seen.map(isAsExpected)).toEqual([true, false, true, false])
    expect(reportOf(seen).split('\n')).toEqual([
      'yes       good       200',
      'NO        bad        404   EXPECTED: 200',
      'not here  elsewhere  (200)',
      'NO        broken     broke: no answer   EXPECTED: 200',
    ])
  })

  it('end when somebody asks for it, after the one that runs', async () => {
    const asked = [false, true]

    const seen = await runSteps(
      steps,
      world,
      () => undefined,
      () => asked.shift() ?? true,
    )

    expect(seen.map(({ name }) => name)).toEqual(['good'])
  })
})
