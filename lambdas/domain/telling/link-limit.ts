const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/**
 * How long the next link to an inbox waits, and how many one day may have, over all projects
 * together: nobody's inbox is to be filled.
 */
export const linkIntervalMs = 10 * MINUTE_MS
export const mostLinksADay = 5

/** When links were mailed to an address, with one more now; undefined for one too many. */
export function afterLink(mailedAt: readonly number[], now: number): readonly number[] | undefined {
  const recent = mailedAt.filter((at) => at > now - DAY_MS)
  const isTooMany = recent.length >= mostLinksADay || recent.some((at) => at > now - linkIntervalMs)
  return isTooMany ? undefined : [...recent, now]
}

/** The inbox behind an address. Providers ignore case, and most ignore what follows a plus. */
export function inboxOf(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*@/, '@')
}
