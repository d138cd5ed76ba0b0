import type { Check } from '../../lambdas/domain/watching/check.ts'
import { inGroups } from '../../lambdas/runtime/groups.ts'
import { publish } from '../../lambdas/store/publishing.ts'
import type { Deployment } from './target.ts'

/**
 * How far the version of a check that is made anew under an old UUID lies above what is stored of
 * it. The tombstone of a deleted check is there already, or on its way still at a version that no
 * table tells: the new definition must exceed both, or it would be taken for an old one. Nobody
 * changes a check this often within the hour for which a change is followed.
 */
export const VERSION_MARGIN = 1000

const CONCURRENT_WRITES = 25

/** Sees to it that checks can be pinged which an earlier run stored before it broke off. */
export async function publishIfBehind(
  deployment: Deployment,
  checks: readonly Check[],
  pingKey: string,
): Promise<void> {
  const versions = await deployment.heartbeats.versions(checks.map(({ id }) => id))
  const behind = checks.filter(({ id, version }) => (versions.get(id) ?? -1) < version)
  await inGroups(behind, CONCURRENT_WRITES, (check) => publish(deployment, check, pingKey))
}
