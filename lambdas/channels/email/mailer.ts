import type { SendMail } from '../../runtime/outgoing-mail.ts'
import type { PersonalMail } from '../../domain/people/personal-mail.ts'
import type { Outcome } from '../outcome.ts'

export type Mail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Whom SES names when the mail does not arrive; the project is absent where an older version
   * asked for the mail. A mail to a person names none: nobody else hears what becomes of it.
   */
  readonly sentFor: {
    readonly project: string | undefined
    readonly channel: string | undefined
    readonly about?: 'link' | PersonalMail['kind']
  }
}

/** Sends mails as the sender. */
export class Mailer {
  readonly #sendMail: SendMail
  readonly #sender: string

  constructor(sendMail: SendMail, sender: string) {
    this.#sendMail = sendMail
    this.#sender = sender
  }

  /**
   * @throws when the mail is not taken for a reason that may pass, or that somebody can mend.
   */
  send({ headers, sentFor, ...mail }: Mail): Promise<Outcome> {
    return this.#sendMail({
      ...mail,
      from: `Overdue <${this.#sender}>`,
      headers: { 'Auto-Submitted': 'auto-generated', ...headers },
      tags: sentFor,
    })
  }
}
