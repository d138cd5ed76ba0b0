import type { Check } from '../domain/watching/check.ts'
import type { Registry } from '../store/registry/registry.ts'

export type FindCheckDeps = {
  readonly registry: Pick<Registry, 'check' | 'checkByUniqueKey' | 'ownerOf'>
}

/** Why a project has no such check; foreign is one of another project. */
export type CheckMissing = { readonly refusal: 'missing' | 'foreign' }

/** A check of a project, by UUID or unique key. */
export async function findCheck(
  { registry }: FindCheckDeps,
  projectId: string,
  name: string,
): Promise<Check | CheckMissing> {
  const isUuid = name.includes('-')
  const check = await (isUuid
    ? registry.check(projectId, name)
    : registry.checkByUniqueKey(projectId, name))
  if (check !== undefined) return check
  const owner = isUuid ? await registry.ownerOf(name) : undefined
  return { refusal: owner === undefined || owner === projectId ? 'missing' : 'foreign' }
}
