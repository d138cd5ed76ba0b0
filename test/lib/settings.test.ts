import { describe, expect, it } from 'vitest'
import { readContext, readSettings, SettingError } from '../../lib/settings.ts'
import { sourceSettings } from './deployment.ts'

const arn = 'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef'
const required = { sender: 'alerts@example.com', admin: 'you@example.com' }

describe('readSettings', () => {
  it('needs no more than the sender and the operator', () => {
    const settings = read(required)

    expect(settings).toEqual({
      ...required,
      name: 'Overdue',
      unknownPings: 'open',
      pingBodyLimit: 10_000,
      logDays: 90,
      historyDays: 400,
      alertBurst: 20,
      throwAway: false,
      trustedFront: undefined,
      pingConcurrency: undefined,
      dashboard: true,
      webConcurrency: undefined,
      pingRate: 60,
      senderIdentity: 'managed',
      senderZone: undefined,
      oneName: undefined,
      pingEmailDomain: undefined,
      pingEmailIdentity: 'managed',
      pingEmailRuleSet: undefined,
      alertTopics: [],
      alertBuses: [],
      holdMinutes: 15,
      watcherUrl: undefined,
      source: undefined,
    })
  })

  it.each([
    [
      'texts, as the command line gives them',
      {
        pingBodyLimit: '512',
        logDays: '30',
        historyDays: '800',
        alertBurst: '5',
        throwAway: 'true',
        pingConcurrency: '20',
        dashboard: 'false',
        webConcurrency: '5',
        pingRate: '600',
        holdMinutes: '30',
      },
    ],
    [
      'values of JSON',
      {
        pingBodyLimit: 512,
        logDays: 30,
        historyDays: 800,
        alertBurst: 5,
        throwAway: true,
        pingConcurrency: 20,
        dashboard: false,
        webConcurrency: 5,
        pingRate: 600,
        holdMinutes: 30,
      },
    ],
  ])('takes %s', (_, given) => {
    const mail = {
      pingEmailDomain: 'Ping.Example.com',
      pingEmailIdentity: 'existing',
      pingEmailRuleSet: 'default-rule-set',
    }
    const watcherUrl = 'https://hc-ping.com/watch'
    const words = {
      alertTopics: 'alerts,team-*',
      alertBuses: '*',
      name: 'overdue-2',
      unknownPings: 'strict',
      trustedFront: '2001:db8::1',
      senderIdentity: 'existing',
      watcherUrl,
    }
    const settings = read({ ...required, ...given, ...mail, ...words })

    expect(settings).toEqual({
      ...required,
      name: 'overdue-2',
      unknownPings: 'strict',
      pingBodyLimit: 512,
      logDays: 30,
      historyDays: 800,
      alertBurst: 5,
      throwAway: true,
      trustedFront: '2001:db8::1',
      pingConcurrency: 20,
      dashboard: false,
      webConcurrency: 5,
      pingRate: 600,
      senderIdentity: 'existing',
      senderZone: undefined,
      oneName: undefined,
      pingEmailDomain: 'ping.example.com',
      pingEmailIdentity: 'existing',
      pingEmailRuleSet: 'default-rule-set',
      alertTopics: ['alerts', 'team-*'],
      alertBuses: ['*'],
      holdMinutes: 30,
      watcherUrl,
      source: undefined,
    })
  })

  it('names what the former setting dialect is called now', () => {
    expect(() => read({ ...required, dialect: 'open' })).toThrow(
      new SettingError('the setting dialect is now called unknownPings; its values are the same'),
    )
  })

  it('takes none for a body limit', () => {
    const settings = read({ ...required, pingBodyLimit: 'none' })

    expect(settings.pingBodyLimit).toBe('none')
  })

  it('takes none for a rate of pings', () => {
    expect(read({ ...required, pingRate: 'none' }).pingRate).toBe('none')
  })

  it.each(['sender', 'admin'])('names %s when it is missing, and what it takes', (name) => {
    const given = { ...required, [name]: undefined }

    expect(() => read(given)).toThrow(
      new SettingError(
        `the setting ${name} is missing; it takes an e-mail address, as in ${name}=you@example.com`,
      ),
    )
  })

  it.each([
    [
      'sender',
      'an e-mail address',
      [
        '',
        'alerts',
        'alerts@localhost',
        'Overdue <alerts@example.com>',
        'a@b.com,c@d.com',
        'a b@example.com',
        7,
      ],
    ],
    ['admin', 'an e-mail address', ['you@', '@example.com', 'you@example..com', null, {}]],
    [
      'name',
      'a name of 1 to 60 letters, digits and hyphens that begins with a letter',
      ['', '2nd', 'over due', 'über', 'x'.repeat(61), 7],
    ],
    ['unknownPings', 'open or hosted or strict', ['closed', 'Open', '']],
    [
      'pingBodyLimit',
      'none or a whole number from 1 to 4000000',
      ['0', 0, -1, '4000001', 1.5, '1e3', 'all', ''],
    ],
    ['alertBurst', 'a whole number from 1 to 1000', ['0', 1001, 'none', null]],
    ['logDays', 'a whole number from 1 to 3650', ['0', 3651, '90d', '', null]],
    ['historyDays', 'a whole number from 1 to 3650', ['0', 3651]],
    ['throwAway', 'true or false', ['yes', 1, '']],
    ['trustedFront', 'an IP address', ['example.com', '10.0.0.0/8', '']],
    ['webConcurrency', 'a whole number from 1 to 100000', ['0', '100001', 'many', '']],
    ['pingConcurrency', 'a whole number from 1 to 100000', ['0', '100001', 'many', '']],
    ['pingRate', 'none or a whole number from 60 to 1000000', ['59', 0, 'all', '']],
    ['senderIdentity', 'managed or domain or existing', ['own', true, '']],
    ['senderZone', 'the ID of a hosted zone such as Z0123456789ABCDEFGHIJ', ['example.com', '']],
    [
      'domain',
      'a host name such as ping.example.com',
      [
        'example',
        'https://ping.example.com',
        'ping_1.example.com',
        '*.example.com',
        '192.0.2.1',
        '',
      ],
    ],
    [
      'certificate',
      'the ARN of a certificate in us-east-1',
      [arn.replace('us-east-1', 'eu-central-1'), 'ping.example.com', ''],
    ],
    [
      'zone',
      'the ID of a hosted zone such as Z0123456789ABCDEFGHIJ',
      ['example.com', 'z0123456789', ''],
    ],
    [
      'frontSecrets',
      'the number of a secret, or two with a comma between them, the one that is sent first',
      ['0', '1,1', '3,2,1', '1, 2', 'new', ''],
    ],
    ['apiOwnName', 'closed or open', ['true', '']],
    [
      'pingEmailDomain',
      'a host name such as ping.example.com',
      ['', 'localhost', '@example.com', 'you@example.com', 'a..b', 'a b.com', 7],
    ],
    ['pingEmailIdentity', 'managed or existing', ['own', '']],
    ['pingEmailRuleSet', 'the name of a receipt rule set', ['', '-x', 'a b', 'x'.repeat(65)]],
    [
      'alertTopics',
      'names of topics, at most 20, with commas between them, each of which may end in * for whatever follows',
      [
        '',
        'a,,b',
        '*x',
        'a b',
        'arn:aws:sns:us-east-1:123456789012:x',
        Array(21).fill('a').join(','),
        [],
      ],
    ],
    ['holdMinutes', 'a whole number from 1 to 1440', ['0', '1441', '15m', '']],
    ['sourceVpc', 'the ID of a VPC such as vpc-0123456789abcdef0', ['default', 'vpc-', '']],
    [
      'sourceSubnets',
      'IDs of one to sixteen subnets with commas between them',
      ['subnet-1', 'subnet-01234567,', Array(17).fill('subnet-01234567').join(',')],
    ],
    [
      'sourceSecurityGroup',
      'the ID of a security group such as sg-0123456789abcdef0',
      ['default', ''],
    ],
    [
      'sourceUrl',
      'a URL without a password, such as mysql://overdue@db.example.com/app or postgres://…',
      [
        'mysql://overdue:secret@db.example.com/app',
        'mysql://db.example.com/app',
        'mysql://overdue@db.example.com',
        'https://overdue@db.example.com/app',
        'db.example.com',
      ],
    ],
    [
      'sourceResource',
      'the resource ID of a database, such as db-ABCDEFGHIJKL01234, cluster-… or prx-…',
      ['mydb', 'db-*', ''],
    ],
    [
      'sourceSecret',
      'the ARN of a secret in Secrets Manager',
      ['mysecret', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:*', ''],
    ],
    ['watcherUrl', 'an https URL', ['http://example.com', 'example.com', '', 7]],
  ])('names %s when it is malformed, what it takes, and what it got', (name, takes, values) => {
    for (const value of values) {
      const given = { ...required, [name]: value }

      expect(() => read(given)).toThrow(
        new SettingError(`the setting ${name} takes ${takes}, got ${JSON.stringify(value)}`),
      )
    }
  })

  it.each([
    [{ certificate: arn }, { certificate: arn, zone: undefined, secrets: [1], isApiOpen: false }],
    [
      { zone: 'Z0123456789' },
      { certificate: 'managed', zone: 'Z0123456789', secrets: [1], isApiOpen: false },
    ],
    [
      { certificate: arn, zone: 'Z0123456789', frontSecrets: '3,2' },
      { certificate: arn, zone: 'Z0123456789', secrets: [3, 2], isApiOpen: false },
    ],
    [
      { zone: 'Z0123456789', apiOwnName: 'open' },
      { certificate: 'managed', zone: 'Z0123456789', secrets: [1], isApiOpen: true },
    ],
    [
      { zone: 'Z0123456789', frontSecrets: 2 },
      { certificate: 'managed', zone: 'Z0123456789', secrets: [2], isApiOpen: false },
    ],
  ])('takes a domain with %j', (given, oneName) => {
    const settings = read({ ...required, domain: 'ping.example.com', ...given })

    expect(settings.oneName).toEqual({ domain: 'ping.example.com', ...oneName })
  })

  it('takes a source that IAM lets it into, or one with a password', () => {
    const { sourceVpc, sourceSubnets, sourceUrl, sourceResource } = sourceSettings
    const network = { vpc: sourceVpc, subnets: sourceSubnets.split(',') }
    const sourceSecret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1-abc'

    expect(read({ ...required, ...sourceSettings }).source).toEqual({
      ...network,
      securityGroup: undefined,
      access: { kind: 'iam', url: sourceUrl, resource: sourceResource, user: 'overdue' },
    })
    expect(read({ ...required, sourceVpc, sourceSubnets, sourceSecret }).source).toMatchObject({
      access: { kind: 'secret', arn: sourceSecret },
    })
  })

  it.each([
    [{ sourceVpc: undefined }, 'belong to sourceVpc; set sourceVpc, too, or none of them'],
    [{ sourceSubnets: undefined }, 'needs sourceSubnets'],
    [{ sourceUrl: undefined }, 'needs sourceUrl and sourceResource'],
    [{ sourceResource: undefined }, 'needs sourceUrl and sourceResource'],
    [
      { sourceSecret: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x' },
      'needs sourceUrl and sourceResource',
    ],
  ])('says what a source wants: %j', (given, words) => {
    expect(() => read({ ...required, ...sourceSettings, ...given })).toThrow(words)
  })

  it('says what a domain without a certificate wants', () => {
    expect(() => read({ ...required, domain: 'ping.example.com' })).toThrow(
      new SettingError(
        'the setting domain needs a certificate for ping.example.com: give zone, the ID of its hosted zone in Route 53, and the stack makes one; or give certificate, the ARN of one in us-east-1',
      ),
    )
  })

  it.each([
    { certificate: arn },
    { zone: 'Z0123456789' },
    { frontSecrets: '2' },
    { apiOwnName: 'open' },
  ])('takes no %j without a domain', (given) => {
    expect(() => read({ ...required, ...given })).toThrow(/belong to a domain/)
  })

  it('takes a domain or a front of the operator, not both', () => {
    const given = {
      ...required,
      domain: 'ping.example.com',
      zone: 'Z0123456789',
      trustedFront: '192.0.2.1',
    }

    expect(() => read(given)).toThrow(/domain and trustedFront exclude each other/)
  })

  it('takes the zone of a sender whose domain is verified, and no other', () => {
    const senderZone = 'Z0123456789'

    expect(read({ ...required, senderIdentity: 'domain', senderZone })).toMatchObject({
      senderIdentity: 'domain',
      senderZone,
    })
    expect(() => read({ ...required, senderZone })).toThrow(
      /senderZone belongs to senderIdentity=domain/,
    )
  })

  it('makes one identity of a domain that alerts come from and pings go to', () => {
    const given = {
      ...required,
      sender: 'alerts@Example.com',
      senderIdentity: 'domain',
      pingEmailDomain: 'example.com',
    }

    expect(() => read(given)).toThrow(
      /both make the identity of example.com; set pingEmailIdentity=existing/,
    )
    expect(() => read({ ...given, pingEmailIdentity: 'existing' })).not.toThrow()
  })

  it.each(['a@b.co', "o'hara+x@sub.example.com"])('takes the address %s', (sender) => {
    const settings = read({ ...required, sender })

    expect(settings.sender).toBe(sender)
  })

  it.each([
    ['managed', 'alerts@example.org'],
    ['domain', 'alerts@example.org'],
    ['existing', 'Alerts@example.org'],
  ])('writes a sender whose identity is %s as %s', (senderIdentity, sender) => {
    const settings = read({ ...required, sender: 'Alerts@Example.ORG', senderIdentity })

    expect(settings.sender).toBe(sender)
  })
})

function read(given: Readonly<Record<string, unknown>>) {
  const { name, props } = readContext((setting) => given[setting])
  return { name, ...readSettings({ ...props }) }
}
