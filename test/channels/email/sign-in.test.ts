import { expect, it } from 'vitest'
import type { Mail } from '../../../lambdas/channels/email/mailer.ts'
import { SignInSender } from '../../../lambdas/channels/email/sign-in.ts'

const link = 'https://overdue.example.com/app/sign-in/a-token'

async function mailed(): Promise<Mail> {
  const mails: Mail[] = []
  const send = (mail: Mail) => Promise.resolve((mails.push(mail), { kind: 'sent' } as const))
  await new SignInSender({ send }).send({
    kind: 'sign-in',
    to: 'ana@example.com',
    link,
    code: 'K7QM3XHB',
    address: '192.0.2.1',
    browser: 'Firefox on Linux',
    askedAt: Date.UTC(2026, 10, 30, 8),
    expiresAt: Date.UTC(2026, 10, 30, 8, 15),
  })
  const [mail] = mails
  if (mail === undefined) throw new Error('nothing was mailed')
  return mail
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
