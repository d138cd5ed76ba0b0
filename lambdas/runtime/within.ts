import type { Clock } from './clock.ts'
import { nameOf } from './log.ts'

/** What came of some work: its result, or the name of its error, `late` when it took too long. */
export type Attempted<T> = { readonly done: T } | { readonly failure: string }

/**
 * Waits for some work until `at`, and catches what it throws, so that the caller can do something
 * else. Late work goes on unheard, so it has to be harmless when it happens after all.
 */
export async function within<T>(clock: Clock, at: number, work: Promise<T>): Promise<Attempted<T>> {
  const end = new AbortController()
  const late = clock.waitUntil(at, end.signal).then(() => ({ failure: 'late' }))
  try {
    return await Promise.race([work.then((done) => ({ done })), late])
  } catch (error) {
    return { failure: nameOf(error) }
  } finally {
    // A reason is given, though nobody reads it: without one, each ping would make an error and its
    // stack.
    end.abort('ended')
  }
}
