import { html } from 'hono/html'
import { codeInWords } from '../../domain/people/sign-in.ts'
import type { SignInMail } from '../../domain/people/sign-in-mail.ts'
import { instantInWords } from '../../domain/wire/words.ts'
import type { Outcome } from '../outcome.ts'
import { font, quiet } from './email-style.ts'
import type { Mailer } from './mailer.ts'

/** Mails the link and the code by which a user signs in. */
export class SignInSender {
  readonly #mailer: Pick<Mailer, 'send'>

  constructor(mailer: Pick<Mailer, 'send'>) {
    this.#mailer = mailer
  }

  /**
   * @throws when SES doesn't take the mail for a reason that may pass, or that somebody can mend.
   */
  async send(mail: SignInMail & { readonly to: string }): Promise<Outcome> {
    const words = wordsOf(mail)
    return this.#mailer.send({
      to: mail.to,
      sentFor: { project: undefined, channel: undefined, about: 'sign-in' },
      // The code stands in no subject: a locked screen shows that.
      subject: 'Sign in to Overdue',
      text: [words.link, mail.link, words.code, words.shownCode, words.end, words.asked].join(
        '\n\n',
      ),
      html: await pageOf(mail, words),
    })
  }
}

type Words = ReturnType<typeof wordsOf>

function wordsOf({ code, address, browser, askedAt, expiresAt }: SignInMail) {
  const at = instantInWords(askedAt, 'UTC')
  return {
    link: 'To sign in, follow this link in the browser in which you asked for it:',
    code: 'If you read this elsewhere, type this code in that browser:',
    shownCode: codeInWords(code),
    end: `Either works once, until ${instantInWords(expiresAt, 'UTC')}. Give the code to nobody, whoever asks.`,
    asked: `This was asked for from ${address}, by ${browser}, on ${at}. If that was not you, do nothing: nobody can sign in without this mail.`,
  }
}

async function pageOf({ link }: SignInMail, words: Words): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Sign in to Overdue</title>
      </head>
      <body style="max-width:600px;margin:16px;${font};font-size:15px;line-height:1.45">
        <p>${words.link}</p>
        <p>
          <a
            href="${link}"
            style="display:inline-block;padding:10px 18px;border-radius:6px;background:#0b57c2;color:#ffffff;text-decoration:none;font-weight:600"
            >Sign in</a
          >
        </p>
        <p>${words.code}</p>
        <p style="font-size:24px;font-weight:600;letter-spacing:0.08em">${words.shownCode}</p>
        <p>${words.end}</p>
        <p style="${quiet}">${words.asked}</p>
      </body>
    </html>`
  return page.toString()
}
