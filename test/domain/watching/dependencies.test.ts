import { describe, expect, it } from 'vitest'
import { dependenciesOf } from '../../../lambdas/domain/watching/dependencies.ts'

const on = (id: string, ...dependsOn: string[]) => ({ id, rules: { dependsOn } })

describe('what a check depends on', () => {
  it('is what it names, and all that these depend on', () => {
    const checks = [on('a', 'b', 'c'), on('b', 'd'), on('d', 'e'), { id: 'e' }, on('x', 'a')]

    expect([...dependenciesOf(['a'], checks)].sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('is told of a circle, too', () => {
    expect([...dependenciesOf(['a'], [on('a', 'b'), on('b', 'a')])]).toEqual(['a', 'b'])
  })
})
