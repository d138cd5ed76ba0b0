import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { runInNewContext } from 'node:vm'
import type { Deployment } from '../lib/deployment.ts'
import { aRequest } from './requests.ts'

/** What the stack's distribution is told to do, as far as requests show it. */
type Behavior = {
  readonly PathPattern: string
  readonly TargetOriginId: string
  readonly ViewerProtocolPolicy: string
  readonly AllowedMethods: readonly string[]
  readonly CachePolicyId: unknown
  readonly OriginRequestPolicyId?: string
  readonly FunctionAssociations?: readonly {
    readonly EventType: string
    readonly FunctionARN: unknown
  }[]
}
type Origin = {
  readonly Id: string
  readonly DomainName: {
    readonly 'Fn::Select': readonly [number, { readonly 'Fn::Split': readonly [string, unknown] }]
  }
  readonly OriginCustomHeaders: readonly {
    readonly HeaderName: string
    readonly HeaderValue: unknown
  }[]
  readonly CustomOriginConfig: Readonly<Record<string, unknown>>
}
export type DistributionConfig = {
  readonly Origins: readonly Origin[]
  readonly DefaultCacheBehavior: Omit<Behavior, 'PathPattern'>
  readonly CacheBehaviors: readonly Behavior[]
  readonly CustomErrorResponses: readonly {
    readonly ErrorCode: number
    readonly ErrorCachingMinTTL: number
  }[]
} & Readonly<Record<string, unknown>>

export function distributionOf({ properties }: Deployment): DistributionConfig {
  return properties('Front/Distribution')['DistributionConfig'] as DistributionConfig
}

export type Viewer = {
  readonly scheme?: 'http' | 'https'
  readonly address: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * A request at its function: which one that is, what becomes of the answer, and the event that the
 * function gets.
 */
export type Passed = {
  readonly to: string
  readonly isKept: boolean
  readonly policy: string
  readonly event: APIGatewayProxyEventV2
}

/**
 * Plays CloudFront by the template's distribution: the first behaviour whose path fits, its
 * function, the managed policy that forwards all but the host, the headers of the origin in place
 * of the sender's; then what a function URL does to X-Forwarded-For.
 */
export function throughFront(
  deployment: Deployment,
  secret: string,
  fields: Parameters<typeof aRequest>[0],
  viewer: Viewer,
): Passed {
  const config = distributionOf(deployment)
  const behavior =
    config.CacheBehaviors.find(({ PathPattern }) => fits(PathPattern, fields.path ?? '/')) ??
    config.DefaultCacheBehavior
  const origin = config.Origins.find(({ Id }) => Id === behavior.TargetOriginId)
  if (origin === undefined) throw new Error('a behaviour has no origin')
  const forwardsAll = behavior.OriginRequestPolicyId === allViewerExceptHost
  const seen = (behavior.FunctionAssociations ?? []).reduce<Readonly<Record<string, string>>>(
    (headers, { FunctionARN }) =>
      atTheEdge(codeOf(deployment, FunctionARN), headers, viewer.address),
    { ...viewer.headers, host: 'ping.example.com' },
  )
  const { host: _, ...others } = seen
  const added = Object.fromEntries(
    origin.OriginCustomHeaders.map(({ HeaderName }) => [HeaderName.toLowerCase(), secret]),
  )
  const headers = {
    ...(forwardsAll ? { ...others, 'cloudfront-forwarded-proto': viewer.scheme ?? 'https' } : {}),
    host: 'abc.lambda-url.us-east-1.on.aws',
    'x-forwarded-for': viewer.headers?.['x-forwarded-for']?.split(',')[0] ?? viewer.address,
    'x-forwarded-proto': 'https',
    ...added,
  }
  return {
    to: deployment.named(origin.DomainName['Fn::Select'][1]['Fn::Split'][1]),
    isKept: behavior.CachePolicyId !== cachingDisabled,
    policy: behavior.ViewerProtocolPolicy,
    event: aRequest({ ...fields, headers, sourceIp: edge }),
  }
}

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html,
// using-managed-origin-request-policies.html
const cachingDisabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
const allViewerExceptHost = 'b689b0a8-53d0-40ab-baf2-68738e2966ac'

/** Where CloudFront's request comes from. */
export const edge = '192.0.2.99'

function fits(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}

function codeOf({ properties, named }: Deployment, reference: unknown): string {
  return String(properties(named(reference).replace(/ FunctionARN$/, ''))['FunctionCode'])
}

/** Runs the code of a CloudFront function on a request that its viewer sends. */
function atTheEdge(
  code: string,
  headers: Readonly<Record<string, string>>,
  ip: string,
): Readonly<Record<string, string>> {
  const given = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, edgeHeader(value)]),
  )
  const event = {
    version: '1.0',
    viewer: { ip },
    request: { method: 'GET', uri: '/', querystring: {}, headers: given, cookies: {} },
  }
  const request = runInNewContext(`${code}\nhandler(event)`, { event }) as {
    readonly headers: Readonly<Record<string, EdgeHeader>>
  }
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, { value, multiValue }]) => [
      name,
      multiValue?.map((each) => each.value).join(',') ?? value,
    ]),
  )
}

/** A header that was sent repeatedly, here one with commas, has all its values beside the first. */
function edgeHeader(text: string): EdgeHeader {
  const multiValue = text.split(', ').map((value) => ({ value }))
  return { value: multiValue[0]?.value ?? '', ...(multiValue.length > 1 ? { multiValue } : {}) }
}

type EdgeHeader = {
  readonly value: string
  readonly multiValue?: readonly { readonly value: string }[]
}
