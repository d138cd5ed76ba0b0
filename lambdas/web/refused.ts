/** What is not there, or not for who asks: one answer for both tells nothing. */
export class NotHere extends Error {}

/** What somebody may know of, but not do now; the words are shown to this person. */
export class Refused extends Error {
  readonly status: 400 | 403 | 405 | 409 | 413 | 415 | 429

  constructor(status: Refused['status'], words: string) {
    super(words)
    this.status = status
  }
}
