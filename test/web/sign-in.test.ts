import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyProject, newUser, type User } from '../../lambdas/domain/people/user.ts'
import { BrowserWithCookies } from '../support/browser-with-cookies.ts'
import { makeTestWeb, testRoot, type TestWeb } from '../support/web.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let web: TestWeb
let count = 0

beforeAll(async () => {
  web = await makeTestWeb()
})
afterAll(() => web.stop())

async function aUser(): Promise<User> {
  count += 1
  const id = web.random.uuid()
  const user = newUser({ id, email: `ana${count}@example.com`, createdAt: web.time.now })
  const membership = { userId: id, projectId: everyProject, role: 'owner', since: 0 } as const
  await web.users.create(user, membership)
  return user
}

/** A browser from a network of its own. */
function aBrowser(): BrowserWithCookies {
  count += 1
  return new BrowserWithCookies(web, {
    from: `10.${count >> 8}.${count & 255}.1`,
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' },
  })
}

/** Asks to sign in, and gives what was mailed. */
async function asked(browser: BrowserWithCookies, email: string, to = '') {
  const before = web.mailed.length
  const answer = await browser.post('/app/sign-in', { email, to })
  const mail = web.mailed[before]
  return { answer, mail, path: mail?.link.slice(testRoot.length) ?? '', code: mail?.code ?? '' }
}

async function isSignedIn(browser: BrowserWithCookies): Promise<boolean> {
  return (await browser.get('/app/account')).status === 200
}

async function signedIn(user: User, browser = aBrowser()): Promise<BrowserWithCookies> {
  const { code } = await asked(browser, user.email)
  expect((await browser.post('/app/sign-in/code', { code })).status).toBe(303)
  return browser
}

