import { Duration, Stack, Token, Validations } from 'aws-cdk-lib'
import {
  Certificate,
  CertificateValidation,
  type ICertificate,
} from 'aws-cdk-lib/aws-certificatemanager'
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { IFunctionUrl } from 'aws-cdk-lib/aws-lambda'
import {
  AaaaRecord,
  ARecord,
  HostedZone,
  type IHostedZone,
  RecordTarget,
} from 'aws-cdk-lib/aws-route53'
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { Outputs } from './outputs.ts'
import { type OneName, SettingError } from './settings.ts'

/**
 * The one name: a distribution before all function URLs, which let in nobody else
 * (docs/decisions/0010-one-name.md).
 */
export class Front extends Construct {
  /** Where everything is, without a slash at its end. */
  readonly root: string
  /** Whether the API is reached past it, too. */
  readonly isApiOpen: boolean
  /** What the functions behind it need to know. */
  readonly environment: Readonly<Record<string, string>>
  readonly #oneName: OneName
  readonly #zone: IHostedZone | undefined
  /** The first is the one that is sent. */
  readonly #secrets: readonly string[]

  constructor(scope: Construct, id: string, oneName: OneName) {
    super(scope, id)
    this.#oneName = oneName
    this.isApiOpen = oneName.isApiOpen
    this.#zone =
      oneName.zone === undefined
        ? undefined
        : HostedZone.fromHostedZoneId(this, 'Zone', oneName.zone)
    this.#secrets = oneName.secrets.map((number) => makeSecret(this, `Secret${number}`))
    this.root = `https://${oneName.domain}`
    this.environment = { DOMAIN: oneName.domain, FRONT_SECRETS: this.#secrets.join(',') }
  }

  /**
   * Puts the distribution before the functions. What it adds to the outputs of the stack tells the
   * operator what is left to do.
   */
  carry(urls: Carried<IFunctionUrl>): Outputs {
    const { domain } = this.#oneName
    const origin = (url: IFunctionUrl) =>
      new FunctionUrlOrigin(url, {
        customHeaders: { [secretHeader]: this.#secrets[0] ?? '' },
        readTimeout,
      })
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Overdue: pings, API and pages under one name',
      domainNames: [domain],
      certificate: this.#certificate(),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      // The functions are in one region: a place near its sender would only make a request dearer.
      priceClass: PriceClass.PRICE_CLASS_100,
      ...this.#behaviors({
        pings: origin(urls.pings),
        api: origin(urls.api),
        pages: urls.pages && origin(urls.pages),
      }),
      errorResponses: cachedErrors.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    })
    for (const [rule, reason] of Object.entries(waivers)) {
      Validations.of(distribution).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason })
    }
    if (this.#zone === undefined) {
      return {
        DomainTarget: [
          distribution.domainName,
          `Where ${domain} has to lead: a CNAME or alias record in its DNS`,
        ],
      }
    }
    // A name with its dot is taken as it is; only the ID of the zone is known.
    const record = {
      zone: this.#zone,
      recordName: `${domain}.`,
      target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
    }
    new ARecord(this, 'Address', record)
    new AaaaRecord(this, 'AddressV6', record)
    return {}
  }

  #behaviors({ pings, api, pages }: Carried<IOrigin>) {
    const passing = {
      ...passedOn,
      functionAssociations: [
        { function: makeViewer(this), eventType: FunctionEventType.VIEWER_REQUEST },
      ],
    }
    // A key must not travel in clear, not even to be told so: no redirect.
    const keyed = { ...passing, origin: api, viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY }
    const badges = { ...cached, origin: api, cachePolicy: makeBadgeCaching(this) }
    return {
      // Devices that speak no TLS ping, too.
      defaultBehavior: {
        ...passing,
        origin: pings,
        viewerProtocolPolicy: ViewerProtocolPolicy.ALLOW_ALL,
      },
      additionalBehaviors: {
        ...below('/api', keyed),
        ...below('/projects', keyed),
        ...below('/monitors', keyed),
        ...below('/badge', badges),
        ...below('/b', badges),
        ...(pages === undefined ? {} : pagesBy({ ...passing, origin: pages })),
      },
    }
  }

  #certificate(): ICertificate {
    const { domain, certificate } = this.#oneName
    if (certificate !== 'managed')
      return Certificate.fromCertificateArn(this, 'Certificate', certificate)
    const region = regionOf(this)
    if (region !== undefined && region !== 'us-east-1') {
      throw new SettingError(
        `the setting certificate is missing: CloudFront takes certificates of us-east-1 only, and a stack in ${region} makes none there; give the ARN of one for ${domain}`,
      )
    }
    return new Certificate(this, 'Certificate', {
      domainName: domain,
      validation: CertificateValidation.fromDns(this.#zone),
    })
  }
}

