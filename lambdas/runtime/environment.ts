/**
 * A setting that the stack must have given; throws at load when it has not, so that a wrong
 * deployment fails at its first line.
 */
export function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`environment variable ${name} is not set`)
  return value
}

/** A setting that may be absent. */
export function optional(name: string): string | undefined {
  const value = process.env[name]
  return value === '' ? undefined : value
}

/** The names in a list with commas; none when it is absent. */
export function list(name: string): readonly string[] {
  return optional(name)?.split(',') ?? []
}

/** A whole number of at least 1. */
export function requiredCount(name: string): number {
  const text = required(name)
  if (!/^[1-9]\d{0,9}$/.test(text))
    throw new Error(`environment variable ${name} must be a whole number from 1, got ${text}`)
  return Number(text)
}

/** The same, or Infinity where the setting says `none`. */
export function countOrNone(name: string): number {
  return required(name) === 'none' ? Infinity : requiredCount(name)
}

/** A setting that is one of a few words. */
export function requiredWord<T extends string>(name: string, words: readonly T[]): T {
  const text = required(name)
  const found = words.find((word) => word === text)
  if (found === undefined)
    throw new Error(`environment variable ${name} must be one of ${words.join(', ')}, got ${text}`)
  return found
}
