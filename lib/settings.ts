import { isIP } from 'node:net'
import { emailAddress } from '../lambdas/domain/people/email-address.ts'

/** What a deployment is told, as CDK context: `-c name=value`, or the `context` of cdk.json. */
export type Settings = {
  /** Of the stack, by which everything in it is named. */
  readonly name: string
  /**
   * Where alerts come from, spelled as SES knows it: one letter in another case is another address
   * to it.
   */
  readonly sender: string
  /** Where the operator's alarms go. */
  readonly admin: string
  /** How an unknown UUID is answered. */
  /** How a ping of an unknown UUID is answered. */
  readonly unknownPings: 'open' | 'hosted' | 'strict'
  /** How many bytes of a ping's body are kept; `none` keeps them all. */
  readonly pingBodyLimit: number | 'none'
  /** How long pings, flips and bodies are kept. */
  readonly logDays: number
  /**
   * How many alerts of a project go out singly in a minute; e-mail about the rest is gathered into
   * digests.
   */
  readonly alertBurst: number
  /** Tables without protection, removed with the stack. */
  readonly throwAway: boolean
  /** The one proxy whose forwarding headers are believed. */
  readonly trustedFront: string | undefined
  /** Reserved concurrency of the ping function. */
  readonly pingConcurrency: number | undefined
  /** How many equal pings to one check an instance takes a minute; `none` takes them all. */
  readonly pingRate: number | 'none'
  /**
   * What the stack makes of the sender in SES: an identity of the address, one of its domain, or
   * nothing where it is verified already.
   */
  readonly senderIdentity: SenderIdentity
  /**
   * Hosted zone that the stack writes the records of the sender's domain into; undefined: the
   * operator sees to them.
   */
  readonly senderZone: string | undefined
  /** For how long missed deadlines are held back while pings can't be taken. */
  readonly holdMinutes: number
  /** What each run of the sweep pings, so that somebody else notices when there are none. */
  readonly watcherUrl: string | undefined
  /** The one name of pings and API; without it each has the name that AWS gave it. */
  readonly oneName: OneName | undefined
  /** The domain whose mail pings; without it, none does. */
  readonly pingEmailDomain: string | undefined
  /**
   * Whether the stack makes the SES identity of that domain, or finds it, or a domain above it,
   * verified.
   */
  readonly pingEmailIdentity: 'managed' | 'existing'
  /**
   * Topics of SNS in the account that channels may name; an asterisk at the end of one stands for
   * whatever follows.
   */
  readonly alertTopics: readonly string[]
  /** The same of event buses. */
  readonly alertBuses: readonly string[]
  /**
   * The SES receipt rule set that is active already, for the stack to add its rule to; without it,
   * the stack makes one.
   */
  readonly pingEmailRuleSet: string | undefined
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

export type SenderIdentity = 'managed' | 'domain' | 'existing'

/** The stack that the operator's command works on unless it is told otherwise. */
export const DEFAULT_NAME = 'Overdue'

/** A setting that is missing or malformed; the message is for the person who gave it. */
export class SettingError extends Error {}

/** @throws SettingError, about the first setting that is missing or malformed. */
export function readSettings(context: (name: string) => unknown): Settings {
  if (context('dialect') !== undefined)
    throw new SettingError(
      'the setting dialect is now called unknownPings; its values are the same',
    )
  const read: Read = (name, kind, otherwise) => {
    const given = context(name)
    return given === undefined ? otherwise : parsed(name, kind, given)
  }
  const settings: Settings = {
    name: read('name', stackName, DEFAULT_NAME),
    sender: readSender(read),
    admin: read('admin', address, undefined) ?? missing('admin', address),
    unknownPings: read('unknownPings', oneOf('open', 'hosted', 'strict'), 'open'),
    pingBodyLimit: read('pingBodyLimit', bodyLimit, 10_000),
    logDays: read('logDays', wholeNumber(1, 3650), 90),
    alertBurst: read('alertBurst', wholeNumber(1, 1000), 20),
    throwAway: read('throwAway', oneOf('true', 'false'), 'false') === 'true',
    trustedFront: read('trustedFront', ipAddress, undefined),
    pingConcurrency: read('pingConcurrency', wholeNumber(1, 100_000), undefined),
    pingRate: read('pingRate', pingRate, 60),
    senderIdentity: read('senderIdentity', senderIdentity, 'managed'),
    senderZone: read('senderZone', zoneId, undefined),
    oneName: readOneName(read),
    pingEmailDomain: read('pingEmailDomain', hostName, undefined),
    pingEmailIdentity: read('pingEmailIdentity', oneOf('managed', 'existing'), 'managed'),
    pingEmailRuleSet: read('pingEmailRuleSet', ruleSetName, undefined),
    alertTopics: read('alertTopics', namesOf('topics'), []),
    alertBuses: read('alertBuses', namesOf('event buses'), []),
    holdMinutes: read('holdMinutes', wholeNumber(1, 1440), 15),
    watcherUrl: read('watcherUrl', httpsUrl, undefined),
  }
  checkSender(settings)
  return settings
}

/**
 * An identity that exists may have been verified with capitals before the @, and SES would not know
 * it without them.
 */
function readSender(read: Read): string {
  const sender = read('sender', address, undefined) ?? missing('sender', address)
  const isTheirs = read('senderIdentity', senderIdentity, 'managed') === 'existing'
  return isTheirs
    ? `${sender.slice(0, sender.lastIndexOf('@'))}@${domainOf(sender)}`
    : sender.toLowerCase()
}

/** Of an e-mail address, as names of hosts are written. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

/** What a setting takes, in words, and its value when a text is that; undefined when it is not. */
type Kind<Value> = { readonly takes: string; readonly parse: (text: string) => Value | undefined }

type Read = <Value, Otherwise>(
  name: string,
  kind: Kind<Value>,
  otherwise: Otherwise,
) => Value | Otherwise

/** @throws SettingError when the settings of the domain don't go together. */
function readOneName(read: Read): OneName | undefined {
  const domain = read('domain', hostName, undefined)
  const certificate = read('certificate', certificateArn, undefined)
  const zone = read('zone', zoneId, undefined)
  const secrets = read('frontSecrets', frontSecrets, undefined)
  const ownName = read('apiOwnName', oneOf('closed', 'open'), undefined)
  if (domain === undefined) {
    if ([certificate, zone, secrets, ownName].every((given) => given === undefined))
      return undefined
    throw new SettingError(
      'the settings certificate, zone, frontSecrets and apiOwnName belong to a domain; set domain, too, or none of them',
    )
  }
  if (read('trustedFront', ipAddress, undefined) !== undefined) {
    throw new SettingError(
      'the settings domain and trustedFront exclude each other: with a domain, its distribution is the one front',
    )
  }
  if (certificate !== undefined || zone !== undefined)
    return {
      domain,
      certificate: certificate ?? 'managed',
      zone,
      secrets: secrets ?? [1],
      isApiOpen: ownName === 'open',
    }
  throw new SettingError(
    `the setting domain needs a certificate for ${domain}: give zone, the ID of its hosted zone in Route 53, and the stack makes one; or give certificate, the ARN of one in us-east-1`,
  )
}

/** @throws SettingError when the settings of the sender don't go together. */
function checkSender({
  sender,
  senderIdentity,
  senderZone,
  pingEmailDomain,
  pingEmailIdentity,
}: Settings): void {
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

/** The command line gives texts, JSON gives values of its types: both are read as text. */
function parsed<Value>(name: string, kind: Kind<Value>, given: unknown): Value {
  const isScalar =
    typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean'
  const value = isScalar ? kind.parse(String(given)) : undefined
  if (value === undefined)
    throw new SettingError(`the setting ${name} takes ${kind.takes}, got ${JSON.stringify(given)}`)
  return value
}

function missing(name: string, kind: Kind<unknown>): never {
  throw new SettingError(
    `the setting ${name} is missing; it takes ${kind.takes}, as in -c ${name}=you@example.com`,
  )
}

const address: Kind<string> = {
  takes: 'an e-mail address',
  parse: (text) => (emailAddress.test(text) ? text : undefined),
}

/** Most of them, so that they fit into the environment of a function and into its policy. */
const MOST_NAMES = 20

function namesOf(what: string): Kind<readonly string[]> {
  return {
    takes: `names of ${what}, at most ${MOST_NAMES}, with commas between them, each of which may end in * for whatever follows`,
    parse: (text) => {
      const names = text.split(',')
      return names.length <= MOST_NAMES &&
        names.every((name) => /^(\*|[\w./-]{1,80}\*?)$/.test(name))
        ? names
        : undefined
    },
  }
}

const senderIdentity = oneOf('managed', 'domain', 'existing')

const stackName: Kind<string> = {
  takes: 'a name of 1 to 60 letters, digits and hyphens that begins with a letter',
  parse: (text) => (/^[a-z][a-z0-9-]{0,59}$/i.test(text) ? text : undefined),
}

const ruleSetName: Kind<string> = {
  takes: 'the name of a receipt rule set',
  parse: (text) => (/^[a-z0-9]([\w.-]{0,62}[a-z0-9])?$/i.test(text) ? text : undefined),
}

const ipAddress: Kind<string> = {
  takes: 'an IP address',
  parse: (text) => (isIP(text) === 0 ? undefined : text),
}

const hostName: Kind<string> = {
  takes: 'a host name such as ping.example.com',
  parse: (text) =>
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/i.test(
      text,
    )
      ? text.toLowerCase()
      : undefined,
}

// CloudFront looks for certificates in this region only.
const certificateArn: Kind<string> = {
  takes: 'the ARN of a certificate in us-east-1',
  parse: (text) =>
    /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/.test(text)
      ? text
      : undefined,
}

const zoneId: Kind<string> = {
  takes: 'the ID of a hosted zone such as Z0123456789ABCDEFGHIJ',
  parse: (text) => (/^Z[A-Z0-9]{1,31}$/.test(text) ? text : undefined),
}

const frontSecrets: Kind<readonly number[]> = {
  takes: 'the number of a secret, or two with a comma between them, the one that is sent first',
  parse: (text) => {
    const [, first, second] = /^([1-9]\d{0,5})(?:,([1-9]\d{0,5}))?$/.exec(text) ?? []
    if (first === undefined || first === second) return undefined
    return [first, second].flatMap((number) => (number === undefined ? [] : [Number(number)]))
  },
}

const httpsUrl: Kind<string> = {
  takes: 'an https URL',
  parse: (text) => (URL.parse(text)?.protocol === 'https:' ? text : undefined),
}

// A body of 4 MB always gets through: 6 MB is what Lambda takes as an event, and Base64 makes four
// bytes of three.
const bodyBytes = wholeNumber(1, 4_000_000)

const bodyLimit: Kind<number | 'none'> = {
  takes: `none or ${bodyBytes.takes}`,
  parse: (text) => (text === 'none' ? 'none' : bodyBytes.parse(text)),
}

const pingsAMinute = wholeNumber(60, 1_000_000)

// One a second is the least: schedules know seconds, and a ping less often could be the one that a
// deadline waits for.
const pingRate: Kind<number | 'none'> = {
  takes: `none or ${pingsAMinute.takes}`,
  parse: (text) => (text === 'none' ? 'none' : pingsAMinute.parse(text)),
}

function wholeNumber(least: number, most: number): Kind<number> {
  return {
    takes: `a whole number from ${least} to ${most}`,
    parse: (text) =>
      /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most
        ? Number(text)
        : undefined,
  }
}

function oneOf<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return { takes: words.join(' or '), parse: (text) => words.find((word) => word === text) }
}
