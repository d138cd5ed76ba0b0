import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { appliedPrefix } from '../../../lambdas/domain/watching/managed-by.ts'
import type { Seams } from '../../../lambdas/runtime/backoff.ts'
import type { ProjectApi } from '../api/project-api.ts'
import type { CommandAnswer, CommandCall, Terminal } from '../command-answer.ts'
import { changesText, type Progress } from './execute.ts'
import { faultText, type FileFault } from './fault.ts'
import { planProject } from './plan.ts'
import { projectPlanJson, projectPlanText } from './plan-text.ts'
import { type ProjectState, readProject } from './project.ts'
import { type ReadFile, readWanted } from './read-wanted.ts'
import { unknownNames } from './references.ts'
import { carryOut, settled, type Settling } from './settle.ts'
import { changesOf, type ProjectPlan } from './steps.ts'
import type { Wanted } from './wanted.ts'

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
  /** Whether somebody has asked to stop. */
  readonly isStopped: () => boolean
}

const CHANGES_WANTED = 2

/** Makes a project as a file wants it, and says before what that takes. */
export async function apply(deps: ApplyDeps, options: ApplyOptions): Promise<CommandAnswer> {
  const { api, terminal, call, isStopped } = deps
  const file = readWanted(await contentOf(options.file), process.env)
  if (!('placed' in file)) return refused(options, file)
  const { wanted, project, faults } = await heldAgainst(api, file)
  if (wanted === undefined || project === undefined) return refused(options, faults)
  const terms = {
    mark: `${appliedPrefix}${wanted.project}`,
    isAdopting: options.adopt === true,
    isPruning: options.prune === true,
    isComparing: true,
  }
  const plan = await planProject(wanted, project, terms)
  if (!('stages' in plan)) return refused(options, plan.map(file.placed))
  const planned = projectPlanText(plan)
  if (options.dryRun === true || plan.stages.length === 0) {
    if (changesOf(plan).length > 0) call.end(CHANGES_WANTED)
    return { text: planned, json: { ...projectPlanJson(plan), applied: 0 } }
  }
  if (options.json !== true) terminal.answer(planned)
  await makeSure(plan, options, terminal)
  const note = (line: string) => terminal.note(line)
  const progress: Progress = { made: new Set(), done: 0, note, isStopped }
  const after = await made({ api, wanted, terms, progress }, { plan, project }, deps)
  return answerOf(plan, { progress, after, wanted })
}

/**
 * What the project has, and the faults of the file that it shows beside the file's own. Where the
 * file has faults, these are told in any case.
 */
async function heldAgainst(api: ProjectApi, file: ReadFile) {
  const { value, wanted, faults, placed, told } = file
  const project = await readProject(api).catch((error: unknown) => {
    if (faults.length === 0) throw error
  })
  const unknown = project === undefined ? [] : unknownNames(value, project.names).map(told)
  const all = [...faults, ...unknown].map(placed)
  return { wanted: all.length === 0 ? wanted : undefined, project, faults: all }
}

async function made(
  settling: Settling,
  { plan, project }: { readonly plan: ProjectPlan; readonly project: ProjectState },
  seams: Seams,
): Promise<ProjectState> {
  await carryOut(settling, plan, project)
  return settling.progress.made.size === 0 ? project : settled(settling, seams)
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

function refused({ file }: ApplyOptions, faults: readonly FileFault[]): CommandAnswer {
  const sorted = faults.toSorted((one, other) => one.line - other.line || one.column - other.column)
  const name = file === '-' ? 'standard input' : file
  return {
    text: sorted.map((fault) => faultText(name, fault)).join('\n'),
    json: { faults: sorted },
    failure: `nothing is done: ${name} has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`,
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
  const question = `Type yes to delete ${count} that the file does not have any more: `
  const answer = await ask?.(question, { isHidden: false })
  if (answer?.trim().toLowerCase() !== 'yes')
    throw new Error(`nothing is done: ${count} would be deleted; to delete them, add --yes`)
}

type Done = {
  readonly progress: Progress
  readonly after: ProjectState
  readonly wanted: Wanted
}

function answerOf(plan: ProjectPlan, { progress, after, wanted }: Done): CommandAnswer {
  const compared = plan.stages.flat().filter(({ action }) => action === 'compare')
  const unverified = after.unverified.filter((name) => wanted.channels.has(name))
  const sentences = [
    ...(changesOf(plan).length === 0 ? [] : [`${changesText(progress.done)}.`]),
    ...(compared.length === 0
      ? []
      : [
          `Secrets were sent, and kept where they differ: ${compared.map(({ name }) => name).join(', ')}.`,
        ]),
    ...(unverified.length === 0
      ? []
      : [
          `Not verified, so that no alerts go there until the mailed link is followed: ${unverified.join(', ')}.`,
        ]),
  ]
  const json = { ...projectPlanJson(plan), applied: progress.done, unverified }
  return { text: sentences.join('\n'), json }
}
