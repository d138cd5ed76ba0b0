import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdown } from '../../lambdas/channels/markdown.ts'

const { escaped, quoted } = markdown

const gap = '\u200b'

/** What is left once a chat has read the backslashes, before it looks for mentions in it. */
function read(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, '$1')
}

const markedUp = fc.array(
  fc.oneof(
    fc.constantFrom('@channel', '@everyone', '<@1>', '<!here>', '~town', '&#64;all', '&commat;all'),
    fc.constantFrom(':boom:', '**', '__', '~~', '||', '`', '```', '[a](https://x.example)', '\\'),
    fc.constantFrom('# ', '- ', '> ', '1. ', '===', '\n', ' ', 'https://x.example/a_b', '<t:1>'),
    fc.string({ unit: 'grapheme', maxLength: 5 }),
  ),
)

describe('text in Markdown', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(markedUp, (parts) => {
        const text = parts.join('').replaceAll(gap, '')

        expect(read(escaped(text)).replaceAll(gap, '')).toBe(text)
      }),
    )
  })

  it('mentions nobody, refers to nothing and has no emojis', () => {
    const live = /[@~<&][\w!@#:/]|:[\w+-]+:/
    const link = /(?<!\S)https?:\/\/[^\s@;<]+(?!\S)/g

    fc.assert(
      fc.property(markedUp, (parts) => {
        expect(read(escaped(parts.join(''))).replaceAll(link, '')).not.toMatch(live)
      }),
    )
  })

  it.each([
    ['a *b* _c_ `d` ~~e~~ ||f||', 'a \\*b\\* \\_c\\_ \\`d\\` \\~^\\~^e\\~^\\~ \\|\\|f\\|\\|'],
    ['[a](https://x.example)', '\\[a\\](https:^//x.example)'],
    ['<@1> <t:2> &#64;all', '<^@^1\\> <^t:2\\> &^#^64;all'],
    ['# a', '\\# a'],
    ['- a\n  + b\n> c\n1. d\n2) e', '\\- a\n  \\+ b\n\\> c\n1\\. d\n2\\) e'],
    ['a\n===', 'a\n=^=^='],
    ['C:\\temp\\*', 'C:\\\\temp\\\\\\*'],
    ['see https://x.example/a_b?c=1&d=2#e.', 'see https://x.example/a_b?c=1&d=2#e.'],
    ['https://x.example/@all', 'https:^//x.example/@^all'],
    ['https://&#64;all', 'https:^//&^#^64;all'],
    ['R & D at 10:30, 5 < 6', 'R & D at 10:30, 5 < 6'],
  ])('has no markup: %j', (text, shown) => {
    expect(escaped(text).replaceAll(gap, '^')).toBe(shown)
  })

  it('does not end before its end where it is quoted', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[`\na]*$/), (text) => {
        const [, inside = '```'] = /^```\n([^]*)\n```$/.exec(quoted(text)) ?? []

        expect(inside).not.toContain('```')
        expect(inside.replaceAll(gap, '')).toBe(text)
      }),
    )
  })
})
