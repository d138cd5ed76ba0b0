/**
 * Whether an event fits a filter of an event source mapping. Filters are EventBridge's patterns, as
 * far as streams and queues need them.
 * @throws when a comparison is one that the local stack does not know.
 */
export function fitsPattern(pattern: unknown, event: unknown): boolean {
  if (!isRecord(pattern))
    throw new Error(`a filter pattern is an object, got ${JSON.stringify(pattern)}`)
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') return list(wanted).some((alternative) => fitsPattern(alternative, event))
    const value = isRecord(event) ? event[key] : undefined
    return Array.isArray(wanted)
      ? wanted.some((comparison) => fits(comparison, value))
      : fitsPattern(wanted, value)
  })
}

/** A comparison holds for a value, or for any member of a list. */
function fits(comparison: unknown, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((member) => fits(comparison, member))
  if (!isRecord(comparison)) return comparison === value
  const [[name, wanted] = ['', undefined]] = Object.entries(comparison)
  if (name === 'exists') return (value !== undefined && !isRecord(value)) === wanted
  if (value === undefined || isRecord(value)) return false
  switch (name) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(wanted))
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(wanted))
    case 'anything-but':
      return isRecord(wanted) ? !fits(wanted, value) : !list(wanted).includes(value)
    case 'numeric':
      return fitsNumbers(list(wanted), value)
    default:
      throw new Error(`the local stack does not know the filter comparison ${name}`)
  }
}

/** `[">", 0, "<=", 5]` */
function fitsNumbers(bounds: readonly unknown[], value: unknown): boolean {
  if (typeof value !== 'number') return false
  return bounds.every(
    (operator, index) =>
      index % 2 === 1 || fitsBound(String(operator), value, Number(bounds[index + 1])),
  )
}

function fitsBound(operator: string, value: number, bound: number): boolean {
  switch (operator) {
    case '=':
      return value === bound
    case '<':
      return value < bound
    case '<=':
      return value <= bound
    case '>':
      return value > bound
    case '>=':
      return value >= bound
    default:
      throw new Error(`the local stack does not know the numeric comparison ${operator}`)
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
