import { describe, expect, it } from 'vitest'
import { ending, masked } from '../../lambdas/channels/secrets.ts'

describe('a secret', () => {
  it('shows its end, unless that is a large part of it', () => {
    expect([ending('abcdefghijkl'), ending('abcdefghijk')]).toEqual(['…ijkl', '…'])
  })

  it('is nowhere in a text, nor are parts of it that were a URL', () => {
    const hook = 'https://chat.example.com/hooks/abcdefghijklmnop?key=0123456789abcdef'
    const texts = ['abcdefghijklmnop', '0123456789abcdef', hook, 'GET /hooks/abcdefghijklmnop']

    expect(masked(texts.join(' '), [hook])).not.toMatch(/abcdefgh|01234567/)
    const escaped = 'https://example.com/hook?sig=abcdefgh%2Bijklmnop'
    expect(masked('sig=abcdefgh%2Bijklmnop or abcdefgh+ijklmnop', [escaped])).toBe(
      'sig=…mnop or …mnop',
    )
    expect(masked('user abcdefghijkl', ['abcdefghijkl,mnopqrstuvwx'])).toBe('user …ijkl')
    expect(masked('token abcdefghijkl of chat.example.com', ['abcdefghijkl', hook])).toBe(
      'token …ijkl of chat.example.com',
    )
  })
})
