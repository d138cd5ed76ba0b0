import { html } from 'hono/html'
import type { PersonalMail, SignInMail, WelcomeMail } from '../../domain/people/personal-mail.ts'
import { codeInWords } from '../../domain/people/sign-in.ts'
import { instantInWords } from '../../domain/wire/words.ts'
import { quiet } from './email-style.ts'
import type { Mail } from './mailer.ts'
import { inPersonalFrame, mailButton } from './personal-frame.ts'

type Content = Pick<Mail, 'subject' | 'text' | 'html'>

/** What a mail to a person says. */
export function personalContent(mail: PersonalMail): Promise<Content> {
  switch (mail.kind) {
    case 'sign-in':
      return signIn(mail)
    case 'welcome':
      return welcome(mail)
  }
}

/** The code stands in no subject: a locked screen shows that. */
async function signIn(mail: SignInMail): Promise<Content> {
  const { link, code, address, browser, askedAt, expiresAt } = mail
  const subject = 'Sign in to Overdue'
  const follow = 'To sign in, follow this link in the browser in which you asked for it:'
  const type = 'If you read this elsewhere, type this code in that browser:'
  const shown = codeInWords(code)
  const end = `Either works once, until ${instantInWords(expiresAt, 'UTC')}. Give the code to nobody, whoever asks.`
  const asked = `This was asked for from ${address}, by ${browser}, on ${instantInWords(askedAt, 'UTC')}. If that was not you, do nothing: nobody can sign in without this mail.`
  return {
    subject,
    text: [follow, link, type, shown, end, asked].join('\n\n'),
    html: await inPersonalFrame(
      subject,
      html`<p>${follow}</p>
        ${mailButton(link, 'Sign in')}
        <p>${type}</p>
        <p style="font-size:24px;font-weight:600;letter-spacing:0.08em">${shown}</p>
        <p>${end}</p>
        <p style="${quiet}">${asked}</p>`,
    ),
  }
}

async function welcome({ to, link, part }: WelcomeMail): Promise<Content> {
  const subject = 'You can look at Overdue'
  const first = `You may now look at Overdue, which watches scheduled jobs, as ${part}. Its pages are here:`
  const way = `Sign in there with this address, ${to}: you get a mail with a link. There is no password. If you expected no such mail, do nothing.`
  return {
    subject,
    text: [first, link, way].join('\n\n'),
    html: await inPersonalFrame(
      subject,
      html`<p>${first}</p>
        ${mailButton(link, 'Open Overdue')}
        <p>${way}</p>`,
    ),
  }
}
