import { BadRequestException, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import { boundedCalls, type CallLimits } from '../../runtime/bounded-calls.ts'
import type { Outcome } from '../outcome.ts'

export type EmailSettings = { readonly sender: string; readonly configurationSet?: string }

export type Mail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Whom SES names when the mail does not arrive; the project is absent where an older version
   * asked for the mail.
   */
  readonly sentFor: {
    readonly project: string | undefined
    readonly channel: string
    readonly about?: 'link'
  }
}

/** Sends mails as the sender, through SES. */
export class Mailer {
  readonly #client: SESv2Client
  readonly #settings: EmailSettings

  constructor(client: SESv2Client, settings: EmailSettings) {
    this.#client = client
    this.#settings = settings
  }

  /**
   * @throws when SES doesn't take the mail for a reason that may pass, or that somebody can mend.
   */
  async send({ to, subject, text, html, headers = {}, sentFor }: Mail): Promise<Outcome> {
    const { sender, configurationSet } = this.#settings
    const command = new SendEmailCommand({
      FromEmailAddress: `Overdue <${sender}>`,
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: { Data: subject, Charset: 'UTF-8' },
          Body: { Html: { Data: html, Charset: 'UTF-8' }, Text: { Data: text, Charset: 'UTF-8' } },
          Headers: Object.entries({ 'Auto-Submitted': 'auto-generated', ...headers }).map(
            ([Name, Value]) => ({ Name, Value }),
          ),
        },
      },
      EmailTags: Object.entries(sentFor).flatMap(([Name, Value]) =>
        Value === undefined ? [] : [{ Name, Value }],
      ),
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
 * The queue tries again, not the client, so that each attempt is noted and none is repeated unseen.
 * So no attempt may be lost to a kept connection that has died. A second one would not help: SES
 * may have taken the mail before the connection broke.
 */
export const mailLimits: CallLimits = {
  connectionTimeoutMs: 3000,
  requestTimeoutMs: 15_000,
  maxAttempts: 1,
  isConnectedAnew: true,
}

export function makeMailClient(): SESv2Client {
  return new SESv2Client(boundedCalls(mailLimits))
}

/**
 * Whether SES can never send to the address. All other errors are worth a further attempt: within
 * the day an operator can verify an identity, leave the sandbox, lift a pause or a quota. A defect
 * of ours must end in the dead letters, where it raises an alarm. SES gives the reason of a bad
 * request only in words: `Missing final '@domain'`, `Domain starts with dot`, `Local address
 * contains control or whitespace`, `Illegal address`.
 */
function isMalformedAddress(error: unknown): error is BadRequestException {
  return (
    error instanceof BadRequestException &&
    /\b(address|domain|local)\b/i.test(error.message) &&
    !/verif/i.test(error.message)
  )
}
