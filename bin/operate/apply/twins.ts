import type { ProjectApi } from '../api/project-api.ts'
import type { ProjectState, There } from './project.ts'

/**
 * Deletes what is there twice because somebody else applied the same at the same time: neither
 * could know of the other. Of several the one with the least id stays, whoever made it. Each who
 * has made one looks after that, so that the last of them sees all. What was there before this run
 * has no twin: it would have been found.
 * @param made ids of what this run has made
 * @returns how many were deleted
 */
export async function deleteTwins(
  api: ProjectApi,
  project: ProjectState,
  made: ReadonlySet<string>,
): Promise<number> {
  const twins = [
    ...twinsIn(project.windows, made).map(({ id }) => `windows/${id}`),
    ...twinsIn(project.checks, made).map(({ id }) => `checks/${id}`),
    ...twinsIn(project.channels, made).map(({ id }) => `channels/${id}`),
  ]
  for (const path of twins) await api.ask('DELETE', path)
  return twins.length
}

function twinsIn<Entry>(
  things: readonly There<Entry>[],
  made: ReadonlySet<string>,
): readonly There<Entry>[] {
  const same = Map.groupBy(things, ({ name, managedBy }) => JSON.stringify([name, managedBy]))
  return [...same.values()]
    .filter((all) => all.some(({ id }) => made.has(id)))
    .flatMap((all) => all.toSorted((one, other) => (one.id < other.id ? -1 : 1)).slice(1))
}
