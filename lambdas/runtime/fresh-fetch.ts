import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net'
import { addressAttemptMs } from './connections.ts'

// `fetch` takes no setting for one call.
setDefaultAutoSelectFamilyAttemptTimeout(addressAttemptMs)

/**
 * `fetch` by a connection of its own. Node's `fetch` drops idle connections by a timer, which
 * stands still while the function is frozen: after a minute's rest it would use one that is dead.
 */
export const freshFetch: typeof fetch = (input, init = {}) => {
  const headers = new Headers(init.headers)
  headers.set('connection', 'close')
  return fetch(input, { ...init, headers })
}
