import { describe, expect, it } from 'vitest'
import { readSettings, SettingError } from '../../lib/settings.ts'

const required = { sender: 'alerts@example.com', admin: 'you@example.com' }

describe('readSettings', () => {
  it('needs no more than the sender and the operator', () => {
    const settings = read(required)

    expect(settings).toEqual({
      ...required,
      dialect: 'open',
      pingBodyLimit: 10_000,
      logDays: 90,
      throwAway: false,
      trustedFront: undefined,
      pingConcurrency: undefined,
      senderIdentity: 'managed',
    })
  })

  it.each([
    ['texts, as the command line gives them', { pingBodyLimit: '512', logDays: '30', throwAway: 'true', pingConcurrency: '20' }],
    ['values of JSON', { pingBodyLimit: 512, logDays: 30, throwAway: true, pingConcurrency: 20 }],
  ])('takes %s', (_, given) => {
    const settings = read({ ...required, ...given, dialect: 'strict', trustedFront: '2001:db8::1', senderIdentity: 'existing' })

    expect(settings).toEqual({
      ...required,
      dialect: 'strict',
      pingBodyLimit: 512,
      logDays: 30,
      throwAway: true,
      trustedFront: '2001:db8::1',
      pingConcurrency: 20,
      senderIdentity: 'existing',
    })
  })

  it('takes none for a body limit', () => {
    const settings = read({ ...required, pingBodyLimit: 'none' })

    expect(settings.pingBodyLimit).toBe('none')
  })

  it.each(['sender', 'admin'])('names %s when it is missing, and what it takes', (name) => {
    const given = { ...required, [name]: undefined }

    expect(() => read(given)).toThrow(
      new SettingError(`the setting ${name} is missing; it takes an e-mail address, as in -c ${name}=you@example.com`),
    )
  })

  it.each([
    [
      'sender',
      'an e-mail address',
      ['', 'alerts', 'alerts@localhost', 'Overdue <alerts@example.com>', 'a@b.com,c@d.com', 'a b@example.com', 7],
    ],
    ['admin', 'an e-mail address', ['you@', '@example.com', 'you@example..com', null, {}]],
    ['dialect', 'open or hosted or strict', ['closed', 'Open', '']],
    ['pingBodyLimit', 'none or a whole number from 1 to 6000000', ['0', 0, -1, '6000001', 1.5, '1e3', 'all', '']],
    ['logDays', 'a whole number from 1 to 3650', ['0', 3651, '90d', '', null]],
    ['throwAway', 'true or false', ['yes', 1, '']],
    ['trustedFront', 'an IP address', ['example.com', '10.0.0.0/8', '']],
    ['pingConcurrency', 'a whole number from 1 to 100000', ['0', '100001', 'many', '']],
    ['senderIdentity', 'managed or existing', ['own', true, '']],
  ])('names %s when it is malformed, what it takes, and what it got', (name, takes, values) => {
    for (const value of values) {
      const given = { ...required, [name]: value }

      expect(() => read(given)).toThrow(new SettingError(`the setting ${name} takes ${takes}, got ${JSON.stringify(value)}`))
    }
  })

  it.each(['a@b.co', "o'hara+x@sub.example.com", 'UPPER@EXAMPLE.ORG'])('takes the address %s', (sender) => {
    const settings = read({ ...required, sender })

    expect(settings.sender).toBe(sender)
  })
})

function read(given: Readonly<Record<string, unknown>>) {
  return readSettings((name) => given[name])
}
