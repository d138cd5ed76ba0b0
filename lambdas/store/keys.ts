import { createHash } from 'node:crypto'

/**
 * The tables and their keys: what `lib` creates and what the stores address. The partition key
 * `check` of the journal holds ids of channels and projects as well, and what functions below make.
 */
export const tables = {
  Registry: { partitionKey: 'pk', sortKey: 'sk', hasStream: true },
  Heartbeats: { partitionKey: 'id', hasStream: true, ttl: 'e' },
  Lookups: { partitionKey: 'key', hasStream: false, ttl: 'expiresAt' },
  Journal: { partitionKey: 'check', sortKey: 'entry', hasStream: false, ttl: 'expiresAt' },
  Operations: { partitionKey: 'key', hasStream: false, ttl: 'expiresAt' },
  Sessions: { partitionKey: 'key', hasStream: false, ttl: 'expiresAt' },
} as const satisfies Record<string, TableKeys>

export type TableName = keyof typeof tables

/**
 * All keys are strings. A stream carries both images; `ttl` names the attribute that holds an
 * item's end in epoch seconds.
 */
export type TableKeys = {
  readonly partitionKey: string
  readonly sortKey?: string
  readonly hasStream: boolean
  readonly ttl?: string
}

const NUMBER_DIGITS = 12
const INSTANT_DIGITS = 15

/** The sort key of a ping in the journal; infinity sorts behind all. */
export function pingEntry(number: number): string {
  return `ping#${padded(number, NUMBER_DIGITS)}`
}

export function bodyEntry(number: number): string {
  return `body#${padded(number, NUMBER_DIGITS)}`
}

/** Where the flips of an instant begin in the journal; infinity sorts behind all. */
export function flipEntry(at: number): string {
  return `flip#${padded(at, INSTANT_DIGITS)}`
}

/** The sort key of a missed run that its check tolerated, by the deadline. */
export function missEntry(deadline: number): string {
  return `miss#${padded(deadline, INSTANT_DIGITS)}`
}

const deliveryPrefix = 'delivery#'

/** The sort key of a delivery: one telling on its way to one channel. */
export function deliveryEntry(tellingKey: string, channelId: string): string {
  return `${deliveryPrefix}${tellingKey}#${channelId}`
}

/** What the sort key of a delivery is made of. */
export function partsOfDeliveryEntry(
  entry: string,
): readonly [tellingKey: string, channelId: string] {
  const end = entry.lastIndexOf('#')
  return [entry.slice(deliveryPrefix.length, end), entry.slice(end + 1)]
}

/** The sort key of the mark that a ping was replayed, or came by mail. */
export function replayEntry(requestId: string): string {
  return `replay#${requestId}`
}

/** Sorts before all deliveries of a check. */
export const firstDelivery = deliveryPrefix

/** Sorts behind all deliveries of a check. */
export const lastDelivery = `${deliveryPrefix}~`

/** The sort key, in the partition of a channel, of what came of the last attempt to send to it. */
export const outcomeEntry = 'outcome'

/**
 * The sort key, in the partition of a project, of the alerts that went out singly in a minute,
 * counted from the epoch.
 */
export function burstEntry(minute: number): string {
  return `burst#${padded(minute, NUMBER_DIGITS)}`
}

/** The sort key of how fast the alerts of a check come. */
export const paceEntry = 'pace'

/** The sort key of what was told of an outage, by when it began. */
export function outageEntry(at: number): string {
  return `outage#${padded(at, INSTANT_DIGITS)}`
}

/**
 * The sort key, in the partition of a project, of what it took of an allowance in a stretch of
 * time, counted from the epoch.
 */
export function allowanceEntry(name: string, stretch: number): string {
  return `allowance#${name}#${padded(stretch, NUMBER_DIGITS)}`
}

/** The journal's partition for a mail address, which a hash stands for. */
export function addressPartition(address: string): string {
  return `address#${sha256(address)}`
}

/** The partition of the journal that says who changed what of a project. */
export function auditPartition(projectId: string): string {
  return `audit#${projectId}`
}

