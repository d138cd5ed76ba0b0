import { secondsIn } from '../../../lambdas/domain/wire/duration-text.ts'
import { readYaml } from './document.ts'
import type { FieldFault, FieldPath, FileFault } from './fault.ts'
import { fillVariables, type Variables } from './variables.ts'
import { type Wanted, wantedBy } from './wanted.ts'

/** What a file says. It asks for nothing where it has faults. */
export type ReadFile = {
  readonly value: unknown
  readonly wanted: Wanted | undefined
  readonly faults: readonly FieldFault[]
  /** The fault with where it stands. */
  readonly placed: (fault: FieldFault) => FileFault
  /** The fault with what is written there, which is not yet what a variable holds. */
  readonly told: (fault: FieldFault) => FieldFault
}

const LONGEST_FILE = 10_000_000

/** Reads a file of `overdue apply`. @returns faults where it can't be read as YAML */
export function readWanted(text: string, variables: Variables): ReadFile | readonly FileFault[] {
  if (text.length > LONGEST_FILE)
    return [{ line: 1, column: 1, path: [], words: `has more than ${LONGEST_FILE} characters` }]
  const file = readYaml(text)
  if (!('placed' in file)) return file
  const { value, placed } = file
  const told = (fault: FieldFault) => withValue(fault, value)
  const filled = fillVariables(value, variables)
  const wanted = wantedBy(filled.value)
  const unfilled = filled.faults.map(({ path }) => path.join('.'))
  const others = [...unseenIn(filled.value), ...('project' in wanted ? [] : wanted)]
    .filter(({ path }) => !unfilled.includes(path.join('.')))
    .map(told)
  const faults = [...filled.faults, ...others]
  return {
    value: filled.value,
    wanted: 'project' in wanted && faults.length === 0 ? wanted : undefined,
    faults,
    placed,
    told,
  }
}

/** What schemas don't see: fractions, which the API does not take, and a name they pass over. */
function unseenIn(value: unknown, path: FieldPath = []): readonly FieldFault[] {
  if (typeof value === 'number')
    return Number.isInteger(value) ? [] : [{ path, words: 'is not a whole number' }]
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([name, field]) => {
    const at = [...path, isList ? Number(name) : name]
    return name === '__proto__' ? { path: at, words: 'is no name' } : unseenIn(field, at)
  })
}

/**
 * Says what stands there. Of a channel it may be a secret; a variable is told by its name, as it is
 * written.
 */
function withValue({ path, words }: FieldFault, written: unknown): FieldFault {
  const value = path.reduce<unknown>(
    (within, part) =>
      typeof within === 'object' && within !== null && Object.hasOwn(within, part)
        ? (within as Readonly<Record<string | number, unknown>>)[part]
        : undefined,
    written,
  )
  const isTold = path[0] !== 'channels' && ['string', 'number', 'boolean'].includes(typeof value)
  if (!isTold) return { path, words }
  const isPeriod =
    path.at(-1) === 'schedule' && typeof value === 'string' && secondsIn(value) !== undefined
  const hint = isPeriod ? `; for a period write timeout: ${value}` : ''
  return { path, words: `${words}, got ${JSON.stringify(value).slice(0, 100)}${hint}` }
}
