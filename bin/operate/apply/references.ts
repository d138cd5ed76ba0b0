import type { CheckEntry, RuleEntry } from './check-entry.ts'
import { type CheckNames, withoutEqualOf } from './check-wire.ts'
import type { FieldFault, FieldPath } from './fault.ts'
import type { Names } from './names.ts'
import type { SectionPlan } from './section-plan.ts'
import type { Wanted } from './wanted.ts'

/** The checks of a file, with each channel and check that they name by the name it goes by. */
export function resolvedChecks(wanted: Wanted, names: CheckNames): ReadonlyMap<string, CheckEntry> {
  const channelsOf = (named: readonly string[]) => goBy(named, wanted.channels, names.channels)
  const checksOf = (named: readonly string[]) => goBy(named, wanted.checks, names.checks)
  const rulesOf = ({ escalate, depends_on: parents, ...rules }: RuleEntry): RuleEntry => ({
    ...withoutEqualOf(rules),
    ...(escalate && {
      escalate: escalate.map((step) => ({ ...step, channels: channelsOf(step.channels) })),
    }),
    ...(parents && { depends_on: checksOf(parents) }),
  })
  const entries = [...wanted.checks].map(([slug, entry]) => {
    const { channels, rules } = entry
    return [slug, { ...entry, channels: channelsOf(channels), rules: rulesOf(rules) }] as const
  })
  return new Map(entries)
}

/** By its name and by its id, one thing may be named twice. */
function goBy(
  named: readonly string[],
  file: ReadonlyMap<string, unknown>,
  project: Names,
): string[] {
  const goesBy = (name: string) =>
    file.has(name) || !project.has(name) ? name : project.nameOf(project.idOf(name))
  return [...new Set(named.map(goesBy))].sort()
}

/**
 * Names of channels and checks that neither the file nor the project has. It looks at what is
 * written, so that these are told beside the other faults of a file.
 */
export function unknownNames(value: unknown, names: CheckNames): readonly FieldFault[] {
  const { defaults, checks, channels } = fieldsOf(value)
  const sections = { channels: fieldsOf(channels), checks: fieldsOf(checks) }
  const all = Object.entries(sections.checks).map(([slug, check]) => [['checks', slug], check])
  return [[['defaults'], defaults] as const, ...all].flatMap(([path, settings]) =>
    namesIn(settings, path as FieldPath).flatMap(({ section, path: at, name }) =>
      Object.hasOwn(sections[section], name) || names[section].has(name)
        ? []
        : { path: at, words: unknown[section] },
    ),
  )
}

/**
 * Names, in the checks of a file, of what is to be deleted because it is not in the file any more:
 * the next apply would not find it.
 */
export function stillNamed(
  checks: ReadonlyMap<string, CheckEntry>,
  plans: Readonly<Record<Naming['section'], Pick<SectionPlan, 'left'>>>,
  names: CheckNames,
): readonly FieldFault[] {
  const gone = (section: Naming['section']) =>
    new Set(plans[section].left.map(({ id }) => names[section].nameOf(id)))
  const deleted = { channels: gone('channels'), checks: gone('checks') }
  return [...checks].flatMap(([slug, check]) =>
    namesIn(check, ['checks', slug])
      .filter(({ section, name }) => deleted[section].has(name))
      // The list is told, as a file may have it in another order.
      .map(({ path, name }) => ({
        path: path.slice(0, -1),
        words: `names ${name}, which the file does not have, and --prune deletes`,
      })),
  )
}

type Naming = {
  readonly section: 'channels' | 'checks'
  readonly path: FieldPath
  readonly name: string
}

/** What the settings of a check name, where they are written as they are to be. */
function namesIn(settings: unknown, path: FieldPath): readonly Naming[] {
  const { channels, rules } = fieldsOf(settings)
  const { escalate, depends_on: parents } = fieldsOf(rules)
  const listed = (section: Naming['section'], list: unknown, at: FieldPath): readonly Naming[] =>
    itemsOf(list).flatMap((name, index) =>
      typeof name === 'string' ? { section, path: [...at, index], name } : [],
    )
  return [
    ...listed('channels', channels, [...path, 'channels']),
    ...listed('checks', parents, [...path, 'rules', 'depends_on']),
    ...itemsOf(escalate).flatMap((step, index) =>
      listed('channels', fieldsOf(step)['channels'], [
        ...path,
        'rules',
        'escalate',
        index,
        'channels',
      ]),
    ),
  ]
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}

const unknown = {
  channels: 'names a channel that neither the file nor the project has, or several',
  checks: 'names a check that neither the file nor the project has, or several',
} as const
