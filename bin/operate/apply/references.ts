import { withoutEqualOf } from './check-wire.ts'
import type { CheckEntry, RuleEntry } from './check-entry.ts'
import type { FieldFault, FieldPath } from './fault.ts'
import type { Names } from './names.ts'
import type { ProjectState } from './project.ts'
import type { Wanted } from './wanted.ts'

/** The checks of a file, with every channel and check that they name by the name it goes by. */
export type Resolved = {
  readonly checks: ReadonlyMap<string, CheckEntry>
  readonly faults: readonly FieldFault[]
}

/** Looks up what checks name, in the file first and then in the project. */
export function resolved(wanted: Wanted, { names }: Pick<ProjectState, 'names'>): Resolved {
  const faults: FieldFault[] = []
  const checks = new Map<string, CheckEntry>()
  for (const [slug, entry] of wanted.checks) {
    const pathOf = (setting: string) =>
      wanted.inherits(slug, setting) ? ['defaults', setting] : ['checks', slug, setting]
    const lookUp = (section: 'channels' | 'checks', path: FieldPath, named: readonly string[]) =>
      named
        .flatMap((name) => {
          const found = goesBy(name, wanted[section], names[section])
          if (found === undefined) faults.push({ path, words: unclear(section, name) })
          return found ?? []
        })
        .sort()
    checks.set(slug, {
      ...entry,
      channels: lookUp('channels', pathOf('channels'), entry.channels),
      rules: resolvedRules(entry.rules, pathOf('rules'), lookUp),
    })
  }
  return { checks, faults: withoutTwins(faults) }
}

type LookUp = (
  section: 'channels' | 'checks',
  path: FieldPath,
  named: readonly string[],
) => string[]

function resolvedRules(rules: RuleEntry, path: FieldPath, lookUp: LookUp): RuleEntry {
  const { escalate, depends_on: parents } = rules
  return {
    ...withoutEqualOf(rules),
    ...(escalate && {
      escalate: escalate.map((step, index) => ({
        ...step,
        channels: lookUp('channels', [...path, 'escalate', index, 'channels'], step.channels),
      })),
    }),
    ...(parents && { depends_on: lookUp('checks', [...path, 'depends_on'], parents) }),
  }
}

function goesBy(
  name: string,
  file: ReadonlyMap<string, unknown>,
  project: Names,
): string | undefined {
  if (file.has(name)) return name
  return project.has(name) ? project.nameOf(project.idOf(name)) : undefined
}

function unclear(section: 'channels' | 'checks', name: string): string {
  return section === 'channels'
    ? `names a channel that neither the file nor the project has, or several: ${name}`
    : `names a check that neither the file nor the project has, or several: ${name}`
}

/** What stands in the defaults is wrong once, however many checks take it. */
function withoutTwins(faults: readonly FieldFault[]): readonly FieldFault[] {
  const byText = new Map(faults.map((fault) => [JSON.stringify(fault), fault]))
  return [...byText.values()]
}
