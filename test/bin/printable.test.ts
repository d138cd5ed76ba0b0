import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable, printableJson } from '../../bin/operate/printable.ts'

const odd = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\x1b', '\x9b', '\x07', '\r', '\u202e', '\u2066', '\n', '\t', '[31m'),
    fc.string({ unit: 'binary' }),
  ),
})
const obeyed = /[^\P{Cc}\n\t]|\p{Bidi_Control}/u

describe('what the command prints', () => {
  it('is nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(odd, (text) => {
        expect(printable(text)).not.toMatch(obeyed)
      }),
    )
    expect(printable('\x1b]0;owned\x07 a\tb\nc')).toBe('\uFFFD]0;owned\uFFFD a\tb\nc')
  })

  it('is as JSON what it was', () => {
    fc.assert(
      fc.property(odd, (text) => {
        const json = printableJson({ [text]: [text] })

        expect(json).not.toMatch(obeyed)
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [text]: [text] })))
      }),
    )
  })
})
