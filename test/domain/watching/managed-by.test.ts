import { describe, expect, it } from 'vitest'
import { definitionOf } from '../../../lambdas/domain/watching/check.ts'
import { lookupOf } from '../../../lambdas/domain/watching/lookup.ts'
import { isApplied, isManagedBy, keeperAfter } from '../../../lambdas/domain/watching/managed-by.ts'
import { aCheck } from '../../support/builders.ts'

describe('who keeps a thing', () => {
  it.each([
    ['apply:Backups', true],
    ['apply:a', true],
    [`apply:${'x'.repeat(100)}`, true],
    [`apply:${'x'.repeat(101)}`, false],
    ['apply:', false],
    ['apply: ', false],
    ['apply:a\nb', false],
    ['apply:a\u0085', false],
    ['apply:\ud800', false],
    ['Apply:Backups', false],
    ['Backups', false],
    ['source', false],
    ['', false],
    [undefined, false],
  ])('is applied where it says %j: %s', (text, isSo) => {
    expect(isApplied(text)).toBe(isSo)
    expect(isManagedBy(text)).toBe(isSo || text === 'source')
  })

  it.each([
    [undefined, {}, {}],
    [undefined, { managedBy: 'apply:A' }, { managedBy: 'apply:A' }],
    [null, { managedBy: 'apply:A' }, {}],
    ['apply:B', { managedBy: 'apply:A' }, { managedBy: 'apply:B' }],
    ['apply:B', {}, { managedBy: 'apply:B' }],
  ] as const)('is, for %j after %j, %j', (wanted, before, after) => {
    expect(keeperAfter(wanted, before)).toEqual(after)
  })
})

it('pings are told nothing of who keeps a check', () => {
  const [plain, kept] = [aCheck(), aCheck({ managedBy: 'apply:Backups' })]

  expect(definitionOf(kept)).toEqual(definitionOf(plain))
  expect(lookupOf(kept, 'ping-key')).toEqual(lookupOf(plain, 'ping-key'))
})
