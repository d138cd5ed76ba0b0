import { describe, expect, it } from 'vitest'
import { parseUuid } from '../../../lambdas/domain/wire/uuid.ts'

const id = '7d3a1c54-9a0f-4b7e-8a4e-0f5a6b7c8d9e'

describe('a UUID', () => {
  it('is compared in lower case', () => {
    expect(parseUuid(id.toUpperCase())).toBe(id)
  })

  it('may be of any version', () => {
    expect(parseUuid('00000000-0000-0000-0000-000000000000')).toBe(
      '00000000-0000-0000-0000-000000000000',
    )
  })

  it.each(['', '12345', id.replaceAll('-', ''), `${id} `, `${id}\n`])('cannot be %j', (text) => {
    expect(parseUuid(text)).toBeUndefined()
  })
})
