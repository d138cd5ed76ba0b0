import type { FieldFault } from './fault.ts'
import { type Difference, differences, type Spelled } from './spelling.ts'
import type { There } from './project.ts'
import type { ApiRequest, Step, Thing } from './steps.ts'
import type { CheckNames } from './check-wire.ts'

/** Under which terms a file is held against a project. */
export type ApplyTerms = {
  /** The mark of what the file makes. */
  readonly mark: string
  /** Whether the file takes over what others made. */
  readonly isAdopting: boolean
  /** Whether what the file does not have any more is deleted. */
  readonly isPruning: boolean
  /** Whether secrets are sent, for the API to compare. */
  readonly isComparing: boolean
}

/** How one section of a file is held against the project. */
export type Section<Entry> = {
  readonly thing: Thing
  /** Of the file, and of the API. */
  readonly path: 'channels' | 'checks' | 'windows'
  readonly spell: (entry: Entry) => Spelled
  /** What a new one has where a file leaves it out. */
  readonly usual: Spelled
  readonly creation: (name: string, entry: Entry, names: CheckNames) => object
  readonly change: (name: string, entry: Entry, before: Entry, names: CheckNames) => object
  /** Why a thing can't become what is wanted. */
  readonly refusal?: (wanted: Entry, before: Entry) => string | undefined
  readonly hasSecrets?: (wanted: Entry) => boolean
}

export type SectionPlan = {
  readonly steps: readonly Step[]
  readonly faults: readonly FieldFault[]
  readonly unchanged: number
  /** What the mark is on, and the file does not have. */
  readonly left: readonly There<unknown>[]
}

export function planSection<Entry>(
  section: Section<Entry>,
  wanted: ReadonlyMap<string, Entry>,
  there: readonly There<Entry>[],
  terms: ApplyTerms,
): SectionPlan {
  const byName = Map.groupBy(there, ({ name }) => name)
  const outcomes = [...wanted].map(([name, entry]) =>
    planEntry(section, { name, entry, found: byName.get(name) ?? [] }, terms),
  )
  const left = there.filter(({ name, managedBy }) => managedBy === terms.mark && !wanted.has(name))
  return {
    steps: outcomes.flatMap(({ step }) => step ?? []),
    faults: outcomes.flatMap(({ fault }) =>
      fault === undefined ? [] : { ...fault, path: [section.path, ...fault.path] },
    ),
    unchanged: outcomes.filter(({ step, fault }) => (step ?? fault) === undefined).length,
    left,
  }
}

/** The deletion of a thing. */
export function removal(
  { thing, path }: Pick<Section<never>, 'thing' | 'path'>,
  { id, name }: Pick<There<unknown>, 'id' | 'name'>,
): Step {
  const request = (): ApiRequest => ({ method: 'DELETE', path: `${path}/${id}` })
  return { action: 'delete', thing, name: name === '' ? id : name, differences: [], request }
}

type Held<Entry> = {
  readonly name: string
  readonly entry: Entry
  readonly found: readonly There<Entry>[]
}

type Outcome = { readonly step?: Step; readonly fault?: FieldFault }

function planEntry<Entry>(
  section: Section<Entry>,
  { name, entry, found }: Held<Entry>,
  terms: ApplyTerms,
): Outcome {
  const [before, ...others] = found
  const refused = (words: string): Outcome => ({ fault: { path: [name], words } })
  if (before === undefined) return { step: creation(section, name, entry, terms) }
  if (others.length > 0)
    return refused(`is several in the project: ${found.map(({ id }) => id).join(', ')}`)
  if (before.managedBy === 'source') return refused('is kept by a database')
  if (before.managedBy !== terms.mark && !terms.isAdopting)
    return refused(
      `is in the project already, ${before.managedBy === undefined ? 'made by hand' : `kept by ${before.managedBy}`}; --adopt takes it over`,
    )
  const refusal = section.refusal?.(entry, before.entry)
  if (refusal !== undefined) return refused(refusal)
  return changeOf(section, { name, entry, before }, terms)
}

function creation<Entry>(
  { thing, path, spell, usual, creation: body }: Section<Entry>,
  name: string,
  entry: Entry,
  { mark }: ApplyTerms,
): Step {
  return {
    action: 'create',
    thing,
    name,
    differences: differences(usual, spell(entry)),
    request: (names) => ({
      method: 'POST',
      path: `${path}/`,
      body: { ...body(name, entry, names), managed_by: mark },
    }),
  }
}

function changeOf<Entry>(
  { thing, path, spell, change, hasSecrets = () => false }: Section<Entry>,
  { name, entry, before }: Omit<Held<Entry>, 'found'> & { readonly before: There<Entry> },
  { mark, isComparing }: ApplyTerms,
): Outcome {
  const keeper: readonly Difference[] =
    before.managedBy === mark ? [] : [{ field: 'managed_by', from: before.managedBy, to: mark }]
  const differing = [...differences(spell(before.entry), spell(entry)), ...keeper]
  const isCompared = isComparing && hasSecrets(entry)
  if (differing.length === 0 && !isCompared) return {}
  return {
    step: {
      action: differing.length === 0 ? 'compare' : 'change',
      thing,
      name,
      differences: differing,
      request: (names) => ({
        method: 'POST',
        path: `${path}/${before.id}`,
        body: { ...change(name, entry, before.entry, names), managed_by: mark },
      }),
    },
  }
}
