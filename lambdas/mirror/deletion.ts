import type { HoldCause } from '../domain/mirroring/fault.ts'
import { areMany, isTooMuch, type Losses } from '../domain/mirroring/losses.ts'
import type { Check } from '../domain/watching/check.ts'
import { keptBySource } from '../domain/watching/managed-by.ts'
import { auditWrites } from '../managing/audit-writes.ts'
import { auditedDeletion } from '../managing/check-audit.ts'
import type { Write } from '../runtime/database.ts'
import { unpublish } from '../store/publishing.ts'
import { type MirrorRun, theSource } from './run.ts'
import type { RowOutcome } from './writes.ts'

/** Deletes a check whose row is gone, or keeps it. */
export type DeleteOne = (check: Check) => Promise<RowOutcome>

/**
 * What deletes checks of one project whose rows are gone. It deletes none of them where more would
 * go than anybody means, until somebody says that it is meant.
 */
export async function deletionOf(
  run: MirrorRun,
  projectId: string,
  going: number,
): Promise<DeleteOne> {
  if (run.isMeant) return (check) => remove(run, check, [])
  const left = countdown(run, projectId)
  const why = run.holds.get(projectId) ?? (await causeToHold(run, { projectId, going, left }))
  if (why !== undefined) {
    await hold(run, projectId, why)
    return () => keep(run)
  }
  return (check) => removeCounted(run, check, left)
}

/** How many of a project's checks the source says still: read once, and only where many go. */
type Countdown = { now(): Promise<number>; less(): void }

function countdown({ deps }: MirrorRun, projectId: string): Countdown {
  let counted: Promise<number> | undefined
  let gone = 0
  const count = async () => {
    const checks = await deps.registry.checks(projectId)
    return checks.filter(({ managedBy }) => managedBy === keptBySource).length + gone
  }
  return {
    now: async () => (await (counted ??= count())) - gone,
    less: () => (gone += 1),
  }
}

type Losing = { readonly projectId: string; readonly going: number; readonly left: Countdown }

async function causeToHold(run: MirrorRun, losing: Losing): Promise<HoldCause | undefined> {
  const { losses } = await run.deps.holds.losses(losing.projectId)
  if (await wouldBeTooMuch(run, losses, losing)) return 'most-gone'
  return (await run.source.page(undefined, 1)).length === 0 ? 'view-empty' : undefined
}

async function wouldBeTooMuch(
  { deps }: MirrorRun,
  losses: Losses,
  { going, left }: Pick<Losing, 'going' | 'left'>,
): Promise<boolean> {
  const now = deps.clock.now()
  return (
    areMany(losses, { going, now }) && isTooMuch(losses, { going, left: await left.now(), now })
  )
}

/** Another mirror may have deleted others meanwhile: each deletion counts, and is judged again. */
async function removeCounted(run: MirrorRun, check: Check, left: Countdown): Promise<RowOutcome> {
  const { deps, holds } = run
  const { projectId } = check
  if (holds.has(projectId)) return keep(run)
  const known = await deps.holds.losses(projectId)
  if (await wouldBeTooMuch(run, known.losses, { going: 1, left })) {
    await hold(run, projectId, 'most-gone')
    return keep(run)
  }
  const counted = deps.holds.lossWrite(projectId, known, deps.clock.now())
  const outcome = await remove(run, check, [counted])
  if (outcome === 'written') left.less()
  return outcome
}

async function remove(
  run: MirrorRun,
  check: Check,
  counted: readonly Write[],
): Promise<RowOutcome> {
  const { deps, tally } = run
  const beside = [...auditWrites(deps, theSource(run), auditedDeletion(check)), ...counted]
  if ((await deps.registry.deleteCheck(check, beside)) !== 'deleted') return 'raced'
  tally.orphaned += 1
  deps.log('check-deleted', { check: check.id, project: check.projectId })
  await unpublish(deps, check.id, check.version + 1)
  return 'written'
}

async function hold(run: MirrorRun, projectId: string, why: HoldCause): Promise<void> {
  if (run.holds.has(projectId)) return
  await run.deps.holds.hold({ projectId, at: run.startedAt, why })
  run.holds.set(projectId, why)
}

function keep({ tally }: MirrorRun): Promise<RowOutcome> {
  tally.kept += 1
  return Promise.resolve('kept')
}
