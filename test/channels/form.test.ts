import { describe, expect, it } from 'vitest'
import { shownBy } from '../../lambdas/channels/form.ts'

const form = {
  given: ({ key, room = null }: { readonly key?: string; readonly room?: string | null }) => ({
    key,
    room,
  }),
  secrets: ['key', 'room'],
}

describe('shownBy', () => {
  it('shows of a secret the last four characters only', () => {
    expect(shownBy(form, { key: 'abcdefgh' })).toEqual({ key: '…efgh', room: null })
    expect(shownBy({ ...form, secrets: ['key'] }, { key: 'abcdefgh', room: 'ops' })).toEqual({
      key: '…efgh',
      room: 'ops',
    })
  })

  it('shows all of a form without secrets', () => {
    expect(shownBy({ given: form.given }, { key: 'abcdefgh' })).toEqual({
      key: 'abcdefgh',
      room: null,
    })
  })
})
