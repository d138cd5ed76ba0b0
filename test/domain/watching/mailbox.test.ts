import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMailbox } from '../../../lambdas/domain/watching/mailbox.ts'

const id = '7d3a1c54-9a0f-4b7e-8a4e-0f5a6b7c8d9e'
const key = 'abcdefghij-_ABCDEFG012'
const domain = 'ping.example.com'

describe('a mail address', () => {
  it.each([
    id,
    id.toUpperCase(),
    '7d3a1c54-9a0f-1b7e-ca4e-0f5a6b7c8d9e',
    '00000000-0000-0000-0000-000000000000',
  ])('%s@… names a check', (mailbox) => {
    expect(parseMailbox(`${mailbox}@${domain}`, domain)).toEqual({ checkId: mailbox.toLowerCase() })
  })

  it.each(['backup', '7', 'back-up_9', 's'.repeat(100)])('<ping key>+%s@… names a slug', (slug) => {
    expect(parseMailbox(`${key}+${slug}@${domain}`, domain)).toEqual({ pingKey: key, slug })
  })

  it.each([
    '',
    'postmaster',
    id.replaceAll('-', ''),
    ` ${id}`,
    `${id}+x`,
    key,
    `${key}+`,
    `${key}+Backup`,
    `${key}+a.b`,
    `${key}+a+b`,
    `${key}+${'s'.repeat(101)}`,
    `${key.slice(1)}+backup`,
    `${key}x+backup`,
    `${id}@elsewhere.example`,
  ])('%j@… can be that of no check', (mailbox) => {
    expect(parseMailbox(`${mailbox}@${domain}`, domain)).toBe('invalid-mailbox')
  })

  it('is of the domain in whatever case', () => {
    expect(parseMailbox(`${id}@PING.Example.COM`, domain)).toEqual({ checkId: id })
    expect(parseMailbox(`${id}@${domain}`, 'Ping.example.com')).toEqual({ checkId: id })
  })

  it.each([
    id,
    '',
    `${id}@`,
    `${id}@example.com`,
    `${id}@x.${domain}`,
    `${id}@${domain}.`,
    `${id}@${domain}@example.com`,
  ])('%s is of another domain, or of none', (address) => {
    expect(parseMailbox(address, domain)).toBe('other-domain')
  })

  it('of a check that exists or may exist is always found again', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.stringMatching(/^[-\w]{22}$/),
        fc.stringMatching(/^[-a-z0-9_]{1,100}$/),
        (uuid, pingKey, slug) => {
          expect(parseMailbox(`${uuid}@${domain}`, domain)).toEqual({ checkId: uuid })
          expect(parseMailbox(`${pingKey}+${slug}@${domain}`, domain)).toEqual({ pingKey, slug })
        },
      ),
    )
  })
})
