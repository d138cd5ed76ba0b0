/** Something could not be written, as when the disk is full. None of it takes effect. */
export class StorageError extends Error {}

/** The result of the work; undefined when something could not be kept. The caller tries again. */
export function unlessUnkept<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof StorageError) return undefined
    throw error
  }
}
