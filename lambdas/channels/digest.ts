import { type DigestEntry, digestMessageOf, type DigestRequest } from '../domain/telling/digest.ts'
import type { Outcome } from './outcome.ts'
import { digestHtmlOf } from './email/digest-html.ts'
import { digestTextOf } from './email/digest-text.ts'
import type { Mailer } from './email/mailer.ts'

/** Mails many flips at once. */
export class DigestSender {
  readonly #mailer: Pick<Mailer, 'send'>

  constructor(mailer: Pick<Mailer, 'send'>) {
    this.#mailer = mailer
  }

  /**
   * @throws when SES doesn't take the mail for a reason that may pass, or that somebody can mend.
   */
  async send(
    { channel, projectId, projectName }: DigestRequest,
    entries: readonly DigestEntry[],
    now: number,
  ): Promise<Outcome> {
    const message = digestMessageOf(entries, projectName, now)
    return this.#mailer.send({
      to: channel.address,
      sentFor: { project: projectId, channel: channel.id },
      subject: message.subject,
      text: digestTextOf(message),
      html: await digestHtmlOf(message),
    })
  }
}
