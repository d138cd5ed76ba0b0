import { afterAll, describe, expect, it } from 'vitest'
import { closeBrowser, closePage, hasBrowser, openPage } from '../../support/browser.ts'
import { aPerson, signIn } from '../../support/people.ts'
import { base, type Mail, ping, request, settle } from '../../support/stack.ts'

afterAll(closeBrowser)

const markup = `<img src=x onerror=alert(1)>"'& \u202e\u0007end`

async function openProject() {
  const { id } = (await request('POST', '/_local/projects', { json: { name: 'Plain' } })).json as {
    readonly id: string
  }
  const opened = await openPage({ javaScriptEnabled: false })
  await signIn(opened.page.context(), await aPerson(id))
  await opened.page.goto(`${base}/app/p/${id}/`)
  return opened
}

/** The link in the last mail to an address. */
async function linkTo(address: string): Promise<string> {
  await settle()
  const mails = (await request('GET', '/_local/mail')).json as readonly Mail[]
  const text = mails.findLast(({ to }) => to.includes(address))?.text ?? ''
  return /http\S+\/app\/sign-in\/\S+/.exec(text)?.[0] ?? ''
}

describe.skipIf(!hasBrowser)('without its script', () => {
  it('the dashboard lets one in and out', async () => {
    const { email } = await aPerson()
    const opened = await openPage({ javaScriptEnabled: false })
    const { page } = opened
    const isSignedIn = async () =>
      (await page.context().request.get(`${base}/app/account`, { maxRedirects: 0 })).ok()
    await page.goto(`${base}/app/sign-in`)
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await page.waitForURL('**/sign-in/code')
    await page.goto(await linkTo(email))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${base}/app/**`)
    expect(await isSignedIn()).toBe(true)

    await page.goto(`${base}/app/account`)
    await page.locator('header').getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in')

    expect(await isSignedIn()).toBe(false)
    await closePage(opened)
  })

  it('a check is made, previewed, changed, paused and deleted', async () => {
    const opened = await openProject()
    const { page } = opened
    const press = (name: string) => page.getByRole('button', { name }).click()
    await page.getByLabel('Name').fill('plain')
    await press('Add the first check')
    await page.getByText('Waiting for the first ping').waitFor()

    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByLabel('Schedule').fill('30 3 * * *')
    await press('Show what this schedule means')
    await page.getByText('every day at 03:30').waitFor()
    await press('Save')
    await page.getByText('30 3 * * * ').first().waitFor()
    await press('Pause')
    await page.locator('[data-status=paused]').waitFor()
    await press('Resume')
    await page.locator('[data-status=new]').waitFor()

    await page.getByRole('link', { name: 'Delete …' }).click()
    await press('Delete for good')
    await page.getByText('Nothing is watched yet').waitFor()
    await closePage(opened)
  })

  it('a log is filtered, and a body is text, whatever stands in it', async () => {
    const opened = await openProject()
    const { page } = opened
    await page.getByLabel('Name').fill('talks')
    await page.getByRole('button', { name: 'Add the first check' }).click()
    const url = (await page.locator('#ping-url').textContent()) ?? ''
    await ping(`${url}/start`)
    await ping(url, markup)
    await settle()

    await page.reload()
    await page.getByLabel('Show', { exact: true }).selectOption('success')
    await page.locator('form:has(#type)').getByRole('button', { name: 'Show' }).click()
    await page.waitForURL(/type=success/)
    expect(await page.locator('table.log tbody tr').count()).toBe(1)
    await page.getByRole('link', { name: /^Body of ping 2/ }).click()
    const shown = await page.locator('pre').textContent()

    expect(shown).toContain(`<img src=x onerror=alert(1)>"'&`)
    for (const unseen of ['\u202e', '\u0007']) expect(shown).not.toContain(unseen)
    expect(await page.locator('main img').count()).toBe(0)
    await closePage(opened)
  })

  it('a channel is added, tested and deleted', async () => {
    const opened = await openProject()
    const { page } = opened
    await page.getByRole('link', { name: 'Channels' }).click()
    await page.getByRole('link', { name: 'Add channel' }).click()
    await page.getByRole('link', { name: 'Slack' }).click()
    await page.getByLabel('URL').fill('https://hooks.slack.com/services/T0/B0/secret')
    await page.getByRole('button', { name: 'Add channel' }).click()
    await page.getByRole('button', { name: /^Test/ }).first().click()
    await page.getByText(/^\s*Test of/).waitFor()
    await settle()
    await page.reload()
    await page.getByText('it was taken.').waitFor()

    await page.getByRole('link', { name: 'Delete …' }).click()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.waitForURL('**/channels')
    expect(await page.locator('main').textContent()).not.toContain('Slack')
    await closePage(opened)
  })
})
