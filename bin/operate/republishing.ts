import type { Check } from '../../lambdas/domain/watching/check.ts'
import { inGroups } from '../../lambdas/runtime/groups.ts'
import { publish } from '../../lambdas/store/publishing.ts'
import type { Deployment } from './target.ts'

/**
 * What a check's version is raised by when the check is made anew under an old UUID. Pings take the
 * new definition only if its version is above that of the old check's tombstone, which may still be
 * on its way. Nobody changes a check this often in the hour for which a change is followed.
 */
export const VERSION_MARGIN = 1000

const CONCURRENT_WRITES = 25

/** Publishes the checks that an earlier run stored before it broke off, so that pings find them. */
export async function publishIfBehind(
  deployment: Deployment,
  checks: readonly Check[],
  pingKey: string,
): Promise<void> {
  const versions = await deployment.heartbeats.versions(checks.map(({ id }) => id))
  const behind = checks.filter(({ id, version }) => (versions.get(id) ?? -1) < version)
  await inGroups(behind, CONCURRENT_WRITES, (check) => publish(deployment, check, pingKey))
}
