const FIRST_DELAY_SECONDS = 10
const LONGEST_DELAY_SECONDS = 2 * 3600

/** How often a delivery is tried: 21 delays between, a day in total. The redrive of the Deliveries queue is set to it. */
export const deliveryAttempts = 22

/** How long a delivery waits after an attempt that failed, the first being 1: ten seconds, doubling up to two hours. */
export function retryDelaySeconds(attempt: number): number {
  return Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (attempt - 1))
}
