import { type Answer, redirects } from './http.ts'
import { forbidden, type Outcome, type Postponed } from './outcome.ts'

const accepted: readonly number[] = [200, 201, 202, 204]
const postponing: readonly number[] = [429, 503]
const GONE = 410

/**
 * What a webhook means by its answer. Only what is gone for good (410) and what is forbidden is
 * refused: a 404 or a 401 often comes from a deployment gone wrong, and is mended within the day
 * that deliveries are tried.
 * @throws for every other answer, unless it says when to come back.
 */
export function webhookOutcomeOf(answer: Answer | 'forbidden'): Outcome | Postponed {
  if (answer === 'forbidden') return forbidden
  const { status, retryAfterSeconds: seconds } = answer
  if (accepted.includes(status)) return { kind: 'sent' }
  const reason = `received status code ${status}`
  if (status === GONE) return { kind: 'refused', reason }
  if (postponing.includes(status) && seconds !== undefined)
    return { kind: 'postponed', seconds, reason }
  throw new Error(
    redirects.includes(status) ? 'too many redirects, or one that leads nowhere' : reason,
  )
}
