/** What a command answers, for people and for programs. */
export type Answer = { readonly text: string; readonly json: unknown }

/** Where a command answers, and where it tells of progress and of what went wrong. Both take whole lines. */
export type Terminal = { answer(text: string): void; tell(text: string): void }
