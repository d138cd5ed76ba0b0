import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import { formOf } from '../../../lambdas/channels/kinds.ts'
import { appliedPrefix } from '../../../lambdas/domain/watching/managed-by.ts'
import type { ChannelEntry } from './channel-wire.ts'
import type { ProjectState, There } from './project.ts'
import type { Section } from './section-plan.ts'
import { channelSection, checkSection, windowSection } from './sections.ts'
import type { Spelled } from './spelling.ts'
import { keptKeys, withoutVariables } from './variables.ts'

/** A file for `overdue apply`. */
export type ProjectFile = {
  readonly text: string
  /** The variables that stand for secrets in it. */
  readonly variables: readonly string[]
  /** What has no name of its own, and is no part of it. */
  readonly nameless: readonly string[]
}

const DEFAULT_PROJECT = 'Project'

/**
 * What a project has as a file for `overdue apply`. Of secrets the API shows the end only, so
 * variables stand in their places.
 * @param project what the file is called; when left out, as the one that has made these things
 */
export function fileOf(state: ProjectState, project = projectOf(state)): ProjectFile {
  const { channels, checks, windows } = state
  const variables = new Set<string>()
  const sections = {
    channels: section(channels, ({ name, entry }) => ({
      ...written(channelSection, entry),
      ...secretsOf(name, entry, variables),
    })),
    checks: section(checks, ({ name, entry }) => written(checkSection, entry, { name, tz: 'UTC' })),
    windows: section(windows, ({ entry }) => written(windowSection, entry, { tz: 'UTC' })),
  }
  const filled = Object.entries(sections).filter(([, entries]) => Object.keys(entries).length > 0)
  return {
    text: stringify(
      { project: withoutVariables(project), ...Object.fromEntries(filled) },
      { lineWidth: 0 },
    ),
    variables: [...variables],
    nameless: [channels, checks, windows].flatMap((things: readonly There<unknown>[]) => {
      const clear = new Set<There<unknown>>(named(things))
      return things.filter((thing) => !clear.has(thing)).map(({ id }) => id)
    }),
  }
}

function projectOf({ channels, checks, windows }: ProjectState): string {
  const marks = new Set([...channels, ...checks, ...windows].map(({ managedBy }) => managedBy))
  const [mark, ...others] = [...marks].filter((each) => each?.startsWith(appliedPrefix))
  return mark === undefined || others.length > 0
    ? DEFAULT_PROJECT
    : mark.slice(appliedPrefix.length)
}

function section<Entry>(
  things: readonly There<Entry>[],
  write: (thing: There<Entry>) => Spelled,
): Readonly<Record<string, Spelled>> {
  return Object.fromEntries(named(things).map((thing) => [thing.name, write(thing)]))
}

/** Those that have a name which no other has, by name: an order that lasts. */
function named<Entry>(things: readonly There<Entry>[]): readonly There<Entry>[] {
  const byName = Map.groupBy(things, ({ name }) => name)
  return things
    .filter(({ name }) => name !== '' && byName.get(name)?.length === 1)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

/** An entry without what files may leave out. No text in it is taken for a variable. */
function written<Entry>(
  { spell, usual }: Section<Entry>,
  entry: Entry,
  alsoUsual: Spelled = {},
): Spelled {
  const leftOut: Spelled = { ...usual, ...alsoUsual }
  const told = Object.entries(spell(entry)).filter(
    ([field, value]) => !isDeepStrictEqual(value, leftOut[field]),
  )
  return literal(Object.fromEntries(told)) as Spelled
}

function literal(value: unknown): unknown {
  if (typeof value === 'string') return withoutVariables(value)
  if (Array.isArray(value)) return value.map(literal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, literal(field)]))
}

/** Variables in the places of secrets, each with a name of its own. */
function secretsOf(name: string, { kind, fields }: ChannelEntry, taken: Set<string>): Spelled {
  const { secrets = [] } = formOf(kind)
  return Object.fromEntries(
    secrets
      .filter((field) => field in fields)
      .map((field) => [field, `\${${freshVariable(`${name}_${field}`, taken)}}`]),
  )
}

function freshVariable(text: string, taken: Set<string>): string {
  const plain = text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_')
  for (let number = 1; ; number += 1) {
    const variable = number === 1 ? plain : `${plain}_${number}`
    if (taken.has(variable) || keptKeys.includes(variable)) continue
    taken.add(variable)
    return variable
  }
}
