import type { ReceivedRequest } from '../../../lambdas/channels/played-answer.ts'
import type { AnswerOrError } from './answers.ts'

/** A request that would have gone to the internet, and what the stack answered. */
export type OutgoingRequest = ReceivedRequest & {
  readonly sentAt: string
  readonly answer: AnswerOrError
}

const MOST_REQUESTS = 10_000
/** Of all bodies, in UTF-16 units. */
const MOST_BODY_LENGTH = 50_000_000

/** The requests that would have gone to the internet, oldest first. The oldest make room. */
export class OutgoingRequests {
  #all: OutgoingRequest[] = []
  #bodyLength = 0

  get all(): readonly OutgoingRequest[] {
    return this.#all
  }

  put(request: OutgoingRequest): void {
    this.#all.push(request)
    this.#bodyLength += request.body.length
    while (this.#all.length > MOST_REQUESTS || this.#bodyLength > MOST_BODY_LENGTH)
      this.#bodyLength -= this.#all.shift()?.body.length ?? 0
  }

  clear(): void {
    this.#all = []
    this.#bodyLength = 0
  }
}
