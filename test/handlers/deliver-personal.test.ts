import { expect, it } from 'vitest'
import { deliverPersonal } from '../../lambdas/deliver/personal.ts'
import type { SignInMail } from '../../lambdas/domain/people/sign-in-mail.ts'
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
  mail: SignInMail,
  { now = 1000, error = undefined as Error | undefined } = {},
) {
  const sent: SignInMail[] = []
  const send = (taken: SignInMail) => {
    if (error !== undefined) return Promise.reject(error)
    sent.push(taken)
    return Promise.resolve({ kind: 'sent' } as const)
  }
  await deliverPersonal({ signInMails: { send }, clock: { now: () => now } }, { personal: mail })
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

it('logs neither address nor code', () => {
  expect(idsOf({ personal })).toEqual({ personal: 'sign-in' })
})
