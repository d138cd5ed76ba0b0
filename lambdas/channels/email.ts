import { BadRequestException, SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2'
import type { Delivery } from '../domain/alert.ts'
import { uniqueKeyOf } from '../domain/check.ts'
import type { Flip } from '../domain/flip.ts'
import { messageOf } from '../domain/message.ts'
import type { Outcome, Sender } from './channel.ts'
import { htmlOf } from './email-html.ts'
import { textOf } from './email-text.ts'

export type EmailSettings = { readonly sender: string; readonly configurationSet?: string }

/** Sends alerts by e-mail, through SES. */
export class EmailSender implements Sender {
  readonly #client: SESv2Client
  readonly #settings: EmailSettings

  constructor(client: SESv2Client, settings: EmailSettings) {
    this.#client = client
    this.#settings = settings
  }

  /** @throws when SES doesn't take the mail for a reason that may pass, or that somebody can mend. */
  async send({ alert, channel }: Delivery, now: number): Promise<Outcome> {
    const { sender, configurationSet } = this.#settings
    const message = messageOf(alert, now)
    const command = new SendEmailCommand({
      FromEmailAddress: `Overdue <${sender}>`,
      Destination: { ToAddresses: [channel.address] },
      Content: {
        Simple: {
          Subject: { Data: message.subject, Charset: 'UTF-8' },
          Body: { Html: { Data: await htmlOf(message), Charset: 'UTF-8' }, Text: { Data: textOf(message), Charset: 'UTF-8' } },
          Headers: [
            { Name: 'Auto-Submitted', Value: 'auto-generated' },
            { Name: 'References', Value: outageReference(alert.flip) },
          ],
        },
      },
      ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
    })
    try {
      await this.#client.send(command)
      return { kind: 'sent' }
    } catch (error) {
      if (isMalformedAddress(error)) return { kind: 'refused', reason: error.message }
      throw error
    }
  }
}

/**
 * One for the mails of an outage, so that mail programs show its end beside its beginning. It carries the unique key of the check and
 * not the UUID: that is what pings need.
 */
function outageReference(flip: Flip): string {
  const startedAt = flip.status === 'down' ? flip.at : (flip.downSinceAt ?? flip.at)
  return `<${startedAt}.${uniqueKeyOf(flip.checkId)}@overdue>`
}

/**
 * Whether SES can never send to the address. Everything else is worth a further attempt: an operator can verify an identity, leave the
 * sandbox, lift a pause or a quota within the day, and a defect of ours that SES objects to must end in the dead letters, where it raises
 * an alarm, not here. SES gives the reason of a bad request only in words: `Missing final '@domain'`, `Domain starts with dot`,
 * `Local address contains control or whitespace`, `Illegal address`.
 */
function isMalformedAddress(error: unknown): error is BadRequestException {
  return error instanceof BadRequestException && /\b(address|domain|local)\b/i.test(error.message) && !/verif/i.test(error.message)
}
