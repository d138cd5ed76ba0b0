import { backOff, type Seams } from '../runtime/backoff.ts'

/** Others got in the way at each try. */
export type Contended = { readonly refusal: 'contended' }

const TRIES = 20

/** Repeats, from the first read, a change that another request got in the way of. */
export async function persistently<Outcome>(
  seams: Seams,
  attempt: () => Promise<Outcome | 'raced'>,
): Promise<Outcome | Contended> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const outcome = await attempt()
    if (outcome !== 'raced') return outcome
    await backOff(tries, seams)
  }
  return { refusal: 'contended' }
}
