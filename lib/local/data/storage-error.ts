/** What was to be kept could not be written, as when the disk is full. Nothing of it is done. */
export class StorageError extends Error {}

/** What the work answers; undefined when something could not be kept, and its time comes again. */
export function unlessUnkept<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof StorageError) return undefined
    throw error
  }
}
