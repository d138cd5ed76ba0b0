import type { Invariant } from '../invariant.ts'

/**
 * 6. Every event that was, handed over once more, leaves all tables as they are and tells nobody
 * anything.
 */
export const againChangesNothing: Invariant = {
  name: '6 again changes nothing',
  find({ settled, deployment }) {
    if (settled === undefined) return []
    const [before, after] = [new Set(settled.before), new Set(settled.after)]
    const more = deployment.sent.length - settled.sentBefore
    return [
      ...settled.before.filter((item) => !after.has(item)).map((item) => `again takes ${item}`),
      ...settled.after.filter((item) => !before.has(item)).map((item) => `again leaves ${item}`),
      ...(more === 0 ? [] : [`again tells ${more} times`]),
    ]
  },
}
