import type { SESv2Client } from '@aws-sdk/client-sesv2'
import { type DigestEntry, digestMessageOf, type DigestRequest } from '../domain/telling/digest.ts'
import type { Outcome } from './channel.ts'
import { digestHtmlOf } from './email/digest-html.ts'
import { digestTextOf } from './email/digest-text.ts'
import { type EmailSettings, Mailer } from './email/mailer.ts'

/** Mails many flips at once. */
export class DigestSender {
  readonly #mailer: Mailer

  constructor(client: SESv2Client, settings: EmailSettings) {
    this.#mailer = new Mailer(client, settings)
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
