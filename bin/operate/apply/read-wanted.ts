import { readYaml } from './document.ts'
import type { FileFault, FieldFault, FieldPath } from './fault.ts'
import { fillVariables, type Variables } from './variables.ts'
import { type Wanted, wantedBy } from './wanted.ts'

/** What a file asks for, and where it says so. */
export type ReadFile = {
  readonly wanted: Wanted
  readonly placed: (fault: FieldFault) => FileFault
}

const LONGEST_FILE = 10_000_000

/** Reads a file of `overdue apply`. @returns all its faults where it has any */
export function readWanted(text: string, variables: Variables): ReadFile | readonly FileFault[] {
  if (text.length > LONGEST_FILE)
    return [{ line: 1, column: 1, path: [], words: `has more than ${LONGEST_FILE} characters` }]
  const file = readYaml(text)
  if (!('placed' in file)) return file
  const { value, placed } = file
  const filled = fillVariables(value, variables)
  if (filled.faults.length > 0) return filled.faults.map(placed)
  const fractions = fractionsIn(filled.value)
  const wanted = wantedBy(filled.value)
  if ('project' in wanted && fractions.length === 0) return { wanted, placed }
  const faults = 'project' in wanted ? fractions : [...fractions, ...wanted]
  return faults.map((fault) => placed(withValue(fault, value)))
}

/** The API takes whole numbers only, which its schemas don't say. */
function fractionsIn(value: unknown, path: FieldPath = []): readonly FieldFault[] {
  if (typeof value === 'number')
    return Number.isInteger(value) ? [] : [{ path, words: 'is not a whole number' }]
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([name, field]) =>
    fractionsIn(field, [...path, isList ? Number(name) : name]),
  )
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
  return { path, words: isTold ? `${words}, got ${JSON.stringify(value).slice(0, 100)}` : words }
}
