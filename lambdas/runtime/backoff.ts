import { type Clock, clock } from './clock.ts'
import { type Random, random } from './random.ts'

/** What waiting takes: time and chance. */
export type Seams = { readonly clock: Clock; readonly random: Random }

const FIRST_WAIT_MS = 25
const LONGEST_WAIT_MS = 1000

/**
 * Does work that may fail for a moment, such as a read that is throttled. Waits grow from try to
 * try.
 * @throws what the last try threw.
 */
export async function tryAgain<T>(
  tries: number,
  work: () => Promise<T>,
  seams?: Seams,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt + 1 >= tries) throw error
    }
    await backOff(attempt, seams)
  }
}

/**
 * Waits before a further attempt, counted from 0. The wait is a random share of a time that
 * doubles, so that calls that collided once don't collide again.
 */
export async function backOff(attempt: number, seams: Seams = { clock, random }): Promise<void> {
  const longestMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt)
  const share = (seams.random.bytes(1)[0] ?? 0) / 255
  await seams.clock.waitUntil(seams.clock.now() + Math.ceil(longestMs * share))
}
