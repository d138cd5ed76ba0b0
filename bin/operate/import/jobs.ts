import { isDeepStrictEqual } from 'node:util'
import { type CheckIdentity, isMeant } from '../../../lambdas/domain/watching/check-change.ts'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import { defaultGraceSeconds } from '../../../lambdas/domain/watching/new-check.ts'
import { type UpsertRefusal, upsertCheck } from '../../../lambdas/managing/checks.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import type { Deployment } from '../target.ts'
import type { Destination } from './creation.ts'
import type { WantedCheck } from './wanted-check.ts'

/** What a line of a crontab says of its check. */
export type WantedJob = Pick<WantedCheck, 'name' | 'tags' | 'schedule' | 'timeZone'>

/**
 * What is to be done for a job: its check is missing, differs in its schedule, or is there as it
 * should be.
 */
export type Plan = { readonly job: WantedJob } & (
  { readonly action: 'create' } | { readonly action: 'update' | 'keep'; readonly check: Check }
)

/** The grace time that the check of a job has, or is to have. */
export function graceSecondsOf(plan: Plan): number {
  return plan.action === 'create' ? defaultGraceSeconds : plan.check.graceSeconds
}

/** A job is known by name and tags: the oldest check that has both is its own. */
export function planOf(job: WantedJob, checks: readonly Check[]): Plan {
  const check = checks.find((one) => isMeant(one, identityOf(job)))
  if (check === undefined) return { job, action: 'create' }
  const isSame = isDeepStrictEqual(check.schedule, job.schedule) && check.timeZone === job.timeZone
  return { job, action: isSame ? 'keep' : 'update', check }
}

/**
 * Makes a check for a job, or brings its schedule up to date; like an upsert of the API no second
 * one makes another beside it.
 */
export async function upsert(
  deployment: Deployment,
  { project }: Destination,
  job: WantedJob,
): Promise<Check | 'full'> {
  const deps = { ...deployment, random, log: () => undefined }
  const request = { projectId: project.id, change: job, firstChannels: 'all' } as const
  const outcome = await upsertCheck(deps, identityOf(job), request)
  return 'refusal' in outcome ? unlessFull(outcome, job.name) : outcome.check
}

function identityOf({ name, tags }: WantedJob): CheckIdentity {
  return { name, tags }
}

/** @throws what the operator has to hear, but for a project that is full. */
function unlessFull(refused: UpsertRefusal, name: string): 'full' {
  switch (refused.refusal) {
    case 'full':
      return 'full'
    case 'unreadable':
      throw new Error(
        `checks ${refused.checks.join(', ')} can't be read, so none is made for "${name}"`,
      )
    case 'contended':
      throw new Error('too many others are changing the checks of this project; run this again')
    case 'unknown-channel':
    case 'ambiguous-channel':
      throw new Error(`the channel ${refused.name} is no channel of this project`)
  }
}
