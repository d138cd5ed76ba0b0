import type { ApiKey, KeyKind } from '../../lambdas/domain/people/api-key.ts'
import type { Access, Project } from '../../lambdas/domain/people/project.ts'
import {
  addKey,
  type KeyDeps,
  replaceKey,
  replacePingKey,
  revokeKey,
} from '../../lambdas/managing/keys.ts'
import { inGroups } from '../../lambdas/runtime/groups.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { theOperator } from './author.ts'
import type { CommandAnswer } from './command-answer.ts'
import { table } from './table.ts'
import type { Deployment } from './target.ts'

export const keyKinds = ['read-write', 'read-only', 'ping'] as const satisfies readonly KeyKind[]

const PROJECTS_AT_A_TIME = 5

/** The keys of all projects: what they are for, called, and since when, never the keys. */
export async function listKeys(deployment: Deployment): Promise<CommandAnswer> {
  const projects = await deployment.registry.projects()
  const rows = (
    await inGroups(projects, PROJECTS_AT_A_TIME, (project) => rowsOf(deployment, project))
  ).flat()
  const lines = rows.map(({ project, kind, createdAt, key, by, name }) => [
    project,
    kind,
    createdAt.slice(0, 10),
    key,
    by,
    name,
  ])
  const text =
    rows.length === 0
      ? 'No key yet. Make a project with overdue project create.'
      : table(['PROJECT', 'KIND', 'CREATED', 'KEY', 'BY', 'NAME'], lines)
  return { text, json: { keys: rows } }
}

async function rowsOf({ apiKeys, projects }: Deployment, project: Project) {
  const own = await apiKeys.of(project.id)
  const ofProject = { project: project.id, name: project.name }
  const rows = own.map(({ id, name, access, by, createdAt }) => ({
    ...ofProject,
    kind: access,
    createdAt: new Date(createdAt).toISOString(),
    key: name,
    id,
    by,
  }))
  // A ping key without an age was made with its project.
  const since = (await projects.pingKeySince(project)) ?? project.createdAt
  const createdAt = new Date(since).toISOString()
  const pingRow = { ...ofProject, kind: 'ping' as const, createdAt, key: '-', id: 'ping', by: '-' }
  return [...rows, pingRow].sort(
    (one, other) => keyKinds.indexOf(one.kind) - keyKinds.indexOf(other.kind),
  )
}

export type AddOptions = { readonly name: string; readonly access: Access }

/** Makes an API key. It is in the answer and nowhere else. */
export async function addNamedKey(
  deployment: Deployment,
  projectId: string,
  { name, access }: AddOptions,
): Promise<CommandAnswer> {
  const made = await addKey(depsOf(deployment), theOperator(), { projectId, name, access })
  if ('refusal' in made) throw new Error(refusals(projectId, name)[made.refusal])
  const json = { project: projectId, kind: access, id: made.known.id, name, key: made.key }
  return { text: announcementOf(access, made.key), json }
}

/** Ends an API key, by its name or id. */
export async function endKey(
  deployment: Deployment,
  projectId: string,
  nameOrId: string,
): Promise<CommandAnswer> {
  const { id, name, access } = await namedKey(deployment, projectId, nameOrId)
  const outcome = await revokeKey(depsOf(deployment), theOperator(), { projectId, id })
  if ('refusal' in outcome) throw new Error(refusals(projectId, nameOrId)[outcome.refusal])
  const text = `The ${access} API key "${name}" opens nothing any more.`
  return { text, json: { project: projectId, id, name } }
}

export type RotateOptions = { readonly kind: KeyKind; readonly key?: string }

/**
 * Replaces a key of a project. The new one is in the answer; of an API key it is the only place.
 */
export async function rotateKey(
  deployment: Deployment,
  projectId: string,
  { kind, key: nameOrId }: RotateOptions,
): Promise<CommandAnswer> {
  const deps = depsOf(deployment)
  if (kind === 'ping') {
    const replaced = await replacePingKey({ ...deps, ...deployment }, theOperator(), projectId)
    if ('refusal' in replaced) throw new Error(refusals(projectId, kind)[replaced.refusal])
    return rotated(projectId, kind, replaced.key)
  }
  const { id } = await keyOfKind(deployment, projectId, { kind, nameOrId })
  const replaced = await replaceKey(deps, theOperator(), { projectId, id })
  if ('refusal' in replaced) throw new Error(refusals(projectId, nameOrId ?? kind).changed)
  return rotated(projectId, kind, replaced.key)
}

function rotated(projectId: string, kind: KeyKind, key: string): CommandAnswer {
  const text = announcementOf(kind, key)
  const ended = kind === 'ping' ? '' : ' The old one opens nothing any more.'
  return { text: `${text}${ended}`, json: { project: projectId, kind, key } }
}

function depsOf({ apiKeys, audits, clock }: Deployment): KeyDeps {
  return { apiKeys, audits, clock, random }
}

async function namedKey(
  { registry, apiKeys }: Deployment,
  projectId: string,
  nameOrId: string,
): Promise<ApiKey> {
  if ((await registry.project(projectId)) === undefined)
    throw new Error(refusals(projectId, nameOrId).missing)
  const keys = await apiKeys.of(projectId)
  const found = keys.filter(({ id, name }) => id === nameOrId || name === nameOrId)
  const [key] = found
  if (key === undefined)
    throw new Error(`there is no API key "${nameOrId}"; overdue keys list shows all`)
  if (found.length > 1)
    throw new Error(
      `several API keys are called "${nameOrId}"; name one by its id, which overdue keys list --json shows`,
    )
  return key
}

/** The key that is named, or the only one of a kind. */
async function keyOfKind(
  deployment: Deployment,
  projectId: string,
  { kind, nameOrId }: { readonly kind: Access; readonly nameOrId: string | undefined },
): Promise<ApiKey> {
  if (nameOrId !== undefined) return namedKey(deployment, projectId, nameOrId)
  if ((await deployment.registry.project(projectId)) === undefined)
    throw new Error(refusals(projectId, kind).missing)
  const own = (await deployment.apiKeys.of(projectId)).filter(({ access }) => access === kind)
  const [key] = own
  if (key === undefined)
    throw new Error(`the project has no ${kind} API key; overdue keys add makes one`)
  if (own.length > 1)
    throw new Error(`the project has several ${kind} API keys; name one with --key`)
  return key
}

function refusals(projectId: string, key: string) {
  return {
    missing: `there is no project ${projectId}; overdue project list shows all`,
    changed: 'somebody else has just changed this key; nothing was changed by you, try again',
    'name-taken': `the project has an API key "${key}" already`,
    full: 'the project has as many API keys as it may; revoke one first',
    last: 'this is the last API key of the project; rotate it instead',
  }
}

function announcementOf(kind: KeyKind, key: string): string {
  return kind === 'ping'
    ? `The new ping key is\n\n  ${key}\n\nIt stands in the ping URLs with slugs; those with the old one are unknown from now on. Ping URLs with UUIDs stay.`
    : `The new ${kind} API key is\n\n  ${key}\n\nKeep it now: only its hash is stored, so it can't be shown again.`
}
