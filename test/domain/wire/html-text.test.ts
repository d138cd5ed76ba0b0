import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOfHtml } from '../../../lambdas/domain/wire/html-text.ts'

describe('the text of HTML', () => {
  it.each([
    ['<p><b>S</b>UCCESS</p>', 'SUCCESS'],
    ['plain', 'plain'],
    ['<p>all\n  good</p>\n<p>again</p>', 'all good again'],
    ['a <a href="x">b</a> c<br/>d', 'a b cd'],
    ['<style>.ok { color: red }</style>fine', 'fine'],
    ['<SCRIPT type="x">if (a < b) ok()</SCRIPT >fine', 'fine'],
    ['<styled>shown</styled>', 'shown'],
    ['a<!-- <b>OK</b> -->b', 'ab'],
    ['<!DOCTYPE html><?xml version="1.0"?>x', 'x'],
    ['1 < 2 & 3 > 2', '1 < 2 & 3 > 2'],
    ['&lt;b&gt; &amp; &quot;x&quot; &#65;&#x42;&nbsp;&apos;', '<b> & "x" AB \''],
    ['&unknown; &#99999999; &#x110000;', '&unknown; &#99999999; &#x110000;'],
    ['cut <b', 'cut'],
    ['cut <!-- here', 'cut'],
    ['cut <script>here', 'cut'],
    ['', ''],
  ])('%j is %j', (html, expected) => {
    expect(textOfHtml(html)).toBe(expected)
  })

  it('keeps a word whole, wherever a tag stands in it', () => {
    const tag = fc.constantFrom(
      '<b>',
      '</b>',
      '<span class="x">',
      '<br>',
      '<!-- - -->',
      '<style>b {}</style>',
    )
    fc.assert(
      fc.property(fc.nat(7), tag, (place, between) => {
        expect(
          textOfHtml(`<p>${'SUCCESS'.slice(0, place)}${between}${'SUCCESS'.slice(place)}</p>`),
        ).toBe('SUCCESS')
      }),
    )
  })

  it('is found for any text, in one line', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('<', '>', '!', '-', '/', 'b', '&', '#', '6', ';', ' ', '\n'),
        }),
        (html) => {
          expect(textOfHtml(html)).not.toMatch(/\n| {2}/)
        },
      ),
    )
  })

  it.each(['<', '<b', '<!--', '<b>', '<script>', '&', '<style></styl'])(
    'is found in a moment in a million of %j',
    (part) => {
      const startedAt = performance.now()

      textOfHtml(part.repeat(1_000_000 / part.length))

      expect(performance.now() - startedAt).toBeLessThan(5000)
    },
  )
})
