import { isPlainName } from '../people/plain-name.ts'

/**
 * Who keeps a thing as it is in the place of people: a file that is applied, an application that
 * tells its schedule, or a database.
 */
export type ManagedBy =
  `${typeof appliedPrefix}${string}` | `${typeof syncedPrefix}${string}` | typeof keptBySource

/** Before the name that the file gives to its project. */
export const appliedPrefix = 'apply:'

/** Before what the application calls its monitor at Oh Dear. Nobody else may say so. */
export const syncedPrefix = 'oh-dear:'

/** Said of checks of a database that is mirrored. Nobody else may say so. */
export const keptBySource = 'source'

export function isManagedBy(value: unknown): value is ManagedBy {
  return value === keptBySource || isApplied(value) || isNamedBehind(syncedPrefix, value)
}

/** What anybody may say: the form `apply:<project name>`. */
export function isApplied(value: unknown): value is ManagedBy {
  return isNamedBehind(appliedPrefix, value)
}

function isNamedBehind(prefix: string, value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.startsWith(prefix) &&
    value.isWellFormed() &&
    isPlainName(value.slice(prefix.length))
  )
}

/** Who keeps a thing after a change: who did before where nobody is named, and nobody by null. */
export function keeperAfter(
  wanted: ManagedBy | null | undefined,
  { managedBy: before }: { readonly managedBy?: ManagedBy },
): { readonly managedBy?: ManagedBy } {
  const managedBy = wanted === undefined ? before : wanted
  return managedBy === undefined || managedBy === null ? {} : { managedBy }
}