type Carried<Way> = { readonly pings: Way; readonly api: Way; readonly pages: Way | undefined }

// `lambdas/runtime/front.ts` reads both headers.
const secretHeader = 'overdue-secret'
const viewerHeader = 'overdue-viewer'

/**
 * Nothing is cached. All methods, queries, bodies and headers are passed on, except the host, which
 * Lambda reads.
 */
const passedOn = {
  allowedMethods: AllowedMethods.ALLOW_ALL,
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  compress: false,
}

/**
 * Longer than any function may take: CloudFront sends a GET again which it has given up, and a ping
 * would count twice.
 */
const readTimeout = Duration.seconds(40)

/** One answer for all who ask for the same path. */
const cached = {
  allowedMethods: AllowedMethods.ALLOW_ALL,
  viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  compress: false,
}

/**
 * Errors that CloudFront would keep for ten seconds, whatever the caching policy and the headers: a
 * check that is new would stay unknown.
 */
const cachedErrors = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]

const waivers = {
  CFR1: 'Jobs may run anywhere',
  CFR2: 'A rule for each request would cost more than the pings; what is unknown costs one write unit',
  CFR3: 'Access logs would hold ping URLs, which are secrets, and cost more than the pings',
  CFR7: 'With origin access control every client would have to send the hash of its body; the secret header does the same for all clients',
}

function below(path: string, behavior: BehaviorOptions): Readonly<Record<string, BehaviorOptions>> {
  return { [path]: behavior, [`${path}/*`]: behavior }
}

/** Who types the name alone is led to the pages, and to the encrypted ones. */
function pagesBy(behavior: BehaviorOptions): Readonly<Record<string, BehaviorOptions>> {
  const secure = { ...behavior, viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS }
  return { '/': secure, ...below('/app', secure) }
}

/**
 * CloudFront keeps for the least time what is marked as not to be kept, too; whoever is behind it
 * still sees the mark.
 */
function makeBadgeCaching(scope: Construct): CachePolicy {
  const kept = Duration.seconds(5)
  return new CachePolicy(scope, 'BadgeCaching', {
    comment: 'Overdue: badges, for a few seconds, by path alone',
    minTtl: kept,
    defaultTtl: kept,
    maxTtl: kept,
  })
}

/**
 * Passes on the sender's address, in place of whatever the sender claims. X-Forwarded-For can't:
 * function URLs cut it to its first address.
 */
function makeViewer(scope: Construct): EdgeFunction {
  return new EdgeFunction(scope, 'Viewer', {
    comment: 'Overdue: tells the functions the address of the sender',
    runtime: FunctionRuntime.JS_2_0,
    code: FunctionCode.fromInline(`function handler(event) {
  event.request.headers['${viewerHeader}'] = { value: event.viewer.ip }
  return event.request
}`),
  })
}

/** The number is in the name, so that another number makes another secret. */
function makeSecret(scope: Construct, id: string): string {
  const secret = new Secret(scope, id, {
    description: 'By this the functions of Overdue know their distribution',
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  })
  const reason =
    'It is replaced with a deployment, by the setting frontSecrets: distribution and functions have to follow in order'
  Validations.of(secret).acknowledge({ id: 'AwsSolutions::AwsSolutions-SMG4', reason })
  // A reference that CloudFormation resolves; the template doesn't hold the secret.
  return secret.secretValue.unsafeUnwrap()
}

/** What the CDK's command knows from the credentials, when the stack is not bound to a region. */
function regionOf(scope: Construct): string | undefined {
  const { region } = Stack.of(scope)
  return Token.isUnresolved(region) ? process.env['CDK_DEFAULT_REGION'] : region
}
