/** Chance as the functions see it; like the clock, one seam. */
export type Random = {
  uuid(): string
  bytes(count: number): Uint8Array
}

const systemRandom: Random = {
  uuid: () => cryptography().randomUUID(),
  bytes: (count) => cryptography().randomBytes(count),
}

/** Not imported at the top: an ES module that imports it loads all of it, Web Crypto included. */
function cryptography() {
  return process.getBuiltinModule('node:crypto')
}

/**
 * A host that owns chance, as the simulation does, leaves its own under this symbol before it loads
 * a function.
 */
export const hostRandom = Symbol.for('overdue.random')

export const random: Random = (globalThis as { [hostRandom]?: Random })[hostRandom] ?? systemRandom
