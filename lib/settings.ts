import { z } from 'zod'
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
  zoneId,
} from './setting-kinds.ts'

/** The stack that the operator's command works on unless it is told otherwise. */
export const DEFAULT_NAME = 'Overdue'

/** What a deployment is told, as CDK context: `-c name=value`, or the `context` of cdk.json. */
const shape = z.object({
  /** Of the stack, by which everything in it is named. */
  name: stackName.default(DEFAULT_NAME),
  /**
   * Where alerts come from, spelled as SES knows it: one letter in another case is another address
   * to it.
   */
  sender: address,
  /** Where the operator's alarms go. */
  admin: address,
  /** How a ping of an unknown UUID is answered. */
  unknownPings: eitherOf('open', 'hosted', 'strict').default('open'),
  /** How many bytes of a ping's body are kept; `none` keeps them all. */
  pingBodyLimit: bodyLimit.default(10_000),
  /** How long pings, bodies and outcomes of deliveries are kept. */
  logDays: numberBetween(1, 3650).default(90),
  /** How long flips are kept, from which uptime is told; never shorter than pings. */
  historyDays: numberBetween(1, 3650).default(400),
  /**
   * How many alerts of a project go out singly in a minute; e-mail about the rest is gathered into
   * digests.
   */
  alertBurst: numberBetween(1, 1000).default(20),
  /** Tables without protection, removed with the stack. */
  throwAway: eitherOf('true', 'false')
    .default('false')
    .transform((text) => text === 'true'),
  /** The one proxy whose forwarding headers are believed. */
  trustedFront: ipAddress.optional(),
  /** Reserved concurrency of the ping function. */
  pingConcurrency: numberBetween(1, 100_000).optional(),
  /** Whether there are pages. */
  dashboard: eitherOf('true', 'false')
    .default('true')
    .transform((text) => text === 'true'),
  /** Reserved concurrency of the pages, which bounds what they take from pings, too. */
  webConcurrency: numberBetween(1, 100_000).optional(),
  /** How many equal pings to one check an instance takes a minute; `none` takes them all. */
  pingRate: pingRate.default(60),
  /**
   * What the stack makes of the sender in SES: an identity of the address, one of its domain, or
   * nothing where it is verified already.
   */
  senderIdentity: eitherOf('managed', 'domain', 'existing').default('managed'),
  /**
   * Hosted zone that the stack writes the records of the sender's domain into; undefined: the
   * operator sees to them.
   */
  senderZone: zoneId.optional(),
  /** The one name of pings and API; without it each has the name that AWS gave it. */
  domain: hostName.optional(),
  certificate: certificateArn.optional(),
  zone: zoneId.optional(),
  frontSecrets: frontSecrets.optional(),
  apiOwnName: eitherOf('closed', 'open').optional(),
  /** The domain whose mail pings; without it, none does. */
  pingEmailDomain: hostName.optional(),
  /**
   * Whether the stack makes the SES identity of that domain, or finds it, or a domain above it,
   * verified.
   */
  pingEmailIdentity: eitherOf('managed', 'existing').default('managed'),
  /**
   * The SES receipt rule set that is active already, for the stack to add its rule to; without it,
   * the stack makes one.
   */
  pingEmailRuleSet: ruleSetName.optional(),
  /**
   * Topics of SNS in the account that channels may name; an asterisk at the end of one stands for
   * whatever follows.
   */
  alertTopics: listOfNames('topics').default([]),
  /** The same of event buses. */
  alertBuses: listOfNames('event buses').default([]),
  /** For how long missed deadlines are held back while pings can't be taken. */
  holdMinutes: numberBetween(1, 1440).default(15),
  /** What each run of the sweep pings, so that somebody else notices when there are none. */
  watcherUrl: httpsUrl.optional(),
})

type Given = z.output<typeof shape>

export type Settings = Readonly<
  Omit<Given, 'domain' | 'certificate' | 'zone' | 'frontSecrets' | 'apiOwnName'>
> & { readonly oneName: OneName | undefined }

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

/** A setting that is missing or malformed; the message is for the person who gave it. */
export class SettingError extends Error {}

/** @throws SettingError, about the first setting that is missing or malformed. */
export function readSettings(context: (name: string) => unknown): Settings {
  if (context('dialect') !== undefined)
    throw new SettingError(
      'the setting dialect is now called unknownPings; its values are the same',
    )
  const given = Object.fromEntries(Object.keys(shape.shape).map((name) => [name, context(name)]))
  const parsed = shape.safeParse(given)
  if (!parsed.success) throw errorOf(parsed.error.issues[0], given)
  const { domain, certificate, zone, frontSecrets, apiOwnName, ...settings } = parsed.data
  checkSender(settings)
  return {
    ...settings,
    sender: spelledSender(settings),
    oneName: oneNameOf({ ...settings, domain, certificate, zone, frontSecrets, apiOwnName }),
  }
}

function errorOf(
  issue: z.core.$ZodIssue | undefined,
  given: Readonly<Record<string, unknown>>,
): SettingError {
  const name = String(issue?.path[0])
  const takes = issue?.message ?? ''
  return new SettingError(
    given[name] === undefined
      ? `the setting ${name} is missing; it takes ${takes}, as in -c ${name}=you@example.com`
      : `the setting ${name} takes ${takes}, got ${JSON.stringify(given[name])}`,
  )
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
}: Omit<Settings, 'oneName'>): void {
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
