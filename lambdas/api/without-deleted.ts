import type { Check } from '../domain/watching/check.ts'
import { withExisting } from '../domain/watching/rules.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Viewer } from '../managing/shown/check-answer.ts'

export type WithoutDeletedDeps = {
  readonly registry: Pick<Registry, 'channelNames' | 'existing'>
}

/**
 * Checks of a project as they are shown. A channel or a check that was deleted stays in the items
 * that name it and is taken out here, and so at once and of all of them. Read-only keys see none of
 * these names.
 */
export async function withoutDeleted(
  { registry }: WithoutDeletedDeps,
  checks: readonly Check[],
  { access }: Pick<Viewer, 'access'>,
): Promise<readonly Check[]> {
  const named = access === 'read-only' ? [] : checks.filter(namesChannels)
  const parents = access === 'read-only' ? [] : checks.flatMap(parentsOf)
  const [channels, existing] = await Promise.all([
    named[0] === undefined ? [] : registry.channelNames(named[0].projectId),
    parents.length === 0 ? new Set<string>() : registry.existing(parents),
  ])
  const there = new Set([...channels.map(({ id }) => id), ...existing])
  return checks.map((check) => onlyWith(check, (id) => there.has(id)))
}

function namesChannels({ channelIds, rules }: Check): boolean {
  return channelIds.length > 0 || rules?.escalate !== undefined
}

function parentsOf({ rules }: Check): readonly string[] {
  return rules?.dependsOn ?? []
}

function onlyWith({ rules, ...check }: Check, isThere: (id: string) => boolean): Check {
  const left = rules && withExisting(rules, isThere)
  return {
    ...check,
    channelIds: check.channelIds.filter(isThere),
    ...(left === undefined ? {} : { rules: left }),
  }
}
