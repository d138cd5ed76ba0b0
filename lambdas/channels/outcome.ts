/**
 * The result of an attempt that needs no other: the channel took it, or never will. A remark says
 * what the channel's owner is to change although it took it.
 */
export type Outcome =
  | { readonly kind: 'sent'; readonly remark?: string }
  | { readonly kind: 'refused'; readonly reason: string }

/** The channel asks to be told again, after so many seconds at the earliest. */
export type Postponed = {
  readonly kind: 'postponed'
  readonly seconds: number
  readonly reason: string
}

/** The channel's credentials are no good: until it is changed, further alerts won't get through. */
export type Denied = { readonly kind: 'denied'; readonly reason: string }

/** What came of one attempt. */
export type Attempt = Outcome | Postponed | Denied

/** What comes of an address that must not be called. */
export const forbidden = {
  kind: 'refused',
  reason: 'the address is not one of the public internet',
} as const satisfies Outcome
