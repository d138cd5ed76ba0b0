import { z } from 'zod'
import type { OverdueProps } from './props.ts'
import { SettingError } from './setting-error.ts'
import {
  address,
  bodyLimit,
  certificateArn,
  frontSecrets,
  hostName,
  httpsUrl,
  ipAddress,
  listOfNames,
  eitherOf,
  pingRate,
  ruleSetName,
  stackName,
  numberBetween,
  yesOrNo,
  zoneId,
  databaseResource,
  databaseUrl,
  secretArn,
  securityGroupId,
  subnetIds,
  vpcId,
} from './setting-kinds.ts'
import { type GivenSource, sourceSettingsOf, type SourceSettings } from './source-settings.ts'

export { SettingError } from './setting-error.ts'

/** The stack that the operator's command works on unless it is told otherwise. */
export const DEFAULT_NAME = 'Overdue'

/** By the names of the props, where each is described. */
const shape = z.object({
  sender: address,
  admin: address,
  unknownPings: eitherOf('open', 'hosted', 'strict').default('open'),
  pingBodyLimit: bodyLimit.default(10_000),
  logDays: numberBetween(1, 3650).default(90),
  historyDays: numberBetween(1, 3650).default(400),
  alertBurst: numberBetween(1, 1000).default(20),
  throwAway: yesOrNo.default(false),
  trustedFront: ipAddress.optional(),
  pingConcurrency: numberBetween(1, 100_000).optional(),
  dashboard: yesOrNo.default(true),
  webConcurrency: numberBetween(1, 100_000).optional(),
  pingRate: pingRate.default(60),
  senderIdentity: eitherOf('managed', 'domain', 'existing').default('managed'),
  senderZone: zoneId.optional(),
  domain: hostName.optional(),
  certificate: certificateArn.optional(),
  zone: zoneId.optional(),
  frontSecrets: frontSecrets.optional(),
  apiOwnName: eitherOf('closed', 'open').optional(),
  pingEmailDomain: hostName.optional(),
  pingEmailIdentity: eitherOf('managed', 'existing').default('managed'),
  pingEmailRuleSet: ruleSetName.optional(),
  alertTopics: listOfNames('topics').default([]),
  alertBuses: listOfNames('event buses').default([]),
  holdMinutes: numberBetween(1, 1440).default(15),
  watcherUrl: httpsUrl.optional(),
  sourceVpc: vpcId.optional(),
  sourceSubnets: subnetIds.optional(),
  sourceSecurityGroup: securityGroupId.optional(),
  sourceUrl: databaseUrl.optional(),
  sourceResource: databaseResource.optional(),
  sourceSecret: secretArn.optional(),
} satisfies Readonly<Record<keyof OverdueProps, z.ZodType>>)

const nameOfStack = stackName.default(DEFAULT_NAME)

/** The names of all settings, that of the stack aside. */
const settingNames: readonly string[] = Object.keys(shape.shape)

/** What each setting takes, in words; that of the stack's name included. */
export const settingTakes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ ...shape.shape, name: nameOfStack }).map(([name, kind]) => [
    name,
    kind.safeParse(null).error?.issues[0]?.message ?? '',
  ]),
)

type Given = z.output<typeof shape>

type OfName = 'domain' | 'certificate' | 'zone' | 'frontSecrets' | 'apiOwnName'

export type Settings = Readonly<Omit<Given, OfName | keyof GivenSource>> & {
  readonly oneName: OneName | undefined
  /** Undefined where no database says which checks there are. */
  readonly source: SourceSettings | undefined
}

export type OneName = {
  readonly domain: string
  /** ARN of a certificate for the domain, or `managed`: the stack makes one. */
  readonly certificate: string
  /**
   * Hosted zone that the stack writes the domain's records into; undefined: the operator sees to
   * them.
   */
  readonly zone: string | undefined
  /**
   * Numbers of the secrets by which functions know the distribution: the one that it sends, and the
   * one before while it is replaced.
   */
  readonly secrets: readonly number[]
  /** Whether the name that AWS gave the API goes on answering beside the domain. */
  readonly isApiOpen: boolean
}

/**
 * @param given by the settings' names: values, or the texts that the command line has for them
 * @throws SettingError, about the first setting that is missing, malformed or unknown.
 */
