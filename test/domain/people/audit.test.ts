import { describe, expect, it } from 'vitest'
import { auditChanges } from '../../../lambdas/domain/people/audit.ts'

describe('auditChanges', () => {
  it('names each field that differs, and none that does not', () => {
    const changes = auditChanges({ name: 'a', grace: '60 s' }, { name: 'a', grace: '120 s' })

    expect(changes).toEqual({ grace: ['60 s', '120 s'] })
  })

  it('leaves empty what there was or is not', () => {
    expect(auditChanges({}, { name: 'a', tags: '' })).toEqual({ name: ['', 'a'] })
    expect(auditChanges({ name: 'a' }, {})).toEqual({ name: ['a', ''] })
  })

  it('cuts long values, so that an entry stays small', () => {
    const { description = ['', ''] } = auditChanges({}, { description: 'x'.repeat(5000) })

    expect(description[1]).toHaveLength(1000)
    expect(description[1].endsWith('…')).toBe(true)
  })
})
