import type { Comparison } from '../store/source/mirror-marks.ts'
import { compareAll } from './compare.ts'
import type { MirrorDeps } from './deps.ts'
import { followChanges } from './follow.ts'
import { beginRun, type MirrorTally } from './run.ts'
import { settleWaiting } from './settle.ts'

/**
 * What a run is asked for beyond the changes: to compare all rows, and to delete what is gone
 * however much that is.
 */
export type MirrorEvent = { readonly compare?: boolean; readonly isMeant?: boolean }

/** What a run came to; `faults` and `held` are how many there are now. */
export type MirrorReport = Readonly<MirrorTally> & {
  readonly faults: number
  readonly held: number
  readonly comparison?: Comparison
}

/**
 * Brings what a database says of checks into the registry.
 * @throws when the database does not answer, and at the end when some checks could not be written.
 */
export async function mirror(
  deps: MirrorDeps,
  { compare = false, isMeant = false }: MirrorEvent,
): Promise<MirrorReport> {
  const source = await deps.openSource()
  try {
    const run = await beginRun(deps, source, isMeant)
    if (isMeant)
      for (const projectId of [...run.holds.keys()]) {
        await deps.holds.release(projectId)
        run.holds.delete(projectId)
      }
    await followChanges(run)
    const comparison = compare ? await compareAll(run) : undefined
    if (run.tally.missing + run.tally.stale > 0) await settleWaiting(run)
    await deps.marks.mark(run.startedAt, comparison)
    const counts = { ...run.tally, faults: run.faults.size, held: run.holds.size }
    deps.log('mirrored', counts)
    // Alarms count these, and end where there are none.
    if (counts.faults > 0) deps.log('source-faults', { rows: counts.faults })
    if (counts.held > 0) deps.log('source-holds', { projects: counts.held })
    if (counts.failed > 0) throw new Error(`${counts.failed} checks of the source failed`)
    return { ...counts, ...(comparison && { comparison }) }
  } finally {
    await source.end()
  }
}