describe('the mailed link', () => {
  it('signs in the browser that asked, and leads back', async () => {
    const user = await aUser()
    const browser = aBrowser()
    const { answer, mail, path } = await asked(browser, user.email, '/app/account?saved')
    expect(answer.headers['location']).toBe('/app/sign-in/code')
    expect(mail).toMatchObject({ to: user.email, browser: 'Firefox on Linux' })

    expect((await browser.get(path)).text).toContain(`Sign in as <strong>${user.email}</strong>?`)
    expect(await isSignedIn(browser)).toBe(false)
    const done = await browser.post(path)

    expect([done.status, done.headers['location']]).toEqual([303, '/app/account?saved'])
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('gives a session that only this host can set, and that no script and no other site uses', async () => {
    const user = await aUser()
    const browser = aBrowser()
    const { path } = await asked(browser, user.email)
    const { cookies } = await browser.post(path)

    const given = cookies.find((cookie) => cookie.startsWith('__Host-session='))
    expect(given).toMatch(/^__Host-session=[\w-]{43}; /)
    for (const part of ['Max-Age=2592000', 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
      expect(given).toContain(part)
    expect(given).not.toMatch(/domain/i)
  })

  it('does nothing in another browser, and is not used up by it', async () => {
    const user = await aUser()
    const browser = aBrowser()
    const scanner = aBrowser()
    const { path } = await asked(browser, user.email)

    for (let look = 0; look < 20; look += 1) {
      const { status, text } = await scanner.get(path)
      expect(status).toBe(200)
      expect(text).not.toContain(user.email)
    }
    expect((await scanner.post(path)).status).toBe(422)
    expect(scanner.jar.size).toBe(0)

    expect((await browser.post(path)).status).toBe(303)
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('does nothing in a browser that has asked for itself', async () => {
    const [user, other] = [await aUser(), await aUser()]
    const [browser, attacker] = [aBrowser(), aBrowser()]
    const { path } = await asked(browser, user.email)
    await asked(attacker, other.email)

    expect((await attacker.get(path)).text).not.toContain(user.email)
    expect((await attacker.post(path)).status).toBe(422)
    expect(await isSignedIn(attacker)).toBe(false)
    expect((await browser.post(path)).status).toBe(303)
  })

  it('works once', async () => {
    const user = await aUser()
    const browser = aBrowser()
    const { path, code } = await asked(browser, user.email)
    const cookie = `__Host-sign-in=${browser.jar.get('__Host-sign-in')}`
    await browser.post(path)

    const replay = new BrowserWithCookies(web)
    expect((await replay.post(path, {}, { cookies: [cookie] })).status).toBe(422)
    expect((await replay.post('/app/sign-in/code', { code }, { cookies: [cookie] })).status).toBe(
      422,
    )
    expect(replay.jar.has('__Host-session')).toBe(false)
  })

  it('works for fifteen minutes', async () => {
    const user = await aUser()
    const browser = aBrowser()
    const { path, code } = await asked(browser, user.email)
    web.time.now += 15 * MINUTE

    expect((await browser.post(path)).status).toBe(422)
    expect((await browser.post('/app/sign-in/code', { code })).status).toBe(422)
    expect((await browser.get('/app/sign-in/code')).text).toContain('This sign-in is over')
    expect(await isSignedIn(browser)).toBe(false)
  })
})

describe('the mailed code', () => {
  it('signs in the browser that asked, however it is typed', async () => {
    const user = await aUser()
    const browser = aBrowser()
    const { code } = await asked(browser, user.email)
    expect((await browser.get('/app/sign-in/code')).text).toContain(user.email)

    const typed = ` ${code.slice(0, 4)}-${code.slice(4)} `.toLowerCase()
    const done = await browser.post('/app/sign-in/code', { code: typed })

    expect([done.status, done.headers['location']]).toEqual([303, '/app/'])
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('does nothing in another browser', async () => {
    const [user, other] = [await aUser(), await aUser()]
    const [browser, attacker] = [aBrowser(), aBrowser()]
    const { code } = await asked(browser, user.email)

    const bare = await attacker.post('/app/sign-in/code', { code })
    expect([bare.status, bare.headers['location']]).toEqual([303, '/app/sign-in'])
    await asked(attacker, other.email)
    expect((await attacker.post('/app/sign-in/code', { code })).status).toBe(422)
    expect(await isSignedIn(attacker)).toBe(false)
  })

  it('is not found by trying', async () => {
    const user = await aUser()
    const browser = aBrowser()
    const { code, path } = await asked(browser, user.email)

    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        browser.post('/app/sign-in/code', { code: `WRNG${1000 + index}` }),
      ),
    )
    const right = await browser.post('/app/sign-in/code', { code })

    const wrong = tries.filter(({ text }) => text.includes('This is not the code'))
    expect(wrong.length).toBe(5)
    expect([right.status, right.text.includes('Five codes were wrong')]).toEqual([422, true])
    expect(await isSignedIn(browser)).toBe(false)
    expect((await browser.post(path)).status).toBe(303)
  })

  it('is in no answer and no address', async () => {
    const user = await aUser()
    const browser = aBrowser()
    const { answer, code, path } = await asked(browser, user.email)
    const shown = await browser.get('/app/sign-in/code')

    for (const { headers, text } of [answer, shown]) {
      expect(JSON.stringify(headers) + text).not.toContain(code)
      expect(JSON.stringify(headers) + text).not.toContain(path)
    }
  })
})

describe('asking for a link', () => {
  it("answers for an address that is nobody's as for one that is known", async () => {
    const user = await aUser()
    const stranger = 'nob1@example.com'
    const ask = async (email: string) => {
      const browser = aBrowser()
      const calls: string[] = []
      const noted = notingDatabase(calls)
      const answer = await noted.visit('POST', '/app/sign-in', { form: { email } })
      const cookie = answer.cookies[0]?.split(';')[0] ?? ''
      const page = await browser.get('/app/sign-in/code', { cookies: [cookie] })
      return {
        calls,
        status: answer.status,
        headers: answer.headers,
        cookies: answer.cookies.map((each) => each.replace(/=[\w-]{43};/, '=…;')),
        page: page.text.replaceAll(email, '…'),
      }
    }

    const known = await ask(user.email)
    const unknown = await ask(stranger)

    expect(unknown).toEqual(known)
    expect(web.mailed.at(-2)?.to).toBe(user.email)
    expect(web.mailed.at(-1)?.to).toBeUndefined()
  })

  it("finishes nothing for an address that is nobody's", async () => {
    const browser = aBrowser()
    const { mail } = await asked(browser, 'nobody@example.com')

    expect(mail?.to).toBeUndefined()
    expect((await browser.post('/app/sign-in/code', { code: mail?.code ?? '' })).status).toBe(422)
    expect(browser.jar.has('__Host-session')).toBe(false)
  })

  it.each([
    ['nothing', ''],
    ['a name', 'ana'],
    ['two lines', 'ana@example.com\r\nBcc: eve@example.com'],
    ['two addresses', 'a@example.com,c@example.com'],
    ['what is long', `${'a'.repeat(300)}@example.com`],
  ])('refuses what is no address: %s', async (_, email) => {
    const before = web.mailed.length
    const { status, text } = await aBrowser().post('/app/sign-in', { email })

    expect([status, web.mailed.length]).toEqual([422, before])
    expect(text).toContain('Write an address')
  })

  it('says beside the code how often one may ask', async () => {
    const browser = aBrowser()
    await asked(browser, (await aUser()).email)

    expect((await browser.get('/app/sign-in/code')).text).toMatch(
      /Ask again<\/a\s*>,\s+up\s+to\s+5\s+times\s+an\s+hour/,
    )
  })

  it('mails an address five times an hour and twenty times a day', async () => {
    web.time.now = (Math.floor(web.time.now / DAY) + 1) * DAY
    const user = await aUser()
    let mails = 0
    for (let hour = 0; hour < 5; hour += 1) {
      for (let mail = 0; mail < 6; mail += 1) {
        const { answer } = await asked(aBrowser(), user.email.toUpperCase())
        if (answer.status === 303) mails += 1
        else
          expect([answer.status, answer.text]).toEqual([
            429,
            expect.stringContaining('to this address'),
          ])
      }
      expect(mails).toBe(Math.min(20, (hour + 1) * 5))
      web.time.now += HOUR
    }
  })

  it('mails who has signed in there before, however much strangers ask for', async () => {
    const user = await aUser()
    const other = await aUser()
    const known = await signedIn(user)
    const elsewhere = await signedIn(other)
    await known.post('/app/sign-out')
    for (let mail = 0; mail < 6; mail += 1) await asked(aBrowser(), user.email)

    const shut = [await asked(elsewhere, user.email), await asked(aBrowser(), user.email)]
    expect(shut.map(({ answer }) => answer.status)).toEqual([429, 429])
    for (let mail = 0; mail < 5; mail += 1)
      expect((await asked(known, user.email)).mail?.to).toBe(user.email)
    expect((await asked(known, user.email)).answer.status).toBe(429)
  })

  it('mails who is signed in, however much strangers ask for', async () => {
    const user = await aUser()
    const browser = await signedIn(user)
    for (let mail = 0; mail < 6; mail += 1) await asked(aBrowser(), user.email)

    expect((await browser.post('/app/confirm')).status).toBe(303)
    expect(web.mailed.at(-1)?.to).toBe(user.email)
  })

  it('lets a network ask thirty times an hour, whatever it asks for', async () => {
    web.time.now = (Math.floor(web.time.now / HOUR) + 1) * HOUR
    const statuses = await Promise.all(
      Array.from({ length: 33 }, (_, index) =>
        web.visit('POST', '/app/sign-in', {
          form: { email: `flood${index}@example.com` },
          from: `203.0.113.${index}`,
        }),
      ),
    )

    expect(statuses.filter(({ status }) => status === 303)).toHaveLength(30)
    const user = await aUser()
    expect((await asked(aBrowser(), user.email)).answer.status).toBe(303)
  })

  it('sends five hundred mails an hour, of which strangers take none', async () => {
    web.time.now = (Math.floor(web.time.now / HOUR) + 1) * HOUR
    const user = await aUser()
    for (let mail = 0; mail < 499; mail += 1)
      await web.signInLimits.take(
        'deployment',
        { name: 'sent', most: 500, perMs: HOUR },
        web.time.now,
      )
    for (let stranger = 0; stranger < 5; stranger += 1)
      await asked(aBrowser(), `stranger${stranger}@example.com`)

    const last = await asked(aBrowser(), user.email)
    const tooMany = await asked(aBrowser(), user.email)

    expect(last.mail?.to).toBe(user.email)
    expect([tooMany.answer.status, tooMany.mail?.to]).toEqual([303, undefined])
  })
})

describe('a session', () => {
  it('is not the one that a browser came with', async () => {
    const user = await aUser()
    const browser = aBrowser()
    const planted = 'a'.repeat(43)
    browser.jar.set('__Host-session', planted)

    await signedIn(user, browser)

    expect(browser.jar.get('__Host-session')).not.toBe(planted)
    browser.jar.set('__Host-session', planted)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('ends when the same browser signs in again', async () => {
    const browser = await signedIn(await aUser())
    const first = browser.jar.get('__Host-session') ?? ''

    await signedIn(await aUser(), browser)

    browser.jar.set('__Host-session', first)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('ends with the sign-out, for whoever has copied it too', async () => {
    const browser = await signedIn(await aUser())
    const token = browser.jar.get('__Host-session') ?? ''

    const out = await browser.post('/app/sign-out')

    expect([out.status, out.headers['location']]).toEqual([303, '/app/sign-in'])
    expect(browser.jar.has('__Host-session')).toBe(false)
    browser.jar.set('__Host-session', token)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('lasts thirty days, and longer when it is used', async () => {
    const browser = await signedIn(await aUser())

    web.time.now += 29 * DAY
    const used = await browser.get('/app/account')
    expect(used.status).toBe(200)
    expect(used.cookies[0]).toContain('Max-Age=2592000')
    web.time.now += 1000
    expect((await browser.get('/app/account')).cookies).toEqual([])
    web.time.now += 29 * DAY
    expect(await isSignedIn(browser)).toBe(true)
    web.time.now += 30 * DAY
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('ends after ninety days, however much it is used', async () => {
    const browser = await signedIn(await aUser())

    for (let day = 0; day < 89; day += 10) {
      expect(await isSignedIn(browser)).toBe(true)
      web.time.now += 10 * DAY
    }

    expect(await isSignedIn(browser)).toBe(false)
  })

  it('ends with its user', async () => {
    const user = await aUser()
    const browser = await signedIn(user)

    await web.users.leave({ userId: user.id, projectId: everyProject })
    expect(await web.users.remove(user)).toBe('removed')

    expect(await isSignedIn(browser)).toBe(false)
  })

  it('shows no project any more from when its role is taken away', async () => {
    const { id } = (await web.project()).project
    const person = await web.person(id, 'manager')
    const path = `/app/p/${id}/settings/audit`
    expect((await web.get(path, person)).status).toBe(200)

    expect(await web.users.leave({ userId: person.user.id, projectId: id })).toBe('left')

    expect((await web.get(path, person)).status).toBe(404)
  })

  it.each([
    ['nothing', ''],
    ['a path', '../../x'],
    ['what is long', 'a'.repeat(5000)],
    ['other characters', '\u00e4'.repeat(43)],
  ])('is not looked for by %s', async (_, token) => {
    const calls: string[] = []
    const cookies = [`__Host-session=${token}`]

    const { status } = await notingDatabase(calls).visit('GET', '/app/account', { cookies })
    expect([status, calls]).toEqual([303, []])
  })
})

describe('showing again that it is oneself', () => {
  it('takes a mail to the own address, and makes the session fresh', async () => {
    const user = await aUser()
    const browser = await signedIn(user)
    web.time.now += 20 * MINUTE
    const page = await browser.get('/app/confirm?to=/app/account')
    expect(page.text).toContain(user.email)

    const before = web.mailed.length
    const sent = await browser.post('/app/confirm', { to: '/app/account' })
    expect(sent.headers['location']).toBe('/app/sign-in/code')
    const mail = web.mailed[before]
    const done = await browser.post('/app/sign-in/code', { code: mail?.code ?? '' })

    expect(mail?.to).toBe(user.email)
    expect(done.headers['location']).toBe('/app/account')
    const [own] = await web.sessions.ofUser(user.id, web.time.now)
    expect(own?.session.freshAt).toBe(web.time.now)
  })

  it('asks who is not signed in to sign in', async () => {
    const { status, headers } = await aBrowser().get('/app/confirm')

    expect([status, headers['location']]).toEqual([303, '/app/sign-in?to=%2Fapp%2Fconfirm'])
  })
})

it('leads who is signed in on from the page that asks', async () => {
  const browser = await signedIn(await aUser())

  const { status, headers } = await browser.get('/app/sign-in?to=/app/account')
  expect([status, headers['location']]).toEqual([303, '/app/account'])
})

it('carries no way back to another site', async () => {
  const { text } = await aBrowser().get('/app/sign-in?to=https://evil.example/')

  expect(text).not.toContain('evil')
})

/** The dashboard with a note of each call of its stores about people. */
function notingDatabase(calls: string[]) {
  const noting = <Store extends object>(store: Store): Store =>
    new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...given: unknown[]): unknown => {
          calls.push(String(name))
          return Reflect.apply(value, target, given)
        }
      },
    })
  const visit = web.makeVisit({
    users: noting(web.users),
    sessions: noting(web.sessions),
    signIns: noting(web.signIns),
    signInLimits: noting(web.signInLimits),
    personalMails: noting(web.personalMails),
  })
  return { visit }
}
