import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyText, tailOf } from '../../../lambdas/domain/wire/body-text.ts'

describe('tailOf', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)

  it('is the whole of a short body', () => {
    expect(tailOf(bytes('né'), 2)).toBe('né')
  })

  it('is the end of a longer one, with a mark where it is cut', () => {
    expect(tailOf(bytes('abcdef'), 3)).toBe('…def')
    expect(tailOf(bytes('x'.repeat(100) + 'é💾'), 2)).toBe('…é💾')
  })

  it('replaces what is no UTF-8', () => {
    expect(tailOf(Uint8Array.of(0x61, 0xff, 0x62), 10)).toBe('a\uFFFDb')
  })

  it.each(['utf-16le', 'utf-16be'] as const)(
    'reads %s by its byte order mark, wherever it is cut',
    (encoding) => {
      const body = utf16(`\uFEFF${'x'.repeat(100)}é💾`, encoding)

      expect(tailOf(body, 3)).toBe('…xé💾')
      expect(tailOf(Uint8Array.of(...body, 0), 200)).toContain('é💾')
    },
  )

  it('is at most so long, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 1, max: 30 }),
        (body, length) => {
          expect(Array.from(tailOf(body, length)).length).toBeLessThanOrEqual(length + 1)
        },
      ),
    )
  })
})

describe('the text of a body', () => {
  it.each(['utf-16le', 'utf-16be'] as const)('is what it says in %s', (encoding) => {
    expect(bodyText(utf16('\uFEFFFEHLER ü', encoding))).toBe('FEHLER ü')
  })

  it('is any text that is UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = text.toWellFormed()
        fc.pre(!written.startsWith('\uFEFF'))

        expect(bodyText(new TextEncoder().encode(written))).toBe(written)
      }),
    )
  })
})

function utf16(text: string, encoding: 'utf-16le' | 'utf-16be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return encoding === 'utf-16le' ? bytes : bytes.swap16()
}
