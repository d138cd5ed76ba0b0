import type { Clock } from './clock.ts'
import { nameOf } from './log.ts'

/** What came of some work: its result, or the name of its error, `late` when it took too long. */
export type Attempted<T> = { readonly done: T } | { readonly failure: string }

/**
 * Waits for some work until `at`, and catches what it throws: for whoever has something to do in
 * its place. Work that is late goes on with nobody to hear of it, so it has to be harmless when it
 * happens after all.
 */
export async function within<T>(clock: Clock, at: number, work: Promise<T>): Promise<Attempted<T>> {
  const end = new AbortController()
  const late = clock.waitUntil(at, end.signal).then(() => ({ failure: 'late' }))
  try {
    return await Promise.race([work.then((done) => ({ done })), late])
  } catch (error) {
    return { failure: nameOf(error) }
  } finally {
    // With a reason, which nobody asks for: without one, an error is made with its stack, on the
    // way of each ping.
    end.abort('ended')
  }
}
