import { describe, expect, it } from 'vitest'
import { readLocalSettings } from '../../../lib/local/settings.ts'

describe('the settings of the local stack', () => {
  it('have defaults', () => {
    expect(readLocalSettings({})).toEqual({
      port: 8787,
      pingBodyLimit: 10_000,
      pingRate: 60,
      unknownPings: 'open',
      keys: {},
    })
  })

  it('count as not set when they are empty', () => {
    expect(readLocalSettings({ PORT: '', OVERDUE_DATA: '' })).toEqual(readLocalSettings({}))
  })

  it('are taken from the environment', () => {
    const [apiKey, apiKeyReadonly, pingKey] = ['w'.repeat(32), 'r'.repeat(32), 'p'.repeat(22)]

    const settings = readLocalSettings({
      PORT: '65535',
      SMTP_PORT: '2525',
      OVERDUE_API_KEY: apiKey,
      OVERDUE_API_KEY_READONLY: apiKeyReadonly,
      OVERDUE_PING_KEY: pingKey,
      OVERDUE_EMAIL: 'me@example.com',
      PING_BODY_LIMIT: 'none',
      PING_RATE: 'none',
      OVERDUE_DATA: '/tmp/data',
      OVERDUE_ASSEMBLY: '/tmp/cdk.out',
      OVERDUE_UNKNOWN_PINGS: 'strict',
    })

    expect(settings).toEqual({
      port: 65535,
      smtpPort: 2525,
      keys: { apiKey, apiKeyReadonly, pingKey },
      email: 'me@example.com',
      pingBodyLimit: 'none',
      pingRate: 'none',
      dataFolder: '/tmp/data',
      assembly: '/tmp/cdk.out',
      unknownPings: 'strict',
    })
  })

  it.each([
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PING_RATE', '59'],
    ['PING_RATE', '1000001'],
    ['PORT', '80 '],
    ['SMTP_PORT', '0'],
    ['SMTP_PORT', 'smtp'],
    ['OVERDUE_API_KEY', 'k'.repeat(31)],
    ['OVERDUE_API_KEY_READONLY', `${'k'.repeat(31)} `],
    ['OVERDUE_PING_KEY', 'p'.repeat(23)],
    ['OVERDUE_EMAIL', 'nobody'],
    ['PING_BODY_LIMIT', '0'],
    ['PING_BODY_LIMIT', '4000001'],
    ['PING_BODY_LIMIT', 'all'],
    ['OVERDUE_UNKNOWN_PINGS', 'loose'],
    ['OVERDUE_DIALECT', 'loose'],
  ])('name %s and what it takes when it is %s', (name, value) => {
    expect(() => readLocalSettings({ [name]: value })).toThrow(
      new RegExp(`^${name} takes [^\\n]+, got "`),
    )
  })

  it('take the answer to unknown pings by its former name, too', () => {
    expect(readLocalSettings({ OVERDUE_DIALECT: 'hosted' }).unknownPings).toBe('hosted')
    expect(
      readLocalSettings({ OVERDUE_DIALECT: 'hosted', OVERDUE_UNKNOWN_PINGS: 'strict' })
        .unknownPings,
    ).toBe('strict')
  })

  it('refuse one key for both accesses', () => {
    const key = 'k'.repeat(32)

    expect(() =>
      readLocalSettings({ OVERDUE_API_KEY: key, OVERDUE_API_KEY_READONLY: key }),
    ).toThrow('OVERDUE_API_KEY_READONLY takes another key')
  })
})
