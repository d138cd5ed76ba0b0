import { beforeAll, expect, it } from 'vitest'
import { base, mailsTo, settle } from '../support/stack.ts'

/** Of the first project, and so the owner's. */
const owner = { email: 'ops@example.com' }

let session: string
beforeAll(async () => {
  const { headers } = await ask('/_local/sign-in')
  expect(headers.get('location')).toBe('/app/')
  session = cookieOf(headers)
})

/** Asks as a browser does, and follows nothing. */
function ask(path: string, cookie = '', form?: Readonly<Record<string, string>>) {
  return fetch(base + path, {
    redirect: 'manual',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  })
}

/** The cookie that says who one is, or who one has asked to be. */
function cookieOf(headers: Headers): string {
  const given = headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '')
  return given.find((cookie) => /^__Host-(session|sign-in)=./.test(cookie)) ?? ''
}

async function isSignedIn(cookie: string): Promise<boolean> {
  return (await ask('/app/account', cookie)).status === 200
}

it('signs in the owner of a local stack without a mail', async () => {
  expect(await isSignedIn(session)).toBe(true)
  expect(await (await ask('/app/account', session)).text()).toContain(owner.email)
})

it('signs in by the mailed link, and out everywhere', async () => {
  const asked = await ask('/app/sign-in', '', owner)
  await settle()
  const mail = (await mailsTo(owner)).at(-1)
  const path = /\/app\/sign-in\/[\w-]{43}/.exec(mail?.text ?? '')?.[0] ?? ''

  expect((await ask(path, '', {})).status).toBe(422)
  const done = await ask(path, cookieOf(asked.headers), {})
  const cookie = cookieOf(done.headers)
  expect([done.status, await isSignedIn(cookie)]).toEqual([303, true])

  expect((await ask('/app/account/sign-out-everywhere', cookie, {})).status).toBe(303)
  expect([await isSignedIn(cookie), await isSignedIn(session)]).toEqual([false, false])
})

it("mails nothing to an address that is nobody's", async () => {
  const nobody = { email: 'nobody@example.com' }

  expect((await ask('/app/sign-in', '', nobody)).status).toBe(303)
  await settle()

  expect(await mailsTo(nobody)).toEqual([])
})
