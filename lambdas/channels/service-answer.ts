import { oneLine, shortened } from '../domain/wire/plain-text.ts'
import type { Answer } from './http.ts'
import type { Attempt } from './outcome.ts'

/** What a kind of service means by its answers. */
export type Meanings = {
  /**
   * What an answer means by its own error body. Undefined leaves it to the status, as far as
   * services agree on those.
   */
  readonly judge?: (answer: Answer) => Attempt | undefined
  /** The statuses by which this service says that the hook is gone. */
  readonly gone?: readonly number[]
  /** Whether a 403 minds words of a message, or the address that calls, in this service's way. */
  readonly turnsAway?: (answer: Answer) => boolean
}

const credentialsRefused: readonly number[] = [401, 403]
const busy: readonly number[] = [408, 425, 429]
const wrong: readonly number[] = [400, 413, 422]

/**
 * What an answer means. A request that a service calls wrong would be as wrong the next time: only
 * what may pass is tried again.
 * @throws for what may pass and says no time.
 */
export function meaningOf(meanings: Meanings, answer: Answer): Attempt {
  const { judge, gone = [] } = meanings
  const judged = judge?.(answer)
  if (judged !== undefined) return judged
  const { status, retryAfterSeconds } = answer
  if (status >= 200 && status < 300) return { kind: 'sent' }
  const reason = answerInWords(answer)
  if (gone.includes(status)) return { kind: 'refused', reason }
  if (isTurnedAway(meanings, answer)) throw new Error(reason)
  if (credentialsRefused.includes(status)) return { kind: 'denied', reason }
  if (status >= 400 && status < 500 && !busy.includes(status)) return { kind: 'refused', reason }
  if (retryAfterSeconds !== undefined)
    return { kind: 'postponed', seconds: retryAfterSeconds, reason }
  throw new Error(reason)
}

/** Whether an answer may be about what people and jobs have written, not about the channel. */
export function mayMindWords(meanings: Meanings, answer: Answer): boolean {
  const { judge, gone = [] } = meanings
  const { status } = answer
  const judged = judge?.(answer)
  if (judged !== undefined) return judged.kind === 'refused' && status < 300
  return !gone.includes(status) && (wrong.includes(status) || isTurnedAway(meanings, answer))
}

/**
 * Whether a firewall before the service answers, by a page unless the service knows it otherwise.
 * It minds words in a text, or the address that calls: neither says anything of credentials.
 */
function isTurnedAway({ turnsAway }: Meanings, answer: Answer): boolean {
  return answer.status === 403 && (/^\s*</.test(answer.body) || turnsAway?.(answer) === true)
}

const LONGEST_SAID = 100

/** The status of an answer, and what the service says of it. */
export function answerInWords({ status, body }: Pick<Answer, 'status' | 'body'>): string {
  const said = shortened(oneLine(body), LONGEST_SAID)
  return `received status code ${status}${said === '' ? '' : `: ${said}`}`
}