/** The sort key of a change there; without a request, where the changes of an instant begin. */
export function auditEntry(at: number, requestId = ''): string {
  return `audit#${padded(at, INSTANT_DIGITS)}#${requestId}`
}

/** The partition of the journal in which flips wait for the digest of a channel. */
export function digestPartition(channelId: string): string {
  return `digest#${channelId}`
}

/**
 * How the sort keys of flips that wait for a digest begin: for that of the minute, or of the hour.
 */
export const waitingPrefixes = { minute: 'waiting#', hour: 'hourly#' } as const

/** The sort key of a flip that waits for a digest. */
export function waitingEntry(
  every: keyof typeof waitingPrefixes,
  tellingKey: string,
  checkId: string,
): string {
  return `${waitingPrefixes[every]}${tellingKey}#${checkId}`
}

/**
 * The sort key, in the same partition, of a channel's turn: when the next digests are due, and who
 * sends one.
 */
export const turnEntry = 'turn'

function padded(value: number, digits: number): string {
  return value === Infinity ? '9'.repeat(digits) + '~' : value.toString().padStart(digits, '0')
}

export type RegistryKey = { readonly pk: string; readonly sk: string }

/** Sort keys of a project's checks and channels begin with these. */
export const checkPrefix = 'check#'
export const channelPrefix = 'channel#'

/** What partitions of projects begin with. */
export const projectPrefix = 'project#'

/** Where a project lies in its partition, and what partitions of ping keys begin with. */
export const projectEntry = 'project'
export const pingKeyPrefix = 'ping-key#'

/**
 * What partitions of API keys begin with; the hash of the key follows. In the partition of a
 * project, how sort keys of its API keys begin; the id follows.
 */
export const apiKeyPrefix = 'key#'

const KEY_ID_DIGITS = 16

/** What finds an API key, and what tells it from others of its project: the beginning of that. */
export function hashOfKey(apiKey: string): string {
  return sha256(apiKey)
}

export function idOfKey(hash: string): string {
  return hash.slice(0, KEY_ID_DIGITS)
}

/** Where the windows of a project lie in its partition. */
export const windowsEntry = 'windows'

/** The copy of a project's windows among what the deployment knows of its own running. */
export function windowsKey(projectId: string): { readonly key: string } {
  return { key: `windows#${projectId}` }
}

/** What the mirror of a source leaves among what the deployment knows of its own running. */
export const mirrorKeys = {
  /** The rows that can't be taken, by their names. */
  faults: { key: 'source-faults' },
  /** The projects of which nothing is deleted, by their ids. */
  holds: { key: 'source-holds' },
  /** What the last runs came to. */
  runs: { key: 'source-runs' },
  /** How many checks of a project were deleted lately. */
  losses: (projectId: string) => ({ key: `source-losses#${projectId}` }),
} as const

/** The partition that lists all projects. */
export const directoryPartition = 'projects'
export const directoryPrefix = 'project#'

/** The sort key of all keys, whatever they open. */
export const keySort = 'key'

/** The partition that lists all users. */
export const usersPartition = 'users'
export const userPrefix = 'user#'

/** Where a user lies in the own partition, and how sort keys of the own projects begin there. */
export const userSort = 'user'

/** How sort keys of a project's members begin in its partition. */
export const memberPrefix = 'member#'

/**
 * A project, its checks and its channels share a partition. Items that are looked up by another
 * name have a partition of their own.
 */
