import { backOff, type Seams } from '../runtime/backoff.ts'

/** Others got in the way at each try. */
export type Contended = { readonly refusal: 'contended' }

export const mostTries = 20

/**
 * Repeats, from the first read, a change that another request got in the way of. The attempt hears
 * how many came before it.
 */
export async function persistently<Outcome>(
  seams: Seams,
  attempt: (before: number) => Promise<Outcome | 'raced'>,
): Promise<Outcome | Contended> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const outcome = await attempt(tries)
    if (outcome !== 'raced') return outcome
    await backOff(tries, seams)
  }
  return { refusal: 'contended' }
}
