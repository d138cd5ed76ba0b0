import type { Project } from '../domain/people/project.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Registry } from '../store/registry/registry.ts'

export type KnownCheckDeps = { readonly registry: Pick<Registry, 'ownerOf' | 'project' | 'check'> }

/** A check as it is now, and its project. */
export type KnownCheck = { readonly check: Check; readonly project: Project }

/** Undefined when the check has been deleted. */
export async function knownCheck(
  { registry }: KnownCheckDeps,
  checkId: string,
): Promise<KnownCheck | undefined> {
  const projectId = await registry.ownerOf(checkId)
  if (projectId === undefined) return undefined
  const [project, check] = await Promise.all([
    registry.project(projectId),
    registry.check(projectId, checkId),
  ])
  return project === undefined || check === undefined ? undefined : { project, check }
}
