import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  block,
  oneLine,
  shortened,
  shortenedToUnits,
} from '../../../lambdas/domain/wire/plain-text.ts'

const hostile = fc.constantFrom(
  '\r',
  '\n',
  '\0',
  '\u202e',
  '\u2028',
  '\ud800',
  '\u001b[31m',
  '\u0085',
)
const anyText = fc.string({
  unit: fc.oneof(hostile, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
})

describe('oneLine', () => {
  it.each([
    ['line breaks', 'a\r\nBcc: x@example.com', 'a Bcc: x@example.com'],
    ['separators of Unicode', 'a\u2028b\u0085c', 'a b c'],
    ['control characters', 'a\0b\u0007c', 'a b c'],
    ['characters that reorder text', 'invoice\u202Efdp.exe\u2066', 'invoicefdp.exe'],
    ['half a character', 'a\ud800', 'a\uFFFD'],
    ['what is no character', 'a\ufffe\ufdd0\u{1ffff}', 'a\uFFFD\uFFFD\uFFFD'],
    ['nothing in a common name', 'Резервная копия 💾 – naïve', 'Резервная копия 💾 – naïve'],
  ])('neutralises %s', (_, text, expected) => {
    expect(oneLine(text)).toBe(expected)
  })

  it('leaves no control character in any text', () => {
    fc.assert(
      fc.property(
        anyText,
        (text) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u.test(oneLine(text)),
      ),
    )
  })
})

describe('block', () => {
  it.each([
    ['the colours of a terminal', '\u001b[31mred\u001b[0m', 'red'],
    ['the carriage returns of a progress bar', '10 %\r20 %\r\ndone', '10 %\n20 %\ndone'],
    ['control characters', 'a\0b', 'a\uFFFDb'],
    ['tabs', 'a\tb', 'a    b'],
    ['what is no character', 'a\uffff\nb', 'a\uFFFD\nb'],
    ['space at the end', 'a  b \n\n', 'a  b'],
  ])('tidies %s', (_, text, expected) => {
    expect(block(text)).toBe(expected)
  })

  it('leaves no control character but line feeds in any text', () => {
    fc.assert(
      fc.property(
        anyText,
        (text) =>
          !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u.test(block(text).replaceAll('\n', '')),
      ),
    )
  })
})

describe('shortened', () => {
  it('cuts behind the limit only, and between characters', () => {
    expect([shortened('abcd', 4), shortened('abcde', 4), shortened('💾💾💾', 2)]).toEqual([
      'abcd',
      'abc…',
      '💾…',
    ])
  })
})

describe('shortenedToUnits', () => {
  it('counts an emoji for two, and cuts none in half', () => {
    const cut = [4, 5, 6].map((length) => shortenedToUnits('💾💾💾', length))

    expect(cut).toEqual(['💾…', '💾💾…', '💾💾💾'])
  })
})
