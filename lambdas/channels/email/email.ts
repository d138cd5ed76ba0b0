import type { SESv2Client } from '@aws-sdk/client-sesv2'
import type { EmailChannel } from '../../domain/telling/channel.ts'
import { uniqueKeyOf } from '../../domain/watching/check.ts'
import type { Flip } from '../../domain/watching/flip.ts'
import { messageOf } from '../../domain/telling/message.ts'
import type { DeliveryTo, Outcome, Sender } from '../channel.ts'
import { htmlOf } from './email-html.ts'
import { textOf } from './email-text.ts'
import { type EmailSettings, Mailer } from './mailer.ts'

/** Sends alerts by e-mail. */
export class EmailSender implements Sender<EmailChannel> {
  readonly #mailer: Mailer

  constructor(client: SESv2Client, settings: EmailSettings) {
    this.#mailer = new Mailer(client, settings)
  }

  /**
   * @throws when SES doesn't take the mail for a reason that may pass, or that somebody can mend.
   */
  async send({ alert, channel }: DeliveryTo<EmailChannel>, now: number): Promise<Outcome> {
    const message = messageOf(alert, now)
    return this.#mailer.send({
      to: channel.address,
      subject: message.subject,
      text: textOf(message),
      html: await htmlOf(message),
      sentFor: { project: alert.projectId, channel: channel.id },
      headers: { References: outageReference(alert.flip) },
    })
  }
}

/**
 * One for the mails of an outage, so that mail programs show its end beside its beginning. It
 * carries the unique key of the check and not the UUID: that is what pings need.
 */
function outageReference(flip: Flip): string {
  const startedAt = flip.status === 'down' ? flip.at : (flip.downSinceAt ?? flip.at)
  return `<${startedAt}.${uniqueKeyOf(flip.checkId)}@overdue>`
}