export function readSettings(given: Readonly<Record<string, unknown>>): Settings {
  const unknown = Object.keys(given).find((name) => !settingNames.includes(name))
  if (unknown !== undefined) throw new SettingError(`no setting is called ${unknown}`)
  const parsed = shape.safeParse(given)
  if (!parsed.success) throw errorOf(parsed.error.issues[0], given)
  const { domain, certificate, zone, frontSecrets, apiOwnName, ...others } = parsed.data
  const { sourceVpc, sourceSubnets, sourceSecurityGroup, ...rest } = others
  const { sourceUrl, sourceResource, sourceSecret, ...settings } = rest
  const network = { sourceVpc, sourceSubnets, sourceSecurityGroup }
  checkSender(settings)
  return {
    ...settings,
    sender: spelledSender(settings),
    source: sourceSettingsOf({ ...network, sourceUrl, sourceResource, sourceSecret }),
    oneName: oneNameOf(parsed.data),
  }
}

/**
 * Props and the stack's name from CDK context: `-c name=value`, or the `context` of cdk.json. What
 * else is in there is CDK's.
 * @returns props that are to be read, by which they are checked
 * @throws SettingError when the name is malformed.
 */
export function readContext(context: (name: string) => unknown): {
  readonly name: string
  readonly props: OverdueProps
} {
  if (context('dialect') !== undefined)
    throw new SettingError(
      'the setting dialect is now called unknownPings; its values are the same',
    )
  const name = nameOfStack.safeParse(context('name'))
  if (!name.success)
    throw new SettingError(wrong('name', name.error.issues[0]?.message, context('name')))
  const given: unknown = Object.fromEntries(settingNames.map((each) => [each, context(each)]))
  return { name: name.data, props: given as OverdueProps }
}

function errorOf(
  issue: z.core.$ZodIssue | undefined,
  given: Readonly<Record<string, unknown>>,
): SettingError {
  const name = String(issue?.path[0])
  const takes = issue?.message ?? ''
  return new SettingError(
    given[name] === undefined
      ? `the setting ${name} is missing; it takes ${takes}, as in ${name}=you@example.com`
      : wrong(name, takes, given[name]),
  )
}

function wrong(name: string, takes = '', value: unknown): string {
  return `the setting ${name} takes ${takes}, got ${JSON.stringify(value)}`
}

/**
 * An identity that exists may have been verified with capitals before the @, and SES would not know
 * it without them.
 */
function spelledSender({
  sender,
  senderIdentity,
}: Pick<Given, 'sender' | 'senderIdentity'>): string {
  return senderIdentity === 'existing'
    ? `${sender.slice(0, sender.lastIndexOf('@'))}@${domainOf(sender)}`
    : sender.toLowerCase()
}

/** Of an e-mail address, as names of hosts are written. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

/** @throws SettingError when the settings of the domain don't go together. */
function oneNameOf(given: Given): OneName | undefined {
  const { domain, certificate, zone, frontSecrets, apiOwnName, trustedFront } = given
  if (domain === undefined) {
    if ([certificate, zone, frontSecrets, apiOwnName].every((each) => each === undefined))
      return undefined
    throw new SettingError(
      'the settings certificate, zone, frontSecrets and apiOwnName belong to a domain; set domain, too, or none of them',
    )
  }
  if (trustedFront !== undefined)
    throw new SettingError(
      'the settings domain and trustedFront exclude each other: with a domain, its distribution is the one front',
    )
  if (certificate === undefined && zone === undefined)
    throw new SettingError(
      `the setting domain needs a certificate for ${domain}: give zone, the ID of its hosted zone in Route 53, and the stack makes one; or give certificate, the ARN of one in us-east-1`,
    )
  return {
    domain,
    certificate: certificate ?? 'managed',
    zone,
    secrets: frontSecrets ?? [1],
    isApiOpen: apiOwnName === 'open',
  }
}

/** @throws SettingError when the settings of the sender don't go together. */
function checkSender({
  sender,
  senderIdentity,
  senderZone,
  pingEmailDomain,
  pingEmailIdentity,
}: Omit<Settings, 'oneName' | 'source'>): void {
  if (senderZone !== undefined && senderIdentity !== 'domain')
    throw new SettingError(
      'the setting senderZone belongs to senderIdentity=domain; set both or neither',
    )
  if (
    senderIdentity === 'domain' &&
    pingEmailIdentity === 'managed' &&
    pingEmailDomain === domainOf(sender)
  )
    throw new SettingError(
      `the settings senderIdentity and pingEmailIdentity would both make the identity of ${pingEmailDomain}; set pingEmailIdentity=existing`,
    )
}
