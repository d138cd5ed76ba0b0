import { mostAddedAtOnce } from '../managing/add-check.ts'
import type { MirrorRun } from './run.ts'
import { createSaid, createTogether, type Creation, type RowOutcome } from './writes.ts'

/** Something that has a check to be made. */
type Creating = { readonly plan: Creation }

/**
 * Makes checks of one project, some at a time. What can't be made with others is made alone; once
 * the project is full, nothing more is tried.
 * @param note hears what came of each, or runs what makes it
 */
export async function createAll<Of extends Creating>(
  run: MirrorRun,
  creations: readonly Of[],
  note: (one: Of, deed: () => Promise<RowOutcome>) => Promise<void>,
): Promise<void> {
  let full: RowOutcome | undefined
  const alone = async ({ plan }: Of): Promise<RowOutcome> => {
    const outcome = full ?? (await createSaid(run, plan))
    if (typeof outcome === 'object' && outcome.refusal === 'full') full = outcome
    return outcome
  }
  for (const group of groupsOfCreations(creations)) {
    const isDone = group.length > 1 && (await areMade(run, group))
    for (const one of group)
      await note(one, () => (isDone ? Promise.resolve('written') : alone(one)))
  }
}

/** A failure shows again, with its check, when each is made alone. */
async function areMade(run: MirrorRun, group: readonly Creating[]): Promise<boolean> {
  const plans = group.map(({ plan }) => plan)
  const outcome = await createTogether(run, plans).catch(() => 'failed')
  return outcome === 'written'
}

/**
 * Groups of checks that may be made together. Those with a slug that another of the group has, or
 * with rules, which are judged by the checks that there are, are made alone, and behind the others.
 */
function groupsOfCreations<Of extends Creating>(
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
