import { afterEach, describe, expect, it, vi } from 'vitest'
import { SettingError } from '../../lib/settings.ts'
import { distributionOf, throughFront } from '../support/front.ts'
import { deployment, type Properties } from './deployment.ts'

const certificate =
  'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef'
const domain = 'ping.example.com'
const uuid = '01234567-89ab-4cde-8f01-23456789abcd'
const withZone = deployment({ domain, zone: 'Z0123456789' })
const withCertificate = deployment({ domain, certificate })
const config = distributionOf(withZone)

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the distribution', () => {
  it.each([
    ['/api/v3/checks/', 'Management/Api'],
    ['/api', 'Management/Api'],
    [`/projects/${uuid}/metrics/`, 'Management/Api'],
    ['/monitors/7/cron-checks/sync', 'Management/Api'],
    [`/badge/${uuid}/abcdefgh.svg`, 'Management/Api'],
    [`/b/2/${uuid}.svg`, 'Management/Api'],
    ['/', 'Pages/Web'],
    ['/app', 'Pages/Web'],
    ['/app/p/1/', 'Pages/Web'],
    ['/application/backup', 'Pinging/Ping'],
    [`/${uuid}`, 'Pinging/Ping'],
    [`/ping/${uuid}/start`, 'Pinging/Ping'],
    ['/apikey/backup', 'Pinging/Ping'],
    ['/badger/backup', 'Pinging/Ping'],
    ['/backups/nightly', 'Pinging/Ping'],
    ['/projectskey/backup', 'Pinging/Ping'],
  ])('brings %s to %s', (path, handler) => {
    const { to } = throughFront(withZone, 'secret', { path }, { address: '198.51.100.7' })

    expect(to).toBe(`${handler}/FunctionUrl FunctionUrl`)
  })

  it('keeps nothing but badges, for some seconds, by their path alone', () => {
    const { isKept } = throughFront(
      withZone,
      'secret',
      { path: `/${uuid}` },
      { address: '198.51.100.7' },
    )
    const kept = config.CacheBehaviors.filter(
      ({ CachePolicyId }) => typeof CachePolicyId !== 'string',
    )

    expect(isKept).toBe(false)
    expect(kept.map(({ PathPattern }) => PathPattern)).toEqual(['/badge', '/badge/*', '/b', '/b/*'])
    expect(kept.map(({ CachePolicyId }) => withZone.named(CachePolicyId))).toEqual(
      kept.map(() => 'Front/BadgeCaching'),
    )
    expect(withZone.properties('Front/BadgeCaching')['CachePolicyConfig']).toMatchObject({
      MinTTL: 5,
      DefaultTTL: 5,
      MaxTTL: 5,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
      },
    })
  })

  it('keeps no error, which it would for ten seconds', () => {
    // All that can be configured, but 416, which it never keeps.
    const codes = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]

    expect(config.CustomErrorResponses).toEqual(
      codes.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
    )
  })

  it('takes all methods, pings unencrypted too, keys never', () => {
    const behaviors = [
      { PathPattern: 'pings', ...config.DefaultCacheBehavior },
      ...config.CacheBehaviors,
    ]
    const policies = Object.fromEntries(
      behaviors.map(({ PathPattern, ViewerProtocolPolicy }) => [PathPattern, ViewerProtocolPolicy]),
    )

    for (const { AllowedMethods } of behaviors) expect(AllowedMethods).toHaveLength(7)
    expect(policies).toEqual({
      pings: 'allow-all',
      '/api': 'https-only',
      '/api/*': 'https-only',
      '/projects': 'https-only',
      '/projects/*': 'https-only',
      '/monitors': 'https-only',
      '/monitors/*': 'https-only',
      '/badge': 'redirect-to-https',
      '/badge/*': 'redirect-to-https',
      '/b': 'redirect-to-https',
      '/b/*': 'redirect-to-https',
      '/': 'redirect-to-https',
      '/app': 'redirect-to-https',
      '/app/*': 'redirect-to-https',
    })
  })

  it('speaks today’s protocols, answers to its domain, and writes no log', () => {
    expect(config).toMatchObject({
      Aliases: [domain],
      Enabled: true,
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      PriceClass: 'PriceClass_100',
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
    })
    expect(config).not.toHaveProperty('Logging')
  })

  it('waits longer than any function may take, and asks them encrypted', () => {
    const limits = ['Pinging/Ping', 'Management/Api', 'Pages/Web'].map(
      (path) => withZone.properties(path)['Timeout'] as number,
    )

    for (const { CustomOriginConfig } of config.Origins) {
      expect(CustomOriginConfig['OriginReadTimeout']).toBeGreaterThan(Math.max(...limits))
      expect(CustomOriginConfig['OriginProtocolPolicy']).toBe('https-only')
    }
  })
})

