import { describe, expect, it } from 'vitest'
import { slugOf } from '../../../lambdas/domain/watching/slug.ts'

describe('a slug', () => {
  it.each([
    ['Hello Wörld 1', 'hello-world-1'],
    ['日本 !', ''],
    ['  -- a_b --  c  ', 'a_b-c'],
    ['__x__', 'x'],
    ['ﬃ'.repeat(100), 'ffi'.repeat(33) + 'f'],
  ])('of %j is %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug)
  })
})
