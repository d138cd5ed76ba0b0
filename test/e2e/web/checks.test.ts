import { afterAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../../lambdas/domain/watching/check.ts'
import { closeBrowser, closePage, hasBrowser, openPage } from '../../support/browser.ts'
import { aPerson, signIn } from '../../support/people.ts'
import {
  advance,
  base,
  createCheck,
  type LocalProject,
  mailsTo,
  ping,
  request,
  settle,
} from '../../support/stack.ts'

afterAll(closeBrowser)

async function aProjectWithId() {
  const answer = await request('POST', '/_local/projects', { json: { name: 'Pages' } })
  return answer.json as LocalProject & { readonly id: string }
}

describe.skipIf(!hasBrowser)('a page that stays open', () => {
  it('shows a row going down where it stands, and says so', async () => {
    const project = await aProjectWithId()
    const check = await createCheck(project, { name: 'zz backup', timeout: 600, grace: 300 })
    const other = await createCheck(project, { name: 'aa vacuum', timeout: 86_400 })
    for (const { ping_url: url } of [check, other]) await ping(url)
    await settle()
    const opened = await openPage()
    const { page } = opened
    await signIn(page.context(), await aPerson(project.id))
    await page.clock.install()
    await page.goto(`${base}/app/p/${project.id}/`)
    const names = () => page.locator('[data-row] a').allTextContents()
    const before = await names()
    await page.getByRole('link', { name: 'aa vacuum' }).focus()

    await advance(1000)
    await page.clock.runFor(15_000)

    await expect.poll(() => page.title()).toContain('(1 down)')
    const row = page.locator(`[data-row="${uniqueKeyOf(check.uuid)}"]`)
    expect(await row.textContent()).toContain('Down')
    expect(await page.getByRole('status').last().textContent()).toBe('zz backup is down')
    expect(await page.locator(':focus').textContent()).toBe('aa vacuum')
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toContain('/alarm.')
    expect(await names()).toEqual(before)
    await page.locator('[data-changed]').click()
    await expect.poll(async () => (await names())[0]).toBe('zz backup')
    const [mail] = await mailsTo(project)
    const link = /^http\S+$/m.exec(mail?.text ?? '')?.[0]
    await page.goto(link ?? '')
    expect(await page.locator('h1').textContent()).toContain('zz backup')
    expect(await page.title()).toContain('(1 down) zz backup')
    await closePage(opened)
  })

  it('leaves schedule and times on one line beside a long name', async () => {
    const project = await aProjectWithId()
    const check = await createCheck(project, {
      name: 'a name that is rather long and goes on and on over the line '.repeat(2).slice(0, 100),
      schedule: '*/5 * * * *',
      tz: 'America/New_York',
      grace: 86_400,
    })
    await ping(`${check.ping_url}/start`)
    await advance(17 * 60 + 59)
    await ping(check.ping_url)
    await settle()
    const opened = await openPage({ viewport: { width: 1280, height: 800 } })
    const { page } = opened
    await signIn(page.context(), await aPerson(project.id))
    await page.goto(`${base}/app/p/${project.id}/`)

    const cells = await page.evaluate<readonly (readonly [string, number])[]>(`
      [...document.querySelectorAll('.checks td:nth-child(n + 3)')].map((cell) => {
        const range = document.createRange()
        range.selectNodeContents(cell)
        const tops = [...range.getClientRects()].map(({ top }) => Math.round(top))
        return [cell.textContent.trim(), new Set(tops).size]
      })`)

    expect(cells.map(([, lines]) => lines)).toEqual(cells.map(() => 1))
    expect(cells.map(([text]) => text)).toContain('*/5 * * * * New York')
    await closePage(opened)
  })

  it('keeps each label beside its control on a phone', async () => {
    const project = await aProjectWithId()
    const { uuid } = await createCheck(project, { name: 'db01', tz: 'UTC', timeout: 3600 })
    const opened = await openPage({ viewport: { width: 390, height: 844 } })
    const { page } = opened
    await signIn(page.context(), await aPerson(project.id))
    const apart: string[] = []
    for (const path of ['', `c/${uniqueKeyOf(uuid)}`]) {
      await page.goto(`${base}/app/p/${project.id}/${path}`)
      const found = await page.evaluate<readonly string[]>(`
        [...document.querySelectorAll('.search label, .inline label:not(.hidden)')]
          .filter((label) => {
            const [words, control] = [label, label.control].map((each) => each.getBoundingClientRect())
            return words.bottom < control.top || control.bottom < words.top
          })
          .map((label) => label.textContent)`)
      apart.push(...found)
    }

    expect(apart).toEqual([])
    await closePage(opened)
  })

  it('makes the first check by keyboard, and turns from waiting to up at its first run', async () => {
    const project = await aProjectWithId()
    const opened = await openPage()
    const { page } = opened
    await signIn(page.context(), await aPerson(project.id))
    await page.clock.install()
    await page.goto(`${base}/app/p/${project.id}/`)
    await page.getByLabel('Name').focus()
    await page.keyboard.type('nightly')
    await page.keyboard.press('Tab')
    await page.keyboard.type('99 3 * * *')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('alert').textContent()).toContain('is no period')
    await page.getByLabel('Schedule').fill('30 3 * * *')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.waitForURL(/\/c\/[0-9a-f]{40}$/)
    const state = page.locator('[data-row]').first()
    expect(await state.getAttribute('data-status')).toBe('new')

    const url = (await page.locator('#ping-url').textContent()) ?? ''
    await ping(`${url}/start`)
    await page.clock.runFor(3000)
    await expect.poll(() => page.locator('.waiting').count()).toBe(0)
    await ping(url)
    await page.clock.runFor(3000)

    await expect.poll(() => state.getAttribute('data-status'), { timeout: 10_000 }).toBe('up')
    await closePage(opened)
  })
})
