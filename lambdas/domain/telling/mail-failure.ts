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
 * Whether an address gets no alerts from now on. Who complains of a link has agreed to nothing:
 * a stranger could have it mailed, and must not keep the alerts of others from him.
 */
export function isSuppressing({ reason, isPermanent, isOfLink }: MailFailure): boolean {
  return isPermanent && !(isOfLink && reason === 'complaint')
}
