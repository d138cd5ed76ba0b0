import { describe, expect, it } from 'vitest'
import { isChangeable } from '../../../lambdas/domain/watching/kept-by-source.ts'
import { aCheck } from '../../support/builders.ts'

const kept = aCheck({ managedBy: 'source' })

describe('a check that a database keeps', () => {
  it('is not deleted, and stays what the database says', () => {
    expect(isChangeable(kept)).toBe(false)
    expect(isChangeable(kept, { ...kept, graceSeconds: kept.graceSeconds + 1 })).toBe(false)
    expect(isChangeable(kept, { ...kept, managedBy: 'apply:Backups' })).toBe(false)
    expect(isChangeable(kept, aCheck({ ...kept, name: 'other' }))).toBe(false)
  })

  it('gets other rules, and tells other channels', () => {
    expect(isChangeable(kept, { ...kept, channelIds: ['another'], rules: { successes: 2 } })).toBe(
      true,
    )
  })
})

it('a check that a file or a person keeps is changed and deleted', () => {
  for (const check of [aCheck(), aCheck({ managedBy: 'apply:Backups' })]) {
    expect(isChangeable(check)).toBe(true)
    expect(isChangeable(check, { ...check, name: 'other' })).toBe(true)
  }
})
