import { isDeepStrictEqual } from 'node:util'
import { type Check, noFilters } from '../../../lambdas/domain/watching/check.ts'
import type { Project } from '../../../lambdas/domain/people/project.ts'
import { backOff } from '../../../lambdas/runtime/backoff.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import type { Deployment } from '../target.ts'
import { create, type Destination, publishIfBehind } from './creation.ts'
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

const TRIES = 20
const GRACE_SECONDS = 3600

/** The grace time that the check of a job has, or is to have. */
export function graceSecondsOf(plan: Plan): number {
  return plan.action === 'create' ? GRACE_SECONDS : plan.check.graceSeconds
}

/** A job is known by name and tags: the oldest check that has both is its own. */
export function planOf(job: WantedJob, checks: readonly Check[]): Plan {
  const check = checks.find(({ name, tags }) => name === job.name && tags === job.tags)
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
  destination: Destination,
  job: WantedJob,
): Promise<Check | 'full'> {
  const { registry } = deployment
  const { project } = destination
  const { id: projectId } = project
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { revision } = await registry.census(projectId)
    const unreadable: string[] = []
    const plan = planOf(job, await registry.checks(projectId, (check) => unreadable.push(check)))
    if (plan.action === 'create') {
      // One of them may be this job's own.
      if (unreadable.length > 0)
        throw new Error(
          `checks ${unreadable.join(', ')} can't be read, so none is made for "${job.name}"`,
        )
      const check = newCheck(job, destination, deployment.now())
      const outcome = await create(deployment, check, { project, revision })
      if (outcome !== 'raced') return outcome === 'full' ? outcome : check
    } else {
      const { check: before } = plan
      const after = plan.action === 'keep' ? before : rescheduled(before, job)
      const check = await updated(deployment, project, { before, after })
      if (check !== undefined) return check
    }
    await backOff(attempt)
  }
  throw new Error('too many others are changing the checks of this project; run this again')
}

async function updated(
  deployment: Deployment,
  project: Project,
  { before, after }: { readonly before: Check; readonly after: Check },
): Promise<Check | undefined> {
  if (after !== before && (await deployment.registry.updateCheck(before, after)) !== 'written')
    return undefined
  await publishIfBehind(deployment, after, project)
  return after
}

function rescheduled(check: Check, { schedule, timeZone }: WantedJob): Check {
  return { ...check, schedule, timeZone, version: check.version + 1 }
}

function newCheck(job: WantedJob, { project, channelIds }: Destination, createdAt: number): Check {
  return {
    ...job,
    id: random.uuid(),
    projectId: project.id,
    version: 0,
    createdAt,
    slug: '',
    description: '',
    graceSeconds: GRACE_SECONDS,
    methods: '',
    manualResume: false,
    filters: noFilters,
    channelIds,
    badgeKey: random.uuid(),
  }
}
