import { describe, expect, it } from 'vitest'
import { withEntities } from '../../../lambdas/domain/wire/entities.ts'

describe('text with entities', () => {
  it('has each mark of markup once, and leaves the rest', () => {
    expect(withEntities('<b>&lt; "x" \'y\'</b>')).toBe('&lt;b&gt;&amp;lt; "x" \'y\'&lt;/b&gt;')
  })
})
