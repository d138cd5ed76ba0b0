/** The result of an attempt that needs no other: the channel took it, or never will. */
export type Outcome =
  { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: string }

/** The channel asks to be told again, after so many seconds at the earliest. */
export type Later = {
  readonly kind: 'later'
  readonly seconds: number
  readonly reason: string
}

/** The channel's credentials are no good: until it is changed, further alerts won't get through. */
export type Denied = { readonly kind: 'denied'; readonly reason: string }

/** What came of one attempt. */
export type Attempt = Outcome | Later | Denied
