import { describe, expect, it } from 'vitest'
import { type MailRules, typeByMail } from '../../../lambdas/domain/watching/mail-rules.ts'

const rules: MailRules = {
  startKeywords: 'BEGIN',
  successKeywords: 'OK, done ,',
  failureKeywords: 'ERR',
  defaultFail: false,
  subject: true,
  body: true,
}
const nothing = { subject: '', plain: '', html: '' }

describe('a mail to a check with rules', () => {
  it.each([
    ['OK ERR BEGIN', 'fail'],
    ['BEGIN OK', 'success'],
    ['it is done', 'success'],
    ['BEGIN now', 'start'],
    ['ok err', 'ign'],
    ['', 'ign'],
  ])('with the words %j is a %s, wherever they stand', (words, expected) => {
    for (const place of ['subject', 'plain', 'html'])
      expect(typeByMail(rules, { ...nothing, [place]: words })).toBe(expected)
  })

  it('is judged by the parts that the check looks at', () => {
    const mail = { subject: 'OK', plain: 'BEGIN', html: '' }

    expect(typeByMail({ ...rules, body: false }, mail)).toBe('success')
    expect(typeByMail({ ...rules, subject: false }, mail)).toBe('start')
  })

  it('is judged by all its parts together', () => {
    expect(typeByMail(rules, { subject: 'OK', plain: 'fine', html: '<b>E</b>RR' })).toBe('fail')
  })

  it('does not make a word of the end of one part and the beginning of the next', () => {
    expect(typeByMail(rules, { subject: 'ER', plain: 'R', html: '' })).toBe('ign')
  })

  it('fails without a word when the check says so', () => {
    expect(typeByMail({ ...rules, defaultFail: true }, { ...nothing, subject: 'hello' })).toBe(
      'fail',
    )
  })

  it('looks at text in HTML and not at its tags', () => {
    expect(typeByMail(rules, { ...nothing, html: '<img alt="OK"><b>D</b>' })).toBe('ign')
  })
})
