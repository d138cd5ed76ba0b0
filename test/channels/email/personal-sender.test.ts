import { expect, it } from 'vitest'
import type { Mail } from '../../../lambdas/channels/email/mailer.ts'
import { PersonalSender } from '../../../lambdas/channels/email/personal-sender.ts'
import type { PersonalMail } from '../../../lambdas/domain/people/personal-mail.ts'

const link = 'https://overdue.example.com/app/sign-in/a-token'

const signIn = {
  kind: 'sign-in',
  to: 'ana@example.com',
  link,
  code: 'K7QM3XHB',
  address: '192.0.2.1',
  browser: 'Firefox on Linux',
  askedAt: Date.UTC(2026, 10, 30, 8),
  expiresAt: Date.UTC(2026, 10, 30, 8, 15),
} as const

async function mailed(mail: PersonalMail & { readonly to: string } = signIn): Promise<Mail> {
  const mails: Mail[] = []
  const send = (mail: Mail) => Promise.resolve((mails.push(mail), { kind: 'sent' } as const))
  await new PersonalSender({ send }).send(mail)
  const [sent] = mails
  if (sent === undefined) throw new Error('nothing was mailed')
  return sent
}

it('says how to sign in, until when, and who asked', async () => {
  const { to, subject, text, html } = await mailed()

  expect([to, subject]).toEqual(['ana@example.com', 'Sign in to Overdue'])
  for (const part of [text, html]) {
    expect(part).toContain(link)
    expect(part).toContain('K7QM-3XHB')
    expect(part).toContain('until Mon 30 Nov 2026, 08:15 UTC')
    expect(part).toContain('from 192.0.2.1, by Firefox on Linux, on Mon 30 Nov 2026, 08:00 UTC')
    expect(part).toContain('If that was not you, do nothing')
  }
})

it("is a mail to nobody's channel", async () => {
  const { sentFor, headers } = await mailed()

  expect(sentFor).toEqual({ project: undefined, channel: undefined, about: 'sign-in' })
  expect(headers).toBeUndefined()
})

it('tells where the dashboard is, and escapes what it tells', async () => {
  const part = 'owner of the project <b>Shop</b>'
  const { subject, text, html } = await mailed({
    kind: 'welcome',
    to: 'ana@example.com',
    link: 'https://overdue.example.com/app/',
    part,
    expiresAt: 0,
  })

  expect(subject).toBe('You can look at Overdue')
  expect(text).toContain(`as ${part}`)
  expect(text).toContain('https://overdue.example.com/app/')
  expect(html).toContain('&lt;b&gt;Shop')
  expect(html).toContain('href="https://overdue.example.com/app/"')
})
