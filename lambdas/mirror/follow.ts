import { settleRows } from './settle.ts'
import { mostRows } from './planned.ts'
import type { MirrorRun } from './run.ts'
import { Shares } from './shares.ts'

/** A run takes no further changes after this time, which is less than a minute. */
const MOST_MS = 45_000

/**
 * Takes the changes that triggers have noted. They are removed after what they say is in the
 * registry, so that nothing is lost where a run breaks off. Again and again all changes are gone
 * through, each time up to a share of every project: one with many changes before those of others
 * does not keep them waiting.
 */
export async function followChanges(run: MirrorRun): Promise<void> {
  let hasMore = true
  while (hasMore && isInTime(run)) hasMore = await goThrough(run, new Shares(run.shareOfProject))
}

/** @returns whether changes were left because their projects have had their share */
async function goThrough(run: MirrorRun, shares: Shares): Promise<boolean> {
  let after: string | undefined
  while (isInTime(run)) {
    const changes = await run.source.changes(after, mostRows)
    const uuids = changes.flatMap(({ uuid }) => (uuid === undefined ? [] : [uuid]))
    const left = await settleRows(run, [...new Set(uuids)], shares)
    const taken = changes.filter(({ uuid }) => uuid === undefined || !left.has(uuid))
    if (taken.length > 0) await run.source.forget(taken.map(({ id }) => id))
    run.tally.changes += taken.length
    if (changes.length < mostRows) break
    after = changes.at(-1)?.id
  }
  return shares.areUsedUp
}

function isInTime({ deps, startedAt }: MirrorRun): boolean {
  return deps.clock.now() < startedAt + MOST_MS
}
