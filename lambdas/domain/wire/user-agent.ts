const LONGEST = 200
const MOST_BYTES = 200

/** What is kept of a user agent. It may hold anything, and a heartbeat must stay below 1 KB. */
export function shortUserAgent(userAgent: string): string {
  const text = userAgent.slice(0, LONGEST).toWellFormed()
  return Buffer.byteLength(text) <= MOST_BYTES
    ? text
    : Buffer.from(text)
        .subarray(0, MOST_BYTES)
        .toString()
        .replace(/\uFFFD+$/, '')
}
