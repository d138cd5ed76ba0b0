const FIRST_DELAY_SECONDS = 10
const LONGEST_DELAY_SECONDS = 2 * 3600

/**
 * How often a delivery is tried. The 21 delays between take a day in total. The redrive of the
 * Deliveries queue is set to this number.
 */
export const deliveryAttempts = 22

/**
 * How long a delivery waits after an attempt that failed, the first being 1: ten seconds, doubling
 * up to two hours.
 */
export function retryDelaySeconds(attempt: number): number {
  return Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (attempt - 1))
}

/** The wait until an instant, in the whole seconds that queues count: one at least. */
export function waitSecondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1000))
}

const LONGEST_ASKED_SECONDS = 3600

/**
 * How long a delivery waits when its channel asks for a delay: as long as it asks, an hour at most,
 * and no less than after any other failure. Attempts that are all put off so take 33 hours.
 */
export function postponedDelaySeconds(attempt: number, askedSeconds: number): number {
  const seconds = Math.min(Math.ceil(askedSeconds), LONGEST_ASKED_SECONDS)
  return Math.max(retryDelaySeconds(attempt), seconds)
}

const LONGEST_REPLAY_DELAY_SECONDS = 5 * 60

/**
 * How often a replay is tried, which covers an outage of three and a half days. The redrive of the
 * Spill queue is set to this number, the most that SQS takes.
 */
export const replayAttempts = 1000

/**
 * How long a ping waits after a replay that failed, the first being 1: ten seconds, doubling up to
 * five minutes.
 */
export function replayDelaySeconds(attempt: number): number {
  return Math.min(LONGEST_REPLAY_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (attempt - 1))
}
