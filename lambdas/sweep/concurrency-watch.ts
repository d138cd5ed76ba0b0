import { nameOf, warn } from '../runtime/log.ts'

/** The limit of a new account. Pings share it with alerts, and nothing of it can be reserved. */
const NEW_ACCOUNT_LIMIT = 10
const MINUTE_MS = 60_000
const MINUTES_A_DAY = 1440
/** 09:37 UTC: when people are at work, and away from the full hours. */
const MINUTE_OF_CHECK = 9 * 60 + 37

/**
 * Warns while the account may run only as many functions at a time as a new one. It asks in one run
 * a day. A limit that can't be read only leaves a line in the log.
 */
export function makeConcurrencyWatch(
  readLimit: () => Promise<number>,
): (runAt: number) => Promise<void> {
  return async (runAt) => {
    if (Math.floor(runAt / MINUTE_MS) % MINUTES_A_DAY !== MINUTE_OF_CHECK) return
    try {
      const limit = await readLimit()
      if (limit <= NEW_ACCOUNT_LIMIT) warn('concurrency-low', { limit })
    } catch (error) {
      warn('concurrency-unknown', { error: nameOf(error) })
    }
  }
}
