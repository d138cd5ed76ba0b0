import * as z from 'zod'
import { groupsOf } from '../../../lambdas/runtime/groups.ts'
import { type ProjectApi, requestsAtOnce, shaped } from '../api/project-api.ts'
import type { CheckNames } from './check-wire.ts'
import type { ProjectPlan, Step } from './steps.ts'

/** What is done so far, of all rounds. */
export type Progress = {
  /** Ids of what was created. */
  readonly made: Set<string>
  /** How many changes were made. */
  done: number
  readonly note: (text: string) => void
  /** Whether no further request is to begin. */
  readonly isStopped: () => boolean
}

const NOTE_EVERY = 100

const createdShape = z.union([
  z.object({ uuid: z.string() }).transform(({ uuid }) => uuid),
  z.object({ id: z.string() }).transform(({ id }) => id),
])

/**
 * Does what a plan says, stage by stage. What is created gets its name in `names`. @throws at the
 * first request that fails, once those beside it are answered
 */
export async function execute(
  api: ProjectApi,
  { stages }: Pick<ProjectPlan, 'stages'>,
  { names, progress }: { readonly names: CheckNames; readonly progress: Progress },
): Promise<void> {
  for (const group of stages.flatMap((stage) => groupsOf(stage, requestsAtOnce))) {
    if (progress.isStopped()) throw new Error('stopped')
    const outcomes = await Promise.allSettled(
      group.map(async (step) => {
        await take(api, step, { names, progress })
        if (step.action !== 'compare') count(progress)
      }),
    )
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
}

async function take(
  api: ProjectApi,
  { action, thing, name, request }: Step,
  { names, progress }: { readonly names: CheckNames; readonly progress: Progress },
): Promise<void> {
  const { method, path, body } = request(names)
  try {
    const answer = await api.ask(method, path, body)
    if (action !== 'create') return
    const id = shaped(createdShape, answer)
    progress.made.add(id)
    if (thing === 'channel') names.channels.add(id, name)
    if (thing === 'check') names.checks.add(id, name)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(`${thing} ${name}: ${words}`, { cause: error })
  }
}

function count(progress: Progress): void {
  progress.done += 1
  if (progress.done % NOTE_EVERY === 0) progress.note(`overdue: ${changesText(progress.done)}`)
}

/** How many changes were made, in words. */
export function changesText(count: number): string {
  return count === 1 ? '1 change is made' : `${count} changes are made`
}