export const registryKeys = {
  project: (projectId: string): RegistryKey => ({
    pk: `${projectPrefix}${projectId}`,
    sk: projectEntry,
  }),
  census: (projectId: string): RegistryKey => ({
    pk: `${projectPrefix}${projectId}`,
    sk: 'census',
  }),
  check: (projectId: string, uniqueKey: string): RegistryKey => ({
    pk: `${projectPrefix}${projectId}`,
    sk: `${checkPrefix}${uniqueKey}`,
  }),
  channel: (projectId: string, channelId: string): RegistryKey => ({
    pk: `${projectPrefix}${projectId}`,
    sk: `${channelPrefix}${channelId}`,
  }),
  windows: (projectId: string): RegistryKey => ({
    pk: `${projectPrefix}${projectId}`,
    sk: windowsEntry,
  }),
  owner: (checkId: string): RegistryKey => ({ pk: `check#${checkId}`, sk: 'owner' }),
  badge: (badgeKey: string): RegistryKey => ({ pk: `badge#${badgeKey}`, sk: 'badge' }),
  apiKey: (apiKey: string): RegistryKey => registryKeys.hashedApiKey(hashOfKey(apiKey)),
  hashedApiKey: (hash: string): RegistryKey => ({ pk: `${apiKeyPrefix}${hash}`, sk: keySort }),
  /** The same key among those of its project. */
  ownApiKey: (projectId: string, hash: string): RegistryKey => ({
    pk: `${projectPrefix}${projectId}`,
    sk: `${apiKeyPrefix}${idOfKey(hash)}`,
  }),
  pingKey: (pingKey: string): RegistryKey => ({ pk: `${pingKeyPrefix}${pingKey}`, sk: keySort }),
  directory: (projectId: string): RegistryKey => ({
    pk: directoryPartition,
    sk: `${directoryPrefix}${projectId}`,
  }),
  user: (userId: string): RegistryKey => ({ pk: `${userPrefix}${userId}`, sk: userSort }),
  userEntry: (userId: string): RegistryKey => ({
    pk: usersPartition,
    sk: `${userPrefix}${userId}`,
  }),
  /** An address is a person's, and lies where nobody can guess from a key whose it is. */
  userEmail: (email: string): RegistryKey => ({ pk: `email#${sha256(email)}`, sk: userSort }),
  /** The same membership twice: for who asks what a user may, and who a project's members are. */
  membership: (userId: string, projectId: string): RegistryKey => ({
    pk: `${userPrefix}${userId}`,
    sk: `${projectPrefix}${projectId}`,
  }),
  member: (projectId: string, userId: string): RegistryKey => ({
    pk: `${projectPrefix}${projectId}`,
    sk: `${memberPrefix}${userId}`,
  }),
  /** How many owners a project has. */
  owners: (projectId: string): RegistryKey => ({
    pk: `${projectPrefix}${projectId}`,
    sk: 'owners',
  }),
}

export type LookupKey = { readonly key: string }

/** `#` and `/` can't stand in what they separate. */
export const lookupKeys = {
  alias: ({ pingKey, slug }: { readonly pingKey: string; readonly slug: string }): LookupKey => ({
    key: `${pingKey}/${slug}`,
  }),
  check: (checkId: string): LookupKey => ({ key: `${checkPrefix}${checkId}` }),
  pingKey: (pingKey: string): LookupKey => ({ key: `${pingKeyPrefix}${pingKey}` }),
}

export type SessionKey = { readonly key: string }

/** Where sign-ins and sessions lie. Hashes name them: a copy of the table opens nothing. */
export const sessionKeys = {
  session: (hash: string): SessionKey => ({ key: `session#${hash}` }),
  /** The sessions of a user, by their hashes. */
  sessions: (userId: string): SessionKey => ({ key: `sessions#${userId}` }),
  signIn: (cookieHash: string): SessionKey => ({ key: `sign-in#${cookieHash}` }),
  knownBrowser: (cookieHash: string): SessionKey => ({ key: `known#${cookieHash}` }),
  /** What was taken of a limit in a stretch of time, counted from the epoch. */
  limit: (name: string, of: string, stretch: number): SessionKey => ({
    key: `limit#${name}#${sha256(of)}#${stretch}`,
  }),
}

/**
 * Where the tally behind a badge lies. The key includes the signature, so a tally that is found was
 * signed well. The tag is hashed, because it may be longer than a key.
 */
export function tallyKey({
  projectId,
  tag,
  signature,
}: { readonly [of in 'projectId' | 'tag' | 'signature']: string }): LookupKey {
  return { key: `tally#${projectId}#${signature}#${sha256(tag)}` }
}

/** Without salt or stretching: an API key is 166 random bits, which nobody finds by trying. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
