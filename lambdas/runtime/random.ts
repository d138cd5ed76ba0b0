import { randomBytes, randomUUID } from 'node:crypto'

/** Chance as the functions see it; like the clock, one seam. */
export type Random = {
  uuid(): string
  bytes(count: number): Uint8Array
}

export const random: Random = { uuid: () => randomUUID(), bytes: (count) => randomBytes(count) }
