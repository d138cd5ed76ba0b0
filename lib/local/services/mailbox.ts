/** A mail that SES was asked to send. */
export type SentMail = {
  readonly to: readonly string[]
  readonly from: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
  readonly sentAt: string
}

/** The mails that were sent, oldest first. */
export class Mailbox {
  #mails: SentMail[] = []

  get mails(): readonly SentMail[] {
    return this.#mails
  }

  /** Keeps a mail, except to the address of SES's simulator that only succeeds: nobody reads it. */
  put(mail: SentMail): void {
    if (mail.to.every((address) => address === 'success@simulator.amazonses.com')) return
    this.#mails.push(mail)
  }

  clear(): void {
    this.#mails = []
  }
}
