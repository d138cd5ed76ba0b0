import { isDeepStrictEqual } from 'node:util'
import { type CheckIdentity, isMeant } from '../../../lambdas/domain/watching/check-change.ts'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import { defaultGraceSeconds } from '../../../lambdas/domain/watching/new-check.ts'
import { type UpsertRefusal, upsertCheck } from '../../../lambdas/managing/checks.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { theOperator } from '../author.ts'
import type { Deployment } from '../target.ts'
import type { Destination } from './creation.ts'
import type { WantedCheck } from './wanted-check.ts'

/** The part of a check that a line of a crontab gives. */
export type WantedJob = Pick<WantedCheck, 'name' | 'tags' | 'schedule' | 'timeZone'> &
  Partial<Pick<WantedCheck, 'slug'>>

/** What to do for a job: create its check, update the schedule of that, or keep it as it is. */
export type Plan = { readonly job: WantedJob } & (
  { readonly action: 'create' } | { readonly action: 'update' | 'keep'; readonly check: Check }
)

/** The grace time that the check of a job has, or is to have. */
export function graceSecondsOf(plan: Plan): number {
  return plan.action === 'create' ? defaultGraceSeconds : plan.check.graceSeconds
}

/** What to do for a job. Its check is the oldest one that has the same name and tags. */
export function planOf(job: WantedJob, checks: readonly Check[]): Plan {
  const check = checks.find((one) => isMeant(one, identityOf(job)))
  if (check === undefined) return { job, action: 'create' }
  const isSame = isDeepStrictEqual(check.schedule, job.schedule) && check.timeZone === job.timeZone
  return { job, action: isSame ? 'keep' : 'update', check }
}

/**
 * Makes the check of a job, or updates its schedule. As with an upsert of the API, two at the same
 * time make one check.
 */
export async function upsert(
  deployment: Deployment,
  { project }: Destination,
  job: WantedJob,
): Promise<Check | 'full'> {
  const deps = { ...deployment, random, log: () => undefined }
  const by = theOperator()
  const request = { projectId: project.id, by, change: job, firstChannels: 'all' } as const
  const outcome = await upsertCheck(deps, identityOf(job), request)
  return 'refusal' in outcome ? unlessFull(outcome, job.name) : outcome.check
}

function identityOf({ name, tags }: WantedJob): CheckIdentity {
  return { name, tags }
}

/** @throws every refusal as an error for the operator, except that the project is full. */
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
    case 'kept-by-source':
      throw new Error(`a database keeps the check "${name}", and only there it is changed`)
    case 'unknown-channel':
    case 'ambiguous-channel':
      throw new Error(`the channel ${refused.name} is no channel of this project`)
    case 'early-without-schedule':
    case 'early-too-long':
    case 'escalation-unknown':
    case 'parent-unknown':
    case 'parent-circular':
      throw new Error(`the rules of the check "${name}" don't allow this schedule`)
  }
}
