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
    expect(shownBy(form, { key: 'abcdefghijkl' })).toEqual({ key: '…ijkl', room: null })
    expect(shownBy({ ...form, secrets: ['key'] }, { key: 'abcdefghijkl', room: 'ops' })).toEqual({
      key: '…ijkl',
      room: 'ops',
    })
  })

  it('shows all of a form without secrets', () => {
    expect(shownBy({ given: form.given }, { key: 'abcdefghijkl' })).toEqual({
      key: 'abcdefghijkl',
      room: null,
    })
  })
})
