import { mostAddedAtOnce } from '../managing/add-check.ts'
import type { Creation } from './writes.ts'

type Planned = { readonly plan: Creation }

/**
 * Groups of checks that may be made together. Those with a slug that another of the group has, or
 * with rules, which are judged by the checks that there are, are made alone, and behind the others.
 */
export function creationGroups<Of extends Planned>(
  creations: readonly Of[],
): readonly (readonly Of[])[] {
  const groups: { readonly members: Of[]; readonly slugs: Set<string> }[] = []
  const alone: Of[] = []
  for (const one of creations) {
    const { slug, rules } = one.plan.check
    const last = groups.at(-1)
    if (rules !== undefined) alone.push(one)
    else if (last === undefined || last.members.length === mostAddedAtOnce)
      groups.push({ members: [one], slugs: new Set([slug]) })
    else if (slug !== '' && last.slugs.has(slug)) alone.push(one)
    else {
      last.members.push(one)
      last.slugs.add(slug)
    }
  }
  return [...groups.map(({ members }) => members), ...alone.map((one) => [one])]
}