describe('the secret of the distribution', () => {
  it('is made by AWS, goes to all functions behind it, and is not in the template', () => {
    const secret = withZone.properties('Front/Secret1')

    expect([...withZone.ofType('AWS::SecretsManager::Secret').keys()]).toEqual(['Front/Secret1'])
    expect(secret['GenerateSecretString']).toEqual({ ExcludePunctuation: true, PasswordLength: 64 })
    expect(secret).not.toHaveProperty('SecretString')
    for (const { OriginCustomHeaders } of config.Origins) {
      expect(OriginCustomHeaders).toEqual([
        { HeaderName: 'overdue-secret', HeaderValue: reference('OverdueFrontSecret1') },
      ])
    }
    for (const handler of ['Pinging/Ping', 'Management/Api', 'Pages/Web']) {
      expect(variables(handler)).toMatchObject({
        DOMAIN: domain,
        FRONT_SECRETS: reference('OverdueFrontSecret1'),
      })
    }
  })

  it('is replaced while the one before is still taken', () => {
    const replaced = deployment({ domain, certificate, frontSecrets: '2,1' })
    const { Variables } = replaced.properties('Pinging/Ping')['Environment'] as {
      readonly Variables: Properties
    }

    expect([...replaced.ofType('AWS::SecretsManager::Secret').keys()]).toEqual([
      'Front/Secret2',
      'Front/Secret1',
    ])
    expect(JSON.stringify(Variables['FRONT_SECRETS'])).toMatch(/FrontSecret2.*,.*FrontSecret1/)
    for (const { OriginCustomHeaders } of distributionOf(replaced).Origins) {
      expect(OriginCustomHeaders[0]?.HeaderValue).toEqual(reference('OverdueFrontSecret2'))
    }
  })
})

describe('a domain', () => {
  it('is all that links and outputs name', () => {
    const { PingEndpoint, ApiRoot } = withZone.outputs

    expect(PingEndpoint?.Value).toBe('https://ping.example.com')
    expect(ApiRoot?.Value).toBe('https://ping.example.com/api/v3/')
    expect(variables('Management/Api')['PING_ENDPOINT']).toBe('https://ping.example.com')
    expect(variables('Alerting/Alert')).toMatchObject({
      PING_ENDPOINT: 'https://ping.example.com',
      API_URL: 'https://ping.example.com/',
      DASHBOARD_URL: 'https://ping.example.com/app/',
    })
  })

  it('gets its certificate and its records in its zone', () => {
    const records = [...withZone.ofType('AWS::Route53::RecordSet').values()].map(
      ({ Properties }) => Properties,
    )

    expect(withZone.properties('Front/Certificate')).toMatchObject({
      DomainName: domain,
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: domain, HostedZoneId: 'Z0123456789' }],
    })
    expect(records.map(({ Type, Name, HostedZoneId }) => [Type, Name, HostedZoneId])).toEqual([
      ['A', 'ping.example.com.', 'Z0123456789'],
      ['AAAA', 'ping.example.com.', 'Z0123456789'],
    ])
    for (const { AliasTarget } of records) {
      expect(withZone.named((AliasTarget as Properties)['DNSName'])).toBe(
        'Front/Distribution DomainName',
      )
    }
    expect(withZone.outputs).not.toHaveProperty('DomainTarget')
  })

  it('with a certificate alone leaves the records to the operator, and says where they lead', () => {
    expect([...withCertificate.ofType('AWS::Route53::RecordSet')]).toEqual([])
    expect([...withCertificate.ofType('AWS::CertificateManager::Certificate')]).toEqual([])
    expect(distributionOf(withCertificate)['ViewerCertificate']).toMatchObject({
      AcmCertificateArn: certificate,
    })
    expect(withCertificate.named(withCertificate.outputs['DomainTarget']?.Value)).toBe(
      'Front/Distribution DomainName',
    )
  })

  it.each([
    [
      'eu-central-1',
      { zone: 'Z0123456789' },
      /certificates of us-east-1 only, and a stack in eu-central-1 makes none there/,
    ],
    ['eu-central-1', { zone: 'Z0123456789', certificate }, undefined],
    ['us-east-1', { zone: 'Z0123456789' }, undefined],
  ])('deployed to %s with %j', (region, given, error) => {
    vi.stubEnv('CDK_DEFAULT_REGION', region)
    const make = () => deployment({ domain, ...given })

    if (error === undefined) expect(make).not.toThrow()
    else
      expect(make).toThrow(
        expect.objectContaining({
          constructor: SettingError,
          message: expect.stringMatching(error) as string,
        }),
      )
  })

  it('closes the name that AWS gave the API, unless told to leave it open', () => {
    const open = deployment({ domain, certificate, apiOwnName: 'open' })
    const told = (of: typeof open, path: string) =>
      (of.properties(path)['Environment'] as { readonly Variables: Properties }).Variables[
        'OWN_NAME'
      ]

    expect([told(open, 'Management/Api'), told(open, 'Pinging/Ping')]).toEqual(['open', undefined])
    expect(JSON.stringify(open.outputs['ApiOwnRoot']?.Value)).toMatch(
      /ManagementApi.*FunctionUrl.*api\/v3\//,
    )
    expect(told(withCertificate, 'Management/Api')).toBeUndefined()
    expect(withCertificate.outputs).not.toHaveProperty('ApiOwnRoot')
  })

  it('is not needed: without one there is no front', () => {
    const types = [
      'AWS::CloudFront::Distribution',
      'AWS::SecretsManager::Secret',
      'AWS::CloudFront::Function',
    ]
    const plain = deployment()

    expect(types.flatMap((type) => [...plain.ofType(type)])).toEqual([])
  })
})

function reference(id: string): unknown {
  return {
    'Fn::Join': [
      '',
      [
        '{{resolve:secretsmanager:',
        { Ref: expect.stringMatching(`^${id}[0-9A-F]{8}$`) as unknown },
        ':SecretString:::}}',
      ],
    ],
  }
}

function variables(path: string): Properties {
  return (withZone.properties(path)['Environment'] as { readonly Variables: Properties }).Variables
}
