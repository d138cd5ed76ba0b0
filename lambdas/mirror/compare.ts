import { rowName } from '../domain/mirroring/fault.ts'
import { keptBySource } from '../domain/watching/managed-by.ts'
import type { Comparison } from '../store/source/mirror-marks.ts'
import { forgetFault, mostRows, noteFaults, plannedRows } from './planned.ts'
import type { MirrorRun } from './run.ts'
import { settleRows } from './settle.ts'
import type { SourceRow } from './source.ts'

/**
 * Compares all rows with the registry, page by page, and all checks of the source with its rows.
 * Only what differs is looked at again, and written.
 */
export async function compareAll(run: MirrorRun): Promise<Comparison> {
  const { missing, stale, orphaned } = run.tally
  const seen = new Map<string, string>()
  let rows = 0
  for await (const page of pagesOf(run)) {
    rows += page.length
    await comparePage(run, page, seen)
  }
  await compareChecks(run, seen)
  for (const row of [...run.faults.keys()]) if (!seen.has(row)) await forgetFault(run, row)
  return {
    at: run.startedAt,
    rows,
    missing: run.tally.missing - missing,
    stale: run.tally.stale - stale,
    orphaned: run.tally.orphaned - orphaned,
  }
}

/** @throws when the database does not go on behind the last row that it gave. */
async function* pagesOf({ source }: MirrorRun): AsyncGenerator<readonly SourceRow[]> {
  let after: string | undefined
  for (;;) {
    const page = await source.page(after, mostRows)
    yield page
    if (page.length < mostRows) return
    const last = String(page.at(-1)?.['uuid'])
    if (last === after) throw new Error('the view goes on with the row that a page ended with')
    after = last
  }
}

/** @param seen UUIDs as they are spelled, by the names of their rows */
async function comparePage(
  run: MirrorRun,
  page: readonly SourceRow[],
  seen: Map<string, string>,
): Promise<void> {
  const planned = await plannedRows(run, page)
  await noteFaults(run, planned)
  const differing = planned.flatMap(({ uuid, plan }) => {
    const before = seen.get(rowName(uuid))
    seen.set(rowName(uuid), uuid)
    // Of several rows of one UUID none is taken, which shows where all are looked at.
    if (before !== undefined) return [before, uuid]
    return plan.kind === 'keep' || plan.kind === 'refuse' ? [] : [uuid]
  })
  await settleRows(run, [...new Set(differing)])
}

/** Checks whose rows were not seen are looked at again, because rows come and go meanwhile. */
async function compareChecks(run: MirrorRun, seen: ReadonlyMap<string, string>): Promise<void> {
  for (const projectId of new Set(run.projectIds.values())) {
    const checks = await run.deps.registry.checks(projectId)
    const unseen = checks.filter(({ id, managedBy }) => managedBy === keptBySource && !seen.has(id))
    await settleRows(
      run,
      unseen.map(({ id }) => id),
    )
  }
}
