/** A mail to one address, as text and as HTML. */
export type OutgoingMail = {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
  /** What is told again when the mail does not arrive. What is undefined is left out. */
  readonly tags: Readonly<Record<string, string | undefined>>
}

/**
 * Sends a mail, or says why the address can never get one.
 * @throws when the mail is not taken for a reason that may pass, or that somebody can mend.
 */
export type SendMail = (
  mail: OutgoingMail,
) => Promise<{ readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: string }>
