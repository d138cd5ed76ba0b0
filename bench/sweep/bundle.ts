import { shipped } from '../shipped.ts'

/** Does something with the sweep as it is shipped. */
export async function withBundle<T>(work: (file: string) => Promise<T>): Promise<T> {
  return work(await shipped('Sweeping/Sweep'))
}
