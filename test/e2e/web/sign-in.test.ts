import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import {
  closeBrowser,
  closePage,
  hasBrowser,
  openPage,
  type Watched,
} from '../../support/browser.ts'
import { aPerson, signIn } from '../../support/people.ts'
import { advance, base, operate, request, settle, type Mail } from '../../support/stack.ts'

afterAll(closeBrowser)

/** The link and the code of the last mail to an address. */
async function mailed(address: string): Promise<{ readonly link: string; readonly code: string }> {
  await settle()
  const mails = (await request('GET', '/_local/mail')).json as readonly Mail[]
  const text = mails.findLast(({ to }) => to.includes(address))?.text ?? ''
  const [link = ''] = /http\S+\/app\/sign-in\/\S+/.exec(text) ?? []
  const [code = ''] = /\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/.exec(text) ?? []
  return { link, code }
}

async function ask(page: Page, email: string) {
  await page.goto(`${base}/app/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Send me a link' }).click()
  await page.waitForURL('**/sign-in/code')
}

async function isSignedIn({ page }: Watched): Promise<boolean> {
  return (await page.context().request.get(`${base}/app/account`, { maxRedirects: 0 })).ok()
}

describe.skipIf(!hasBrowser)('signing in', () => {
  it('takes the link, in the browser that asked, and once', async () => {
    const { email } = await aPerson()
    const [own, other] = [await openPage(), await openPage()]
    await ask(own.page, email)
    const { link } = await mailed(email)

    await other.page.goto(link)
    expect(await other.page.getByRole('heading').textContent()).toBe('Not in this browser')
    for (let time = 0; time < 20; time += 1) await request('GET', link)
    await request('POST', link)
    await own.page.goto(link)
    await own.page.getByRole('button', { name: 'Sign in' }).click()
    await own.page.waitForURL(`${base}/app/**`)

    expect([await isSignedIn(own), await isSignedIn(other)]).toEqual([true, false])
    await own.page.context().clearCookies({ name: '__Host-session' })
    await own.page.goto(link)
    expect(await isSignedIn(own)).toBe(false)
    await closePage(own)
    await closePage(other)
  })

  it('takes the code, and keeps the session where no script and no other host gets it', async () => {
    const { email } = await aPerson()
    const own = await openPage()
    await ask(own.page, email)
    const { code } = await mailed(email)

    await own.page.locator('input[name=code]').fill(code.toLowerCase())
    await own.page.keyboard.press('Enter')
    await own.page.waitForURL((url) => !url.pathname.includes('sign-in'))

    const cookies = await own.page.context().cookies()
    expect(cookies.find(({ name }) => name === '__Host-session')).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      path: '/',
      domain: '127.0.0.1',
    })
    await closePage(own)
  })

  it('is over after fifteen minutes, and after five wrong codes', async () => {
    const { email } = await aPerson()
    const own = await openPage()
    await ask(own.page, email)
    await advance(15 * 60 + 1)
    await own.page.goto((await mailed(email)).link)
    expect(await own.page.getByRole('button', { name: 'Sign in' }).count()).toBe(0)

    await ask(own.page, email)
    const { code } = await mailed(email)
    for (const wrong of ['AAAA-AAAA', 'BBBB-BBBB', 'CCCC-CCCC', 'DDDD-DDDD', 'EEEE-EEEE', code]) {
      if ((await own.page.locator('input[name=code]').count()) === 0) break
      await own.page.locator('input[name=code]').fill(wrong)
      await own.page.getByRole('button', { name: 'Sign in' }).click()
      await own.page.waitForLoadState()
    }
    expect(await isSignedIn(own)).toBe(false)
    await closePage(own)
  })
})

describe.skipIf(!hasBrowser)('a session', () => {
  it('ends everywhere at once', async () => {
    const person = await aPerson()
    const [one, other] = [await openPage(), await openPage()]
    await signIn(one.page.context(), person)
    await signIn(other.page.context(), person)
    expect([await isSignedIn(one), await isSignedIn(other)]).toEqual([true, true])

    await one.page.goto(`${base}/app/account`)
    await one.page.getByRole('button', { name: /everywhere/i }).click()
    await one.page.waitForLoadState()

    expect(await isSignedIn(other)).toBe(false)
    await closePage(one)
    await closePage(other)
  })

  it('does nothing for a form of another site', async () => {
    const own = await openPage()
    await signIn(own.page.context(), await aPerson())
    const post = (headers: Record<string, string>) =>
      own.page.context().request.post(`${base}/app/sign-out`, { headers, maxRedirects: 0 })

    const statuses = [
      (await post({ Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' })).status(),
      (await post({})).status(),
    ]

    expect(statuses).toEqual([403, 403])
    expect(await isSignedIn(own)).toBe(true)
    await closePage(own)
  })
})

describe.skipIf(!hasBrowser)('a page of another host', () => {
  it('sends a form to the dashboard in vain, whoever has signed in', async () => {
    const own = await openPage()
    await signIn(own.page.context(), await aPerson())
    const { port } = new URL(base)
    const form = `<form method="post" action="${base}/app/sign-out"><button>Win</button></form>`
    await own.page.route('http://localhost:*/prize', (route) =>
      route.fulfill({ contentType: 'text/html', body: form }),
    )
    await own.page.goto(`http://localhost:${port}/prize`)

    const answer = own.page.waitForResponse(`${base}/app/sign-out`)
    await own.page.getByRole('button', { name: 'Win' }).click()

    expect((await answer).status()).toBe(403)
    expect(await isSignedIn(own)).toBe(true)
    await closePage(own)
  })
})

describe.skipIf(!hasBrowser)('a user who is removed', () => {
  it('is out at the next request of an open browser', async () => {
    const { id } = (await request('POST', '/_local/projects', { json: { name: 'Left' } })).json as {
      readonly id: string
    }
    const person = await aPerson(id, 'member')
    const own = await openPage()
    await signIn(own.page.context(), person)
    await own.page.goto(`${base}/app/p/${id}/`)
    expect(await own.page.getByRole('heading').first().textContent()).toBe('Checks')

    const { status, err } = await operate('user', 'remove', person.email)
    await own.page.reload()

    expect([status, err]).toEqual([0, ''])
    expect(await own.page.getByRole('heading').first().textContent()).toBe('Sign in')
    await closePage(own)
  })
})

describe.skipIf(!hasBrowser)('a local stack', () => {
  it('signs in by its own link, and leads to its clock and mails', async () => {
    const own = await openPage()

    await own.page.goto(`${base}/_local/sign-in`)
    await own.page.getByRole('link', { name: 'its clock, mails and requests' }).click()
    await own.page.getByRole('button', { name: '1 hour later' }).click()
    await own.page.getByRole('link', { name: 'Dashboard' }).click()

    expect(new URL(own.page.url()).pathname).toMatch(/^\/app\//)
    expect(await isSignedIn(own)).toBe(true)
    await closePage(own)
  })
})
