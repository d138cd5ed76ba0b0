import { describe, expect, it } from 'vitest'
import { definitionOf, titleOf, uniqueKeyOf } from '../../../lambdas/domain/watching/check.ts'
import { aCheck } from '../../support/builders.ts'

describe('a check', () => {
  it('is called by its name, or by its UUID when it has none', () => {
    expect(titleOf({ id: '1', name: 'backup' })).toBe('backup')
    expect(titleOf({ id: '1', name: '' })).toBe('1')
  })

  it('has the unique key that clients of the reference compute', () => {
    // printf 803f680db41b4b0d | sha1sum
    expect(uniqueKeyOf('803f680d-b41b-4b0d-8b4c-3a5e1c4d9c11')).toBe(
      '9c37bd531f32c712ef48b173e2325172cfe330fc',
    )
  })

  it('gives its heartbeat what a ping and the sweep need, and nothing else', () => {
    const check = aCheck({ version: 3, name: 'backup', methods: 'POST' })

    expect(definitionOf(check)).toEqual({
      version: 3,
      schedule: { kind: 'simple', periodSeconds: 3600 },
      timeZone: 'UTC',
      graceSeconds: 600,
      methods: 'POST',
      manualResume: false,
      hasBodyRules: false,
    })
  })
})
