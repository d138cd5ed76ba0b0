import { describe, expect, it } from 'vitest'
import { may, rights, roles, strongest } from '../../../lambdas/domain/people/role.ts'

describe('a role', () => {
  it.each([
    ['owner', 'see see-secrets change administer own'],
    ['manager', 'see see-secrets change administer'],
    ['member', 'see see-secrets change'],
    ['read-only', 'see'],
  ] as const)('gives %s exactly: %s', (role, given) => {
    expect(rights.filter((right) => may(role, right)).join(' ')).toBe(given)
  })

  it('gives all that a lesser one gives', () => {
    const numbers = roles.map((role) => rights.filter((right) => may(role, right)))

    for (const [index, less] of numbers.slice(1).entries())
      expect(less.filter((right) => !numbers[index]?.includes(right))).toEqual([])
  })

  it('is the strongest of several', () => {
    expect(strongest(['read-only', 'manager', 'member'])).toBe('manager')
    expect(strongest([])).toBeUndefined()
  })
})
