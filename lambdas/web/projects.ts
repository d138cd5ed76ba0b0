import { everyProject } from '../domain/people/user.ts'
import type { Project } from '../domain/people/project.ts'
import { statusCountsOf } from '../domain/watching/listing.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { ListedChecks } from './listed-checks.ts'
import { projectsPage, type ShownProject } from './pages/projects.ts'
import { goTo, respond } from './respond.ts'
import { type PersonalCall, projectPath, type Route } from './route.ts'

export type ProjectsPageDeps = {
  readonly registry: Pick<Registry, 'project' | 'projects'>
  readonly listed: Pick<ListedChecks, 'of'>
}

export const projectsRoutes: readonly Route<ProjectsPageDeps>[] = [
  { method: 'GET', path: '/', needs: 'signed-in', act: showProjects },
]

/** More projects are shown without their counts, each of which reads all checks of one. */
const MOST_COUNTED = 25

async function showProjects(deps: ProjectsPageDeps, call: PersonalCall): Promise<Response> {
  const projects = await projectsOf(deps, call)
  const [only] = projects
  if (only !== undefined && projects.length === 1 && !call.query.has('all'))
    return goTo(call, projectPath(only))
  const shown: ShownProject[] = []
  for (const [index, project] of projects.entries())
    shown.push(index < MOST_COUNTED ? await counted(deps, project, call.now) : { project })
  const worstFirst = shown.toSorted((one, other) => downIn(other) - downIn(one))
  return respond(call, projectsPage(worstFirst))
}

async function projectsOf(
  { registry }: ProjectsPageDeps,
  { memberships }: PersonalCall,
): Promise<readonly Project[]> {
  const ids = memberships.map(({ projectId }) => projectId)
  if (ids.includes(everyProject)) return registry.projects()
  const found = await Promise.all([...new Set(ids)].map((id) => registry.project(id)))
  return found.filter((project) => project !== undefined)
}

async function counted(
  { listed }: ProjectsPageDeps,
  project: Project,
  now: number,
): Promise<ShownProject> {
  return { project, counts: statusCountsOf(await listed.of(project.id, now)) }
}

function downIn({ counts }: ShownProject): number {
  return counts === undefined ? -1 : counts.down * 1_000_000 + counts.late
}
