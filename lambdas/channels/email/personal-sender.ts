import type { PersonalMail } from '../../domain/people/personal-mail.ts'
import type { Outcome } from '../outcome.ts'
import type { Mailer } from './mailer.ts'
import { personalContent } from './personal-mails.ts'

/** Sends mails to persons who use the dashboard. */
export class PersonalSender {
  readonly #mailer: Pick<Mailer, 'send'>

  constructor(mailer: Pick<Mailer, 'send'>) {
    this.#mailer = mailer
  }

  /**
   * @throws when SES doesn't take the mail for a reason that may pass, or that somebody can mend.
   */
  async send(mail: PersonalMail & { readonly to: string }): Promise<Outcome> {
    const sentFor = { project: undefined, channel: undefined, about: mail.kind }
    return this.#mailer.send({ to: mail.to, sentFor, ...(await personalContent(mail)) })
  }
}
