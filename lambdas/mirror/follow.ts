import { settleRows } from './settle.ts'
import { mostRows } from './planned.ts'
import type { MirrorRun } from './run.ts'

/** A run takes no further changes after this time, which is less than a minute. */
const MOST_MS = 45_000
const MOST_BATCHES = 100

/**
 * Takes the changes that triggers have noted. They are removed after what they say is in the
 * registry, so that nothing is lost where a run breaks off.
 */
export async function followChanges(run: MirrorRun): Promise<void> {
  for (let batch = 0; batch < MOST_BATCHES && isInTime(run); batch += 1) {
    const changes = await run.source.changes(mostRows)
    const left = await settleRows(run, [...new Set(changes.map(({ uuid }) => uuid))])
    const taken = changes.filter(({ uuid }) => !left.has(uuid))
    if (taken.length > 0) await run.source.forget(taken.map(({ id }) => id))
    run.tally.changes += taken.length
    if (taken.length < mostRows) return
  }
}

function isInTime({ deps, startedAt }: MirrorRun): boolean {
  return deps.clock.now() < startedAt + MOST_MS
}
