import { expect, it } from 'vitest'
import { deliverPersonal } from '../../lambdas/deliver/personal.ts'
import type { PersonalMail, SignInMail } from '../../lambdas/domain/people/personal-mail.ts'
import { parseDeliveriesMessage } from '../../lambdas/store/messages.ts'
import { idsOf } from '../../lambdas/deliver/single.ts'

const personal: SignInMail = {
  kind: 'sign-in',
  to: 'ana@example.com',
  link: 'https://overdue.example.com/app/sign-in/token',
  code: 'K7QM3XHB',
  address: '192.0.2.1',
  browser: 'Firefox on Linux',
  askedAt: 1000,
  expiresAt: 2000,
}

async function delivered(
  mail: PersonalMail,
  { now = 1000, error = undefined as Error | undefined } = {},
) {
  const sent: PersonalMail[] = []
  const send = (taken: PersonalMail) => {
    if (error !== undefined) return Promise.reject(error)
    sent.push(taken)
    return Promise.resolve({ kind: 'sent' } as const)
  }
  await deliverPersonal({ personalMails: { send }, clock: { now: () => now } }, { personal: mail })
  return sent
}

it('sends a mail to who signs in, until it is too late', async () => {
  expect(await delivered(personal, { now: 1999 })).toEqual([personal])
  expect(await delivered(personal, { now: 2000 })).toEqual([])
})

it("sends nothing where the address is nobody's", async () => {
  const { to: _, ...nobodys } = personal
  const message = parseDeliveriesMessage(JSON.stringify({ personal: nobodys }))

  expect(message).toEqual({ personal: nobodys })
  expect(await delivered(nobodys)).toEqual([])
})

it('lets a mail that failed come again', async () => {
  await expect(delivered(personal, { error: new Error('throttled') })).rejects.toThrow('throttled')
})

it('reads a mail that tells where the dashboard is', async () => {
  const link = 'https://overdue.example.com/app/'
  const part = 'owner of all projects'
  const mail = { kind: 'welcome', to: 'ana@example.com', link, part, expiresAt: 2000 } as const

  expect(parseDeliveriesMessage(JSON.stringify({ personal: mail }))).toEqual({ personal: mail })
  expect(await delivered(mail)).toEqual([mail])
})

it('logs neither address nor code', () => {
  expect(idsOf({ personal })).toEqual({ personal: 'sign-in' })
})
