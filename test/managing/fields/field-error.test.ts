import { describe, expect, it } from 'vitest'
import { parseCheckFields } from '../../../lambdas/managing/fields/check-shape.ts'
import { FieldError, type FieldIssue } from '../../../lambdas/managing/fields/field-error.ts'

function issuesOf(fields: object): readonly FieldIssue[] {
  try {
    parseCheckFields({ ...fields })
  } catch (error) {
    if (error instanceof FieldError) return error.issues
    throw error
  }
  return []
}

describe('what is wrong with fields', () => {
  it('is told of each of them, with its place', () => {
    const fields = { tz: 'Riga', grace: 5, rules: { failures: { count: 3, of: 2 } } }

    expect(issuesOf(fields)).toEqual([
      { path: ['grace'], words: 'is too small' },
      { path: ['rules', 'failures', 'of'], words: 'is too small' },
      { path: ['tz'], words: 'is not a valid timezone' },
    ])
  })

  it('names a field that is not known', () => {
    expect(issuesOf({ rules: { maxruntime: 5 } })).toEqual([
      { path: ['rules', 'maxruntime'], words: 'is not known' },
    ])
  })
})
