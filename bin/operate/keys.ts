import type { KeyKind } from '../../lambdas/domain/people/api-key.ts'
import { random } from '../../lambdas/runtime/random.ts'
import type { CommandAnswer } from './command-answer.ts'
import { table } from './table.ts'
import type { Deployment } from './target.ts'

export const keyKinds = ['read-write', 'read-only', 'ping'] as const satisfies readonly KeyKind[]

/** The keys of all projects: what they are for and since when, never the keys. */
export async function listKeys({ registry, projects }: Deployment): Promise<CommandAnswer> {
  const [owners, keys] = [await registry.projects(), await projects.keys()]
  const rows = owners.flatMap(({ id, name, createdAt }) =>
    keys
      .filter(({ projectId }) => projectId === id)
      // A key without an age was made with its project.
      .map((key) => ({
        project: id,
        kind: key.kind,
        createdAt: new Date(key.createdAt ?? createdAt).toISOString(),
        name,
      }))
      .sort((one, other) => keyKinds.indexOf(one.kind) - keyKinds.indexOf(other.kind)),
  )
  const lines = rows.map(({ project, kind, createdAt, name }) => [
    project,
    kind,
    createdAt.slice(0, 10),
    name,
  ])
  const text =
    rows.length === 0
      ? 'No key yet. Make a project with overdue project create.'
      : table(['PROJECT', 'KIND', 'CREATED', 'NAME'], lines)
  return { text, json: { keys: rows } }
}

/**
 * Replaces a key of a project. The new one is in the answer; of an API key it is the only place.
 */
export async function rotateKey(
  { projects, clock }: Deployment,
  projectId: string,
  kind: KeyKind,
): Promise<CommandAnswer> {
  const rotated = await projects.rotateKey(projectId, kind, clock.now(), random)
  if (rotated === 'missing')
    throw new Error(`there is no project ${projectId}; overdue project list shows all`)
  if (rotated === 'changed')
    throw new Error(
      'somebody else has just changed this key; nothing was changed by you, try again',
    )
  return {
    text: announcementOf(kind, rotated.key),
    json: { project: projectId, kind, key: rotated.key },
  }
}

function announcementOf(kind: KeyKind, key: string): string {
  return kind === 'ping'
    ? `The new ping key is\n\n  ${key}\n\nIt stands in the ping URLs with slugs; those with the old one are unknown from now on. Ping URLs with UUIDs stay.`
    : `The new ${kind} API key is\n\n  ${key}\n\nKeep it now: only its hash is stored, so it can't be shown again. The old one opens nothing any more.`
}
