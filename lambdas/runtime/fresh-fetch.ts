import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net'
import { addressAttemptMs } from './connections.ts'

// Nothing can be said to one `fetch` alone.
setDefaultAutoSelectFamilyAttemptTimeout(addressAttemptMs)

/**
 * `fetch` by a connection of its own. Node's keeps connections by a timer, which stands still with
 * the function: after a rest of a minute it would send on one that has long been dead.
 */
export const freshFetch: typeof fetch = (input, init = {}) => {
  const headers = new Headers(init.headers)
  headers.set('connection', 'close')
  return fetch(input, { ...init, headers })
}
