/**
 * What a command answers, for people and for programs. Bytes are answered as they are. A failure
 * means that not all was done: it is printed behind the answer, and sets the exit status.
 */
export type CommandAnswer = {
  readonly text: string | Uint8Array
  readonly json: unknown
  readonly failure?: string
}

/** Where a command answers, and where it notes progress and errors. Text is whole lines. */
export type Terminal = {
  answer(text: string | Uint8Array): void
  note(text: string): void
  /** Undefined where nobody is there to ask. */
  readonly ask?: Ask | undefined
}

/** Asks a person for a line; what is hidden is not shown as it is typed. */
export type Ask = (prompt: string, terms: { readonly isHidden: boolean }) => Promise<string>

/** What is asked of a command beside its options: the words behind `--` of `overdue run`. */
export type CommandCall = {
  readonly words: readonly string[]
  /** Says with which status to end; 0 unless it is called. */
  end(status: number): void
}
