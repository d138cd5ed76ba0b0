import { randomBytes, randomUUID } from 'node:crypto'

/** Chance as the functions see it; like the clock, one seam. */
export type Random = {
  uuid(): string
  bytes(count: number): Uint8Array
}

const systemRandom: Random = { uuid: () => randomUUID(), bytes: (count) => randomBytes(count) }

/**
 * A host that owns chance, as the simulation does, leaves its own under this symbol before it loads
 * a function.
 */
export const hostRandom = Symbol.for('overdue.random')

export const random: Random = (globalThis as { [hostRandom]?: Random })[hostRandom] ?? systemRandom
