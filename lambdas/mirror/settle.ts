import { inGroups } from '../runtime/groups.ts'
import { nameOf, warn } from '../runtime/log.ts'
import { createAll } from './creations.ts'
import { deletionOf } from './deletion.ts'
import type { RowPlan } from './plan.ts'
import { noteFault, noteFaults, type Planned, plannedFor } from './planned.ts'
import type { MirrorRun } from './run.ts'
import { Shares } from './shares.ts'
import { refusalWords, waitsForAnother } from './words.ts'
import { changeSaid, type RowOutcome } from './writes.ts'

/** Rounds in which rows are looked at again because something was written. */
const ROUNDS = 5
const PROJECTS_AT_A_TIME = 5
const CHANGES_AT_A_TIME = 10

/**
 * Makes the registry say of these UUIDs what the source says. What was written is looked at again
 * until there is nothing left to write: another mirror may have read an older row and have written
 * it later, and the row may have changed meanwhile.
 * @param shares of projects, beyond which rows are left
 * @returns the UUIDs that have to be looked at later
 */
export async function settleRows(
  run: MirrorRun,
  uuids: readonly string[],
  shares = new Shares(Infinity),
): Promise<ReadonlySet<string>> {
  const later = new Set<string>()
  let pending = uuids
  for (let round = 0; round < ROUNDS && pending.length > 0; round += 1) {
    const planned = await plannedFor(run, pending)
    await noteFaults(run, planned)
    const outcomes = await carryOut(run, planned, shares)
    const ofOutcome = (wanted: Outcome) =>
      [...outcomes].filter(([, outcome]) => outcome === wanted).map(([uuid]) => uuid)
    for (const uuid of ofOutcome('later')) later.add(uuid)
    const again = ofOutcome('again')
    pending = again.length === 0 ? [] : [...again, ...ofOutcome('waiting')]
  }
  return new Set([...later, ...pending])
}

/**
 * Looks again at the rows that could not be taken for another's sake, which may be there by now.
 * There are never many that are known.
 */
export async function settleWaiting(run: MirrorRun): Promise<void> {
  const waiting = [...run.faults.values()].filter(({ words }) => waitsForAnother(words))
  await settleRows(
    run,
    waiting.map(({ row }) => row),
  )
}

/**
 * What became of a UUID: it has to be looked at again, now or later, or once another is written, or
 * not.
 */
type Outcome = 'again' | 'later' | 'waiting' | 'done'
type Outcomes = Map<string, Outcome>

/** Projects are worked on side by side, so that none waits for another that has much to do. */
async function carryOut(
  run: MirrorRun,
  planned: readonly Planned[],
  shares: Shares,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map()
  const projects = Map.groupBy(planned, ({ plan }) => projectOf(plan))
  await inGroups([...projects], PROJECTS_AT_A_TIME, async ([projectId, some]) => {
    if (projectId === undefined) return
    // What has no share of the work is left as it is.
    for (const { uuid } of some) outcomes.set(uuid, 'later')
    await workOnProject(run, shares.take(projectId, some), outcomes)
  })
  return outcomes
}

function projectOf(plan: RowPlan): string | undefined {
  switch (plan.kind) {
    case 'keep':
    case 'refuse':
      return undefined
    case 'create':
    case 'delete':
      return plan.check.projectId
    case 'change':
      return plan.before.projectId
  }
}

/** Checks are made and deleted one after another: they all count in one item of their project. */
async function workOnProject(
  run: MirrorRun,
  planned: readonly Planned[],
  outcomes: Outcomes,
): Promise<void> {
  const work = async (one: Planned, deed: () => Promise<RowOutcome>) => {
    outcomes.set(one.uuid, await outcomeOf(run, one, deed))
  }
  await inGroups(ofKind(planned, 'change'), CHANGES_AT_A_TIME, ({ one, plan }) =>
    work(one, () => changeSaid(run, plan)),
  )
  await createAll(run, ofKind(planned, 'create'), ({ one }, deed) => work(one, deed))
  const gone = ofKind(planned, 'delete')
  const [first] = gone
  if (first === undefined) return
  const deletion = await deletionOf(run, first.plan.check.projectId, gone.length)
  for (const { one, plan } of gone) await work(one, () => deletion(plan.check))
}

type Kind = RowPlan['kind']
type OfKind<K extends Kind> = {
  readonly one: Planned
  readonly plan: Extract<RowPlan, { readonly kind: K }>
}

function ofKind<K extends Kind>(planned: readonly Planned[], kind: K): readonly OfKind<K>[] {
  const isMeant = (plan: RowPlan): plan is OfKind<K>['plan'] => plan.kind === kind
  return planned.flatMap((one) => (isMeant(one.plan) ? [{ one, plan: one.plan }] : []))
}

/** One check that can't be written must not keep others from it. */
async function outcomeOf(
  run: MirrorRun,
  planned: Planned,
  deed: () => Promise<RowOutcome>,
): Promise<Outcome> {
  try {
    const outcome = await deed()
    if (outcome === 'kept') return 'done'
    if (typeof outcome === 'string') return 'again'
    const words = refusalWords(outcome)
    await noteFault(run, planned, words)
    return waitsForAnother(words) ? 'waiting' : 'done'
  } catch (error) {
    warn('mirror-failed', { check: planned.uuid, error: nameOf(error) })
    run.tally.failed += 1
    return 'later'
  }
}
