import { describe, expect, it } from 'vitest'
import { areKnown, windowsFor, windowsOf } from '../../../lambdas/domain/watching/check-windows.ts'
import { aCheck, aWindow } from '../../support/builders.ts'

const forAll = aWindow({ number: 3 })
const forDatabases = aWindow({ number: 1, tags: 'db cache' })
const all = { revision: 5, windows: [forAll, forDatabases] }
const { projectId } = aCheck()

describe('the windows of a check', () => {
  it('are those with any of its tags, and those without tags', () => {
    const numbersFor = (tags: string) => windowsFor(all, aCheck({ tags }))?.numbers

    expect(numbersFor('prod db')).toEqual([1, 3])
    expect(numbersFor('databases')).toEqual([3])
    expect(windowsFor({ ...all, windows: [forDatabases] }, aCheck())).toBeUndefined()
  })

  it('are found by what its heartbeat knows, but for younger ones with their numbers', () => {
    const younger = aWindow({ number: 1, since: 6 })
    const stored = { projectId, revision: 5, numbers: [1, 3] }

    expect(windowsOf(all, stored)).toEqual([forAll, forDatabases])
    expect(windowsOf({ revision: 6, windows: [forAll, younger] }, stored)).toEqual([forAll])
  })

  it('are known while each has its number and is no younger', () => {
    const wanted = { projectId, revision: 5, numbers: [3] }

    expect(areKnown(all, { ...wanted, revision: 4 }, wanted)).toBe(true)
    expect(areKnown(all, undefined, undefined)).toBe(true)
    expect(areKnown(all, undefined, wanted)).toBe(false)
    expect(areKnown(all, wanted, undefined)).toBe(false)
    expect(areKnown(all, { ...wanted, numbers: [1, 3] }, wanted)).toBe(false)
    expect(areKnown(all, { ...wanted, revision: 0 }, wanted)).toBe(false)
  })
})
