import { type Check, titleOf } from '../../lambdas/domain/watching/check.ts'
import { isNeverPinged } from '../../lambdas/domain/watching/never-pinged.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import type { Project } from '../../lambdas/domain/people/project.ts'
import { createProject } from '../../lambdas/managing/create-project.ts'
import { inGroups } from '../../lambdas/runtime/groups.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { theOperator } from './author.ts'
import type { CommandAnswer } from './command-answer.ts'
import { table } from './table.ts'
import type { Deployment } from './target.ts'

const PROJECTS_AT_A_TIME = 5
const MOST_NAMES = 20

export type ProjectOptions = {
  readonly name: string
  readonly email: string
  readonly limit?: number
}

/** Makes a project. Its keys are in the answer and, but for the ping key, nowhere else. */
export async function addProject(
  deployment: Deployment,
  { name, email, limit }: ProjectOptions,
): Promise<CommandAnswer> {
  const wanted = { name, email, ...(limit === undefined ? {} : { checkLimit: limit }) }
  const created = await createProject({ ...deployment, random }, wanted, theOperator())
  if (created === 'key-taken')
    throw new Error('a new key was taken already; nothing was made, try again')
  const { project, channel, apiKey, apiKeyReadonly, pingKey } = created
  const { pingEndpoint, apiRoot } = deployment
  return {
    text: welcome(created, deployment),
    json: {
      project: shown(project),
      email: channel.address,
      apiKey,
      apiKeyReadonly,
      pingKey,
      pingEndpoint,
      apiRoot,
    },
  }
}

function welcome(
  { project, channel, ...keys }: CreatedProject,
  { pingEndpoint, apiRoot }: Deployment,
): string {
  return `The project "${project.name}" is made. Its alerts go to ${channel.address}.

  API key             ${keys.apiKey}
  read-only API key   ${keys.apiKeyReadonly}
  ping key            ${keys.pingKey}
  ping endpoint       ${pingEndpoint}
  API                 ${apiRoot}/

Keep the API keys now: only their hashes are stored, so they can't be shown again.

Create the first check, a job that runs every night at three; the answer has the ping_url that the job is to curl:

  curl ${apiRoot}/checks/ -H 'X-Api-Key: ${keys.apiKey}' \\
    -d '{"name": "nightly backup", "schedule": "0 3 * * *", "grace": 1800, "channels": "*"}'`
}

/**
 * All projects, oldest first, with the number of their checks and those that may watch nothing, as
 * they were never pinged.
 */
export async function listProjects(deployment: Deployment): Promise<CommandAnswer> {
  const projects = await deployment.registry.projects()
  const rows = await inGroups(projects, PROJECTS_AT_A_TIME, (project) => rowOf(deployment, project))
  if (rows.length === 0)
    return { text: 'No project yet. Make one with overdue project create.', json: { projects: [] } }
  return { text: [rowsOf(rows), ...neverPingedText(rows)].join('\n'), json: { projects: rows } }
}

async function rowOf(
  { registry, heartbeats, clock }: Deployment,
  project: Project,
): Promise<ProjectRow> {
  const checks = await registry.checks(project.id)
  const stored = await heartbeats.readMany(checks.map(({ id }) => id))
  const isSilent = ({ id, createdAt }: Check): boolean => {
    const heartbeat = stored.get(id)
    return heartbeat !== undefined && isNeverPinged(heartbeat, createdAt, clock.now())
  }
  return {
    ...shown(project),
    checks: checks.length,
    neverPinged: checks.filter(isSilent).map(titleOf),
  }
}

type ShownProject = {
  readonly id: string
  readonly name: string
  readonly checkLimit: number
  readonly createdAt: string
}
type ProjectRow = ShownProject & {
  readonly checks: number
  readonly neverPinged: readonly string[]
}

function shown({ id, name, checkLimit, createdAt }: Project): ShownProject {
  return { id, name, checkLimit, createdAt: new Date(createdAt).toISOString() }
}

function rowsOf(rows: readonly ProjectRow[]): string {
  const lines = rows.map(({ id, createdAt, checks, checkLimit, name }) => [
    id,
    createdAt.slice(0, 10),
    `${checks} of ${checkLimit}`,
    name,
  ])
  return table(['ID', 'CREATED', 'CHECKS', 'NAME'], lines)
}

function neverPingedText(rows: readonly ProjectRow[]): readonly string[] {
  const lines = rows
    .filter(({ neverPinged }) => neverPinged.length > 0)
    .map(({ name, neverPinged }) => `  ${name}: ${namesOf(neverPinged)}`)
  return lines.length === 0
    ? []
    : ['', 'Never pinged by the end of their first period and grace time:', ...lines]
}

function namesOf(names: readonly string[]): string {
  const left = names.length - MOST_NAMES
  return left > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${left} more` : names.join(', ')
}
