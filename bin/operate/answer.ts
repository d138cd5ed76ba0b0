/** What a command answers, for people and for programs. With a failure, not all was done: it is told behind the answer, and is the exit status. */
export type Answer = { readonly text: string; readonly json: unknown; readonly failure?: string }

/** Where a command answers, and where it tells of progress and of what went wrong. Both take whole lines. */
export type Terminal = { answer(text: string): void; tell(text: string): void }
