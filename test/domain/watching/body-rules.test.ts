import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BodyRules, bodyTypeBy } from '../../../lambdas/domain/watching/body-rules.ts'

const none: BodyRules = {
  startKeywords: '',
  successKeywords: '',
  failureKeywords: '',
  defaultFail: false,
}
const words: BodyRules = {
  ...none,
  startKeywords: 'BEGIN',
  successKeywords: 'OK, DONE',
  failureKeywords: 'ERR,not ok',
}
const typeOf = (rules: BodyRules, text: string) => bodyTypeBy(rules, Buffer.from(text))

describe('what a body says', () => {
  it.each([
    ['OK', 'success'],
    ['all DONE!', 'success'],
    ['BEGIN', 'start'],
    ['ERR 17', 'fail'],
    ['this is not ok', 'fail'],
    ['OK ERR', 'fail'],
    ['BEGIN ERR', 'fail'],
    ['BEGIN OK', 'success'],
    ['ok', 'ign'],
    ['something', 'ign'],
    ['', 'ign'],
  ])('%j is a %s', (text, type) => {
    expect(typeOf(words, text)).toBe(type)
  })

  it('without one of the words is a fail where that is the default', () => {
    expect(typeOf({ ...words, defaultFail: true }, 'something')).toBe('fail')
    expect(typeOf({ ...words, defaultFail: true }, 'OK')).toBe('success')
    expect(typeOf({ ...none, defaultFail: true }, 'OK')).toBe('fail')
  })

  it('is not told by keywords that are empty', () => {
    expect(typeOf({ ...none, successKeywords: ' , ,' }, 'anything, with commas')).toBe('ign')
  })

  it('is read around bytes that are no UTF-8', () => {
    expect(bodyTypeBy(words, Buffer.from('caf\xe9 OK', 'latin1'))).toBe('success')
    expect(bodyTypeBy(words, Buffer.from('OK €').subarray(0, 5))).toBe('success')
  })

  it('is something, whatever it holds', () => {
    const rules = fc.record({
      startKeywords: fc.string(),
      successKeywords: fc.string(),
      failureKeywords: fc.string(),
      defaultFail: fc.boolean(),
    })
    fc.assert(
      fc.property(rules, fc.uint8Array(), (some, body) => {
        expect(['success', 'start', 'fail', 'ign']).toContain(bodyTypeBy(some, body))
      }),
    )
  })

  it('is a fail with a failure word in it, whatever is around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(typeOf(words, `${before}ERR${after}`)).toBe('fail')
      }),
    )
  })
})
