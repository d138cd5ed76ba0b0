import { isDeepStrictEqual } from 'node:util'
import type { Author } from '../domain/people/audit.ts'
import { changed, type CheckChange } from '../domain/watching/check-change.ts'
import type { Check } from '../domain/watching/check.ts'
import type { ManagedBy } from '../domain/watching/managed-by.ts'
import { addCheck, makeCheck } from './add-check.ts'
import { type CheckDeps, updateCheck } from './checks.ts'
import { allChannelIds } from './chosen-channels.ts'
import { deleteCheck, type DeleteCheckDeps } from './delete-check.ts'
import { type Contended, persistently } from './persistently.ts'
import { soundnessOf, type Unreadable, type UnsoundRules } from './sound-rules.ts'

/** What an application wants of one check, which it knows by name. */
export type NamedChange = CheckChange & { readonly name: string }

/** The schedule of an application, as checks of a project. */
export type CheckSync = {
  readonly projectId: string
  readonly by: Author
  /** What marks the checks of this application. */
  readonly keeper: ManagedBy
  /** Each name once. */
  readonly wanted: readonly NamedChange[]
  /** Whether these are all: what else the application has made is deleted. */
  readonly isComplete: boolean
}

/** Why nothing is written. */
export type SyncRefusal =
  | Contended
  | Unreadable
  | { readonly refusal: 'full'; readonly limit: number }
  | { readonly refusal: 'unfit'; readonly name: string; readonly why: UnsoundRules }

export type SyncChecksDeps = CheckDeps & DeleteCheckDeps

/**
 * Makes and updates the checks that an application names, and deletes those that it has made and no
 * longer names. All is judged before anything is written. A run that is broken off half-way is made
 * up for by the next one; what is right already is not written.
 * @returns the checks that are wanted, in their order
 */
export async function syncChecks(
  deps: SyncChecksDeps,
  sync: CheckSync,
): Promise<readonly Check[] | SyncRefusal> {
  return persistently(deps, async () => {
    const plan = await planOf(deps, sync)
    return 'refusal' in plan ? plan : carryOut(deps, sync, plan)
  })
}

type Plan = {
  /** Of the census at which no other check was there: another sync may make the same ones. */
  readonly revision: number
  readonly pingKey: string
  readonly limit: number
  readonly steps: readonly Step[]
  readonly gone: readonly Check[]
}

type Step = {
  readonly change: NamedChange
  readonly before: Check | undefined
  readonly after: Check
}

async function planOf(deps: SyncChecksDeps, sync: CheckSync): Promise<Plan | SyncRefusal> {
  const { projectId, keeper, isComplete } = sync
  const { revision, checks: count } = await deps.registry.census(projectId)
  const unreadable: string[] = []
  const checks = await deps.registry.checks(projectId, (check) => unreadable.push(check))
  // One of them may be meant, and a second check beside it would be reported down.
  if (unreadable.length > 0) return { refusal: 'unreadable', checks: unreadable }
  const project = await deps.registry.project(projectId)
  if (project === undefined) throw new Error(`project ${projectId} has a key, but does not exist`)
  const steps = await stepsOf(deps, sync, checks)
  const { checkLimit: limit, pingKey } = project
  const newCount = steps.filter(({ before }) => before === undefined).length
  if (count + newCount > limit) return { refusal: 'full', limit }
  const names = new Set(steps.map(({ after }) => after.name))
  const gone = checks.filter(({ managedBy, name }) => managedBy === keeper && !names.has(name))
  const plan = { revision, pingKey, limit, steps, gone: isComplete ? gone : [] }
  return (await unfitAmong(deps, steps)) ?? plan
}

/** What is wanted of each check. A new one tells all channels. */
async function stepsOf(
  deps: SyncChecksDeps,
  { projectId, keeper, wanted }: CheckSync,
  checks: readonly Check[],
): Promise<readonly Step[]> {
  const channelIds = allChannelIds(await deps.registry.channelNames(projectId))
  const fresh = () => ({ ...makeCheck(deps, projectId), managedBy: keeper, channelIds })
  return wanted.map((change) => {
    const before = meantBy(change.name, keeper, checks)
    return { change, before, after: changed(before ?? fresh(), change) }
  })
}

/** Its own check of that name, or the oldest that people keep; those of others are left alone. */
function meantBy(name: string, keeper: ManagedBy, checks: readonly Check[]): Check | undefined {
  const named = checks.filter((check) => check.name === name)
  return (
    named.find(({ managedBy }) => managedBy === keeper) ??
    named.find(({ managedBy }) => managedBy === undefined)
  )
}

/** Rules that people have given to a check may not go with its new schedule. */
async function unfitAmong(
  deps: SyncChecksDeps,
  steps: readonly Step[],
): Promise<SyncRefusal | undefined> {
  for (const { before, after } of steps) {
    const soundness = before === undefined ? {} : await soundnessOf(deps, after, before)
    if ('refusal' in soundness) return { refusal: 'unfit', name: after.name, why: soundness }
  }
  return undefined
}

/** What is gone goes last: broken off before, it leaves too many checks and not too few. */
async function carryOut(
  deps: SyncChecksDeps,
  sync: CheckSync,
  { revision, steps, gone, ...terms }: Plan,
): Promise<readonly Check[] | 'raced'> {
  const written: Check[] = []
  let madeCount = 0
  for (const step of steps) {
    const check = await write(deps, sync, { ...step, ...terms, revision: revision + madeCount })
    if (check === 'raced') return 'raced'
    if (step.before === undefined) madeCount += 1
    written.push(check)
  }
  const { projectId, by } = sync
  for (const { id: checkId } of gone) {
    const outcome = await deleteCheck(deps, { projectId, checkId, by })
    if ('refusal' in outcome && outcome.refusal !== 'missing') return 'raced'
  }
  return written
}

async function write(
  deps: SyncChecksDeps,
  { projectId, by }: CheckSync,
  { change, before, after, revision, limit, pingKey }: Step & Omit<Plan, 'steps' | 'gone'>,
): Promise<Check | 'raced'> {
  if (before === undefined) {
    const outcome = await addCheck(deps, after, { pingKey, terms: { limit, revision }, by })
    if (outcome !== 'created') return 'raced'
    deps.log('check-created', { check: after.id, project: projectId })
    return after
  }
  if (isDeepStrictEqual(after, before)) return before
  const outcome = await updateCheck(deps, before.id, { projectId, by, change })
  return 'refusal' in outcome ? 'raced' : outcome.check
}
