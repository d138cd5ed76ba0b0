import { describe, expect, it } from 'vitest'
import { sourceIn, textOf } from './source.ts'

/** A text of one line, and what stands in a longer one up to the end of its line. */
const texts = /'[^'\n]*'|`[^`\n]*`?/g
const isExpression = / = :|\b(attribute_(not_)?exists|if_not_exists|contains|begins_with)\(/
const letter = /(?<![\w#:'{$.])[a-zA-Z](?![\w'(.])/

/**
 * The attributes of heartbeats have names of one letter, which their codec knows
 * (`heartbeat-attributes.ts`): whoever reads an expression need not. The one request that pings are
 * compared with is written out, and held to them by a test of its own.
 */
describe('an expression', () => {
  const files = ['lambdas', 'lib', 'bin', 'bench']
    .flatMap(sourceIn)
    .filter((file) => file !== 'bench/ping/update.ts')
  const expressions = files.flatMap((file) =>
    [...textOf(file).matchAll(texts)]
      .map(([text]) => text)
      .filter((text) => isExpression.test(text))
      .map((text) => ({ file, text: text.replaceAll(/\$\{[^}]*\}/g, '') })),
  )

  it('is seen by this test', () => {
    expect(expressions.map(({ file }) => file)).toEqual(
      expect.arrayContaining([
        'lambdas/store/watching/heartbeat-clauses.ts',
        'lambdas/store/registry/registry-writes.ts',
      ]),
    )
    expect('attribute_not_exists(v) OR v < :v').toMatch(letter)
  })

  it('names no attribute by a letter', () => {
    expect(expressions.filter(({ text }) => letter.test(text))).toEqual([])
  })
})
