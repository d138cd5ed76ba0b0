import { backOff, type Seams } from '../../../lambdas/runtime/backoff.ts'
import type { ProjectApi } from '../api/project-api.ts'
import { changesText, execute, type Progress } from './execute.ts'
import { planProject } from './plan.ts'
import { type ProjectState, readProject } from './project.ts'
import type { ApplyTerms } from './section-plan.ts'
import { changesOf, type ProjectPlan } from './steps.ts'
import { deleteTwins } from './twins.ts'
import type { Wanted } from './wanted.ts'

/** What it takes to make a project as is wanted. */
export type Settling = {
  readonly api: ProjectApi
  readonly wanted: Wanted
  readonly terms: ApplyTerms
  readonly progress: Progress
}

/** Somebody else may apply the same at the same time, even several. */
const MOST_ROUNDS = 8

/** Does what is planned. @throws with how much of it is done by then */
export async function carryOut(
  { api, progress }: Pick<Settling, 'api' | 'progress'>,
  plan: ProjectPlan,
  { names }: Pick<ProjectState, 'names'>,
): Promise<void> {
  try {
    await execute(api, plan, { names, progress })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(brokenOff(words, progress), { cause: error })
  }
}

function brokenOff(words: string, { done }: Progress): string {
  return `${words}; ${changesText(done)}, apply it again to go on`
}

/**
 * Looks at a project in which something was created until there is nothing to do: somebody else may
 * have created the same at the same time.
 * @returns the project as it is then
 * @throws where that does not end, and where it is stopped before
 */
export async function settled(settling: Settling, seams: Seams): Promise<ProjectState> {
  const { progress } = settling
  let hindrance: unknown = new Error('somebody else keeps changing the same; apply it again later')
  for (let round = 0; round < MOST_ROUNDS && !progress.isStopped(); round += 1) {
    try {
      const project = await settledOnce(settling)
      if (project !== undefined) return project
    } catch (error) {
      // What a request names may just have been deleted by somebody else.
      hindrance = error
      await backOff(round, seams)
    }
  }
  throw progress.isStopped() ? new Error(brokenOff('stopped', progress)) : hindrance
}

async function settledOnce(settling: Settling): Promise<ProjectState | undefined> {
  const { api, wanted, terms, progress } = settling
  const found = await readProject(api)
  const twins = await deleteTwins(api, found, progress.made)
  if (twins > 0)
    progress.note(`overdue: ${twins} that somebody else made at the same time are deleted again`)
  const project = twins > 0 ? await readProject(api) : found
  const plan = await planProject(wanted, project, {
    ...terms,
    isPruning: false,
    isComparing: false,
  })
  if (!('stages' in plan))
    throw new Error(plan.map(({ path, words }) => `${path.join('.')} ${words}`).join('; '))
  if (changesOf(plan).length === 0) return project
  await carryOut(settling, plan, project)
  return undefined
}
