import { nameOf, warn } from '../runtime/log.ts'

const TIMEOUT_MS = 5000

/**
 * Pings a URL of the operator's choice, as a job pings its check. A failure only leaves a line in
 * the log.
 */
export function makeWatcher(
  fetch: typeof globalThis.fetch,
  url: string | undefined,
): () => Promise<void> {
  return async () => {
    if (url === undefined) return
    try {
      const { ok, status } = await fetch(url, {
        headers: { 'user-agent': 'overdue' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      if (!ok) warn('watcher-failed', { status })
    } catch (error) {
      warn('watcher-failed', { error: nameOf(error) })
    }
  }
}
