/**
 * What a command answers, for people and for programs; bytes are answered as they are. With a
 * failure, not all was done: it is told behind the answer, and is the exit status.
 */
export type CommandAnswer = {
  readonly text: string | Uint8Array
  readonly json: unknown
  readonly failure?: string
}

/**
 * Where a command answers, and where it tells of progress and of what went wrong. Text is whole
 * lines.
 */
export type Terminal = { answer(text: string | Uint8Array): void; note(text: string): void }
