import type { CheckEntry } from './check-entry.ts'
import type { FieldFault } from './fault.ts'
import type { ProjectState } from './project.ts'
import { resolvedChecks, stillNamed } from './references.ts'
import { planSection, removal, type ApplyTerms } from './section-plan.ts'
import { channelSection, checkSection, windowSection } from './sections.ts'
import { unsoundChecks } from './sound-checks.ts'
import type { ProjectPlan, Step } from './steps.ts'
import type { Wanted } from './wanted.ts'

/** What makes a project as a file wants it. Nothing is planned where there are faults. */
export async function planProject(
  wanted: Wanted,
  project: ProjectState,
  terms: ApplyTerms,
): Promise<ProjectPlan | readonly FieldFault[]> {
  const entries = resolvedChecks(wanted, project.names)
  const channels = planSection(channelSection, wanted.channels, project.channels, terms)
  const checks = planSection(checkSection, entries, project.checks, terms)
  const windows = planSection(windowSection, wanted.windows, project.windows, terms)
  const sections = [channels, checks, windows]
  const found = sections.flatMap((section) => section.faults)
  const named = terms.isPruning ? stillNamed(entries, { channels, checks }, project.names) : []
  const all = [...found, ...named, ...(await unsoundChecks(entries, project))]
  if (all.length > 0) return all
  const left = sections.flatMap((section) => section.left)
  return {
    stages: [
      // Channels come first, since checks name them, and go last.
      ...channels.steps.map((step) => [step]),
      ...byParents(checks.steps, entries),
      ...windows.steps.map((step) => [step]),
      ...(terms.isPruning && left.length > 0
        ? [
            windows.left.map((window) => removal(windowSection, window)),
            checks.left.map((check) => removal(checkSection, check)),
            channels.left.map((channel) => removal(channelSection, channel)),
          ]
        : []),
    ],
    unchanged: sections.reduce((sum, { unchanged }) => sum + unchanged, 0),
    left: terms.isPruning ? [] : left.map(({ id, name }) => (name === '' ? id : name)),
    silent: [...entries].flatMap(([slug, { channels: told }]) => (told.length === 0 ? slug : [])),
  }
}

/** Checks behind those that they depend on: one that is still missing can't be named. */
function byParents(
  steps: readonly Step[],
  entries: ReadonlyMap<string, CheckEntry>,
): readonly (readonly Step[])[] {
  const depths = new Map<string, number>()
  const depthOf = (slug: string): number => {
    const parents = entries.get(slug)?.rules.depends_on ?? []
    const depth = depths.get(slug) ?? Math.max(0, ...parents.map((parent) => depthOf(parent) + 1))
    depths.set(slug, depth)
    return depth
  }
  const staged = Map.groupBy(steps, ({ name }) => depthOf(name))
  return [...staged].sort(([one], [other]) => one - other).map(([, stage]) => stage)
}
