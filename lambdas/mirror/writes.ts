import type { Check } from '../domain/watching/check.ts'
import { addChecks } from '../managing/add-check.ts'
import { auditWrites } from '../managing/audit-writes.ts'
import { projectOf, publishChanged } from '../managing/changed-check.ts'
import { auditedChange } from '../managing/check-audit.ts'
import { soundnessOf } from '../managing/sound-rules.ts'
import type { RowPlan } from './plan.ts'
import { type MirrorRun, theSource } from './run.ts'
import type { RowRefusal } from './words.ts'

/** What came of a write. A check that others wrote meanwhile has raced. */
export type RowOutcome = 'written' | 'raced' | 'kept' | RowRefusal

export type Creation = Extract<RowPlan, { kind: 'create' }>

/** Makes the checks of rows of one project that have no rules, all or none. */
export async function createTogether(
  run: MirrorRun,
  creations: readonly Creation[],
): Promise<'written' | 'full' | 'raced'> {
  const { deps, tally } = run
  const [{ projectId } = { projectId: '' }] = creations.map(({ check }) => check)
  const { checkLimit: limit, pingKey } = await projectOf(deps, projectId)
  const additions = creations.map(({ check, buried }) => ({ check, buried, by: theSource(run) }))
  const outcome = await addChecks(deps, [projectId, additions], { pingKey, terms: { limit } })
  if (outcome !== 'created') return outcome
  tally.missing += creations.length
  for (const { check } of creations)
    deps.log('check-created', { check: check.id, project: projectId })
  return 'written'
}

/** Makes the check of a row. */
export async function createSaid(run: MirrorRun, creation: Creation): Promise<RowOutcome> {
  const soundness = await soundnessOf(run.deps, creation.check)
  if ('refusal' in soundness) return soundness
  const outcome = await createTogether(run, [creation])
  if (outcome !== 'full') return outcome
  const { checkLimit: limit } = await projectOf(run.deps, creation.check.projectId)
  return { refusal: 'full', limit }
}

/** Makes a check what its row says. */
export async function changeSaid(
  run: MirrorRun,
  { before, after }: Extract<RowPlan, { kind: 'change' }>,
): Promise<RowOutcome> {
  const { deps, tally } = run
  const soundness = await soundnessOf(deps, after, before)
  if ('refusal' in soundness) return soundness
  const check: Check = { ...after, version: before.version + 1 }
  const beside = auditWrites(deps, theSource(run), auditedChange(before, check))
  const terms = { revision: soundness.revision, beside }
  if ((await deps.registry.updateCheck(before, check, terms)) !== 'written') return 'raced'
  tally.stale += 1
  deps.log('check-updated', { check: check.id, project: check.projectId, version: check.version })
  await publishChanged(deps, check)
  return 'written'
}
