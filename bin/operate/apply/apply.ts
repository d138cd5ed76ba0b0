import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { appliedPrefix } from '../../../lambdas/domain/watching/managed-by.ts'
import { backOff, type Seams } from '../../../lambdas/runtime/backoff.ts'
import type { ProjectApi } from '../api/project-api.ts'
import type { CommandAnswer, CommandCall, Terminal } from '../command-answer.ts'
import { execute, type Progress } from './execute.ts'
import { type FileFault, faultText } from './fault.ts'
import { planProject } from './plan.ts'
import { projectPlanJson, projectPlanText } from './plan-text.ts'
import { type ProjectState, readProject } from './project.ts'
import { type ReadFile, readWanted } from './read-wanted.ts'
import type { ApplyTerms } from './section-plan.ts'
import { changesOf, type ProjectPlan } from './steps.ts'
import { deleteTwins } from './twins.ts'

export type ApplyOptions = {
  readonly file: string
  readonly dryRun?: true
  readonly prune?: true
  readonly adopt?: true
  readonly yes?: true
  readonly json?: true
}

export type ApplyDeps = Seams & {
  readonly api: ProjectApi
  readonly terminal: Terminal
  readonly call: Pick<CommandCall, 'end'>
}

const CHANGES_WANTED = 2
/** Somebody else may apply the same at the same time, even several. */
const MOST_ROUNDS = 8

/** Makes a project as a file wants it, and says before what that takes. */
export async function apply(deps: ApplyDeps, options: ApplyOptions): Promise<CommandAnswer> {
  const { api, terminal, call } = deps
  const file = readWanted(await contentOf(options.file), process.env)
  if (!('wanted' in file)) return refused(options.file, file)
  const terms = {
    mark: `${appliedPrefix}${file.wanted.project}`,
    isAdopting: options.adopt === true,
    isPruning: options.prune === true,
    isComparing: true,
  }
  const project = await readProject(api)
  const plan = await planProject(file.wanted, project, terms)
  if (!('stages' in plan)) return refused(options.file, plan.map(file.placed))
  const changes = changesOf(plan).length
  if (options.dryRun === true) {
    if (changes > 0) call.end(CHANGES_WANTED)
    return { text: projectPlanText(plan), json: { ...projectPlanJson(plan), applied: 0 } }
  }
  if (options.json !== true) terminal.answer(projectPlanText(plan))
  await makeSure(plan, options, terminal)
  const progress: Progress = { made: new Set(), done: 0, note: (line) => terminal.note(line) }
  await carryOut(deps, { plan, project, progress })
  await settle(deps, { file, progress, terms })
  const json = { ...projectPlanJson(plan), applied: progress.done }
  return {
    text: changes === 0 ? 'Nothing has changed.' : `${progress.done} changes are made.`,
    json,
  }
}

/** @throws where the file can't be read. */
async function contentOf(file: string): Promise<string> {
  if (file === '-') return text(process.stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new Error(`${file} can't be read (${code}); name another with -f <file>`, {
      cause: error,
    })
  }
}

function refused(file: string, faults: readonly FileFault[]): CommandAnswer {
  const sorted = faults.toSorted((one, other) => one.line - other.line || one.column - other.column)
  return {
    text: sorted.map((fault) => faultText(file, fault)).join('\n'),
    json: { faults: sorted },
    failure: `nothing is done: ${file} has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`,
  }
}

/** Deletions are asked for. @throws unless they are meant */
async function makeSure(
  plan: ProjectPlan,
  { yes }: ApplyOptions,
  { ask }: Terminal,
): Promise<void> {
  const count = changesOf(plan).filter(({ action }) => action === 'delete').length
  if (count === 0 || yes === true) return
  const answer = await ask?.(`Delete ${count} that the file does not have any more? (yes) `, {
    isHidden: false,
  })
  if (answer?.trim().toLowerCase() !== 'yes')
    throw new Error(`nothing is done: ${count} would be deleted; to delete them, add --yes`)
}

type Doing = {
  readonly plan: ProjectPlan
  readonly project: ProjectState
  readonly progress: Progress
}

async function carryOut({ api }: ApplyDeps, { plan, project, progress }: Doing): Promise<void> {
  try {
    await execute(api, plan, { names: project.names, progress })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(`${words}; ${progress.done} changes are made, apply it again to go on`, {
      cause: error,
    })
  }
}

type Settling = {
  readonly file: ReadFile
  readonly progress: Progress
  readonly terms: ApplyTerms
}

/**
 * Looks again at what there is once something was created, until there is nothing to do: somebody
 * else may have created the same at the same time. @throws where that does not end
 */
async function settle(deps: ApplyDeps, settling: Settling): Promise<void> {
  if (settling.progress.made.size === 0) return
  let hindrance: unknown = new Error('somebody else keeps changing the same; apply it again later')
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    try {
      if (await isSettled(deps, settling)) return
    } catch (error) {
      // What a request names may just have been deleted by somebody else.
      hindrance = error
      await backOff(round, deps)
    }
  }
  throw hindrance
}

async function isSettled(deps: ApplyDeps, { file, progress, terms }: Settling): Promise<boolean> {
  const { api, terminal } = deps
  let project = await readProject(api)
  const twins = await deleteTwins(api, project, progress.made)
  if (twins > 0) {
    terminal.note(`overdue: ${twins} that somebody else made at the same time are deleted again`)
    project = await readProject(api)
  }
  const plan = await planProject(file.wanted, project, {
    ...terms,
    isPruning: false,
    isComparing: false,
  })
  if (!('stages' in plan))
    throw new Error(plan.map(({ path, words }) => `${path.join('.')} ${words}`).join('; '))
  await carryOut(deps, { plan, project, progress })
  return changesOf(plan).length === 0
}
