/**
 * That a mail to a channel did not arrive, or was not wanted. Permanent is what no further mail to
 * the address would change.
 */
export type MailFailure = {
  readonly projectId: string
  readonly channelId: string
  readonly address: string
  readonly reason: 'bounce' | 'complaint'
  readonly isPermanent: boolean
  /** Whether the mail asked its reader to verify the address. */
  readonly isOfLink: boolean
  readonly detail: string
  /** When SES took the mail, and when it heard of the failure. */
  readonly mailedAt: number
  readonly at: number
}

/**
 * Whether an address gets no alerts from now on. A complaint about a link does not count: its
 * reader has agreed to nothing, and a stranger who had the link mailed must not cut him off from
 * the alerts of others.
 */
export function isSuppressing({ reason, isPermanent, isOfLink }: MailFailure): boolean {
  return isPermanent && !(isOfLink && reason === 'complaint')
}
