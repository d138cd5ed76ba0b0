/** What came of an attempt that no further one could better: the channel took it, or never will. */
export type Outcome =
  { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: string }

/** The channel asked to be told again, and no sooner than in so many seconds. */
export type Later = {
  readonly kind: 'later'
  readonly seconds: number
  readonly reason: string
}
