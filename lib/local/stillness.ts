import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import type { AwsEndpoint } from './services/aws-endpoint.ts'
import type { Internet } from './internet/internet.ts'
import type { LocalFunction } from './functions/local-function.ts'
import type { QueueFeed } from './feeds/queue-feed.ts'
import type { StreamFeed } from './feeds/stream-feed.ts'
import type { VirtualClock } from './functions/virtual-clock.ts'

export type Parts = {
  readonly clock: VirtualClock
  readonly functions: readonly LocalFunction[]
  readonly streamFeeds: readonly StreamFeed[]
  readonly queueFeeds: readonly QueueFeed[]
  readonly aws: AwsEndpoint
  readonly internet: Internet
}

/**
 * Nothing happens until the clock moves on. `nextAt` is the next instant at which something will,
 * `nextWorkAt` the next for which no schedule is the cause.
 */
export type Still = { readonly nextAt: number | undefined; readonly nextWorkAt: number | undefined }

const LONGEST_MS = 240_000
const LONGEST_PAUSE_MS = 10

/**
 * Waits until streams and queues are drained, and invocations wait for nothing but the clock.
 * @param patienceMs how long to let the clock run for work in flight that waits for it. What a
 * scheduled run waits for is not in flight.
 * @throws when there is no end to it.
 */
export async function settle(parts: Parts, patienceMs: number): Promise<Still> {
  const startedAt = performance.now()
  const patientUntil = parts.clock.now() + patienceMs
  for (let round = 0; performance.now() - startedAt < LONGEST_MS; round += 1) {
    for (const feed of [...parts.streamFeeds, ...parts.queueFeeds]) feed.flush()
    const still = await findStill(parts)
    if (still !== undefined && (still.nextWorkAt ?? Infinity) > patientUntil) return still
    await pause(Math.min(round, LONGEST_PAUSE_MS))
  }
  throw new Error(`the local stack does not get still: ${busyParts(parts).join(', ')}`)
}

/** What comes next; undefined while something goes on, or when something began during this call. */
async function findStill(parts: Parts): Promise<Still | undefined> {
  if (hasBusyFeeds(parts)) return undefined
  const before = happenings(parts)
  const probes = await Promise.all(
    parts.functions.filter(({ isActive }) => isActive).map((each) => probe(each, parts)),
  )
  // An answer that has just come in may set something off.
  await turn()
  const found = probes.filter((waits) => waits !== undefined)
  if (found.length < probes.length || hasBusyFeeds(parts) || happenings(parts) !== before)
    return undefined
  const waits = found.flat()
  const work = waits.filter(({ trigger }) => trigger !== 'schedule')
  return {
    nextAt: earliest([parts.clock.nextAt(), ...waits.map(({ at }) => at)]),
    nextWorkAt: earliest([parts.clock.nextAt(['work']), ...work.map(({ at }) => at)]),
  }
}

/** The instants that a function's invocations wait for; undefined while it is at work. */
async function probe(each: LocalFunction, { aws, internet }: Parts) {
  const { requests, isBusy, waits } = await each.probe()
  const { name } = each.definition
  return isBusy || requests > aws.stalledOf(name) + internet.stalledOf(name) ? undefined : waits
}

function hasBusyFeeds({ streamFeeds, queueFeeds }: Parts): boolean {
  return streamFeeds.some((feed) => feed.isGathering) || queueFeeds.some((feed) => feed.isGathering)
}

function happenings({ aws, internet, functions }: Parts): number {
  return functions.reduce((sum, { count }) => sum + count, aws.count + internet.count)
}

function earliest(instants: readonly (number | undefined)[]): number | undefined {
  return instants.reduce(
    (first, at) => (first === undefined || (at !== undefined && at < first) ? at : first),
    undefined,
  )
}

function busyParts({ functions, streamFeeds, queueFeeds }: Parts): readonly string[] {
  return [
    ...functions.filter(({ isActive }) => isActive).map(({ definition }) => definition.name),
    ...streamFeeds
      .filter((feed) => feed.isGathering)
      .map(({ source }) => `stream of ${source.tableName}`),
    ...queueFeeds.filter((feed) => feed.isGathering).map(({ source }) => source.queueArn),
  ]
}
