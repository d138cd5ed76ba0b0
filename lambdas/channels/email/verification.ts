import { html } from 'hono/html'
import type { VerificationRequest } from '../../domain/telling/notice.ts'
import { oneLine } from '../../domain/wire/plain-text.ts'
import { instantInWords } from '../../domain/wire/words.ts'
import type { Outcome } from '../outcome.ts'
import type { Mailer } from './mailer.ts'

/** Mails the link by which somebody agrees to get the alerts of a project. */
export class VerificationSender {
  readonly #mailer: Pick<Mailer, 'send'>

  constructor(mailer: Pick<Mailer, 'send'>) {
    this.#mailer = mailer
  }

  /**
   * @throws when SES doesn't take the mail for a reason that may pass, or that somebody can mend.
   */
  async send(request: VerificationRequest): Promise<Outcome> {
    const text = textOf(request)
    const page = await html`<!doctype html>
      <html lang="en">
        <body style="font-family:sans-serif;font-size:15px;line-height:1.45">
          ${text.split('\n\n').map((part) => html`<p>${part === request.link ? html`<a href="${part}">${part}</a>` : part}</p>`)}
        </body>
      </html>`
    const sentFor = {
      project: request.projectId,
      channel: request.channel.id,
      about: 'link',
    } as const
    return this.#mailer.send({
      to: request.channel.address,
      sentFor,
      subject: 'Verify this address for alerts',
      text,
      html: page.toString(),
    })
  }
}

function textOf({ projectName, link, expiresAt }: VerificationRequest): string {
  return [
    `The project "${oneLine(projectName)}" wants to send alerts about its scheduled jobs to this address. If you want them, follow this link:`,
    link,
    `It works once, until ${instantInWords(expiresAt, 'UTC')}. If you expected no such mail, do nothing: without the link no alert is sent.`,
  ].join('\n\n')
}
