import type { KeptTally, SignedTag } from '../domain/people/badge.ts'
import type { Channel, ChannelName } from '../domain/telling/channel.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Flip } from '../domain/watching/flip.ts'
import type { Impairment } from '../domain/watching/impairment.ts'
import type { KeptBody } from '../domain/watching/kept-body.ts'
import type { Notice } from '../domain/telling/notice.ts'
import type { LoggedPing } from '../domain/watching/ping.ts'
import type { Access, Project } from '../domain/people/project.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { Channels } from '../store/registry/channels.ts'
import type { Addresses } from '../store/telling/addresses.ts'
import type { Allowances } from '../store/telling/allowances.ts'
import type { Deliveries } from '../store/telling/deliveries.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Clock } from '../runtime/clock.ts'
import type { log } from '../runtime/log.ts'
import type { Random } from '../runtime/random.ts'

/**
 * What the management API needs of the world. The stores are those of `lambdas/store`, as far as
 * the API uses them.
 */
export type ApiDeps = {
  readonly registry: RegistryAccess
  readonly heartbeats: Pick<
    Heartbeats,
    'read' | 'readMany' | 'creation' | 'define' | 'bury' | 'pause' | 'resume'
  >
  readonly lookups: Pick<Lookups, 'creation' | 'define' | 'bury'>
  readonly journal: JournalAccess
  readonly tallies: TalliesAccess
  readonly channels: Pick<Channels, 'read' | 'create' | 'update' | 'remove'>
  /** The queue of what is asked for and is no alert. */
  readonly notices: { send(notices: readonly Notice[]): Promise<void> }
  /** When pings could not be taken, which puts deadlines off. */
  readonly intake: { impairmentAt(now: number): Promise<Impairment> }
  readonly allowances: Pick<Allowances, 'take'>
  readonly addresses: Pick<Addresses, 'suppression' | 'verify' | 'takeLink' | 'giveBackLink'>
  readonly deliveries: Pick<Deliveries, 'lastOutcome'>
  readonly clock: Clock
  readonly random: Random
  readonly log: typeof log
  /** Where jobs ping, without a slash at its end. */
  readonly pingEndpoint: string
  /** ARNs of the topics and buses that channels may name (`isNamed`). */
  readonly topicArns: readonly string[]
  readonly busArns: readonly string[]
}

/** Who asks: the project of the key, and what the key opens. */
export type Caller = { readonly projectId: string; readonly access: Access }

/** What a store makes to be written in a transaction with others. */
type Write = object

type RegistryAccess = {
  access(apiKey: string): Promise<Caller | undefined>
  project(projectId: string): Promise<Project | undefined>
  channels(projectId: string): Promise<readonly Channel[]>
  channelNames(projectId: string): Promise<readonly ChannelName[]>
  /** @param note is told of each that can't be read */
  checks(projectId: string, note?: (check: string) => void): Promise<readonly Check[]>
  check(projectId: string, checkId: string): Promise<Check | undefined>
  checkByUniqueKey(projectId: string, uniqueKey: string): Promise<Check | undefined>
  checkByBadgeKey(badgeKey: string): Promise<Check | undefined>
  ownerOf(checkId: string): Promise<string | undefined>
  census(projectId: string): Promise<{ readonly checks: number; readonly revision: number }>
  createCheck(
    check: Check,
    terms: { readonly limit: number; readonly revision?: number },
    beside: readonly Write[],
  ): Promise<'created' | 'full' | 'raced'>
  updateCheck(before: Check, after: Check): Promise<'written' | 'changed' | 'missing'>
  deleteCheck(check: Check): Promise<'deleted' | 'changed' | 'missing'>
}

type JournalAccess = {
  pings(checkId: string, limit: number, now: number): Promise<readonly LoggedPing[]>
  body(checkId: string, number: number, now: number): Promise<KeptBody | undefined>
  flips(
    checkId: string,
    range: FlipsRange & { readonly limit: number },
    now: number,
  ): Promise<readonly Flip[]>
}

type TalliesAccess = {
  read(badge: SignedTag, now: number): Promise<KeptTally | undefined>
  claim(badge: SignedTag, now: number): Promise<boolean>
  keep(badge: SignedTag, kept: KeptTally): Promise<void>
}

/** From when (inclusive) to when (exclusive), in epoch milliseconds. */
export type FlipsRange = { readonly from?: number; readonly to?: number }
