import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { closeBrowser, closePage, hasBrowser, openPage } from '../../support/browser.ts'
import { aPerson, signIn } from '../../support/people.ts'
import { base, now, request } from '../../support/stack.ts'
import { run } from '../../domain/snippets/running.ts'

afterAll(closeBrowser)

const MOST_CONTROLS = 60
const TYPING_ENDS_MS = 250

/** Goes on by Tab until something has the focus. */
async function tabTo(page: Page, selector: string) {
  for (let time = 0; time < MOST_CONTROLS; time += 1) {
    if ((await page.locator(`${selector}:focus`).count()) === 1) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach ${selector}`)
}

/** Replaces what stands in the field that has the focus, and waits for what the page says to it. */
async function retype(page: Page, text: string) {
  await page.keyboard.press('Control+A')
  const answered = page.waitForResponse('**/app/preview?**')
  await page.keyboard.type(text)
  await page.clock.runFor(TYPING_ENDS_MS)
  await answered
}

/** The next five runs, as the stack tells them. */
async function nextRuns(kind: string, schedule: string, tz: string) {
  const runs: string[] = []
  let after = new Date(await now()).toISOString()
  for (let time = 0; time < 5; time += 1) {
    const { json } = await request('POST', '/_local/next', { json: { kind, schedule, tz, after } })
    after = (json as { readonly next: string }).next
    runs.push(new Date(after).toISOString())
  }
  return runs
}

/** What cron would run of the last line of a crontab, with a job that does nothing. */
function commandOf(crontab: string): string {
  const line = crontab.split('\n').at(-1) ?? ''
  return line.replace(/^(\S+ ){5}/, '').replace('/path/to/job', 'true')
}

describe.skipIf(!hasBrowser)('by keyboard alone', () => {
  it('one adds a check, previews it as it runs, and sees its crontab line turn it up', async () => {
    const { id } = (await request('POST', '/_local/projects', { json: { name: 'Keys' } })).json as {
      readonly id: string
    }
    const opened = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = opened
    await signIn(page.context(), await aPerson(id))
    await page.clock.install()
    const preview = page.locator('[data-preview-result]')
    const runs = () =>
      page.evaluate<readonly string[]>(
        "[...document.querySelectorAll('.runs td:first-child time')].map((at) => at.dateTime)",
      )
    await page.goto(`${base}/app/p/${id}/`)
    await page.keyboard.press('n')
    await page.waitForURL('**/new')

    await tabTo(page, '#name')
    await page.keyboard.type('nightly')
    await tabTo(page, '#schedule')
    await retype(page, '99 3 * * *')
    await expect.poll(() => preview.textContent()).toContain('A period like 15 min')
    await tabTo(page, 'button.main')
    await page.keyboard.press('Enter')
    await tabTo(page, '[role=alert] a')
    await page.keyboard.press('Enter')

    await tabTo(page, '#tz')
    await retype(page, 'Europe/Riga')
    await page.keyboard.press('Shift+Tab')
    await retype(page, 'Mon..Fri 03:30')
    await expect.poll(runs).toEqual(await nextRuns('oncalendar', 'Mon..Fri 03:30', 'Europe/Riga'))
    await retype(page, '30 3 * * *')
    await expect.poll(runs).toEqual(await nextRuns('cron', '30 3 * * *', 'Europe/Riga'))
    await tabTo(page, 'button.main')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/c\/[0-9a-f]{40}(#|$)/)
    expect(await page.locator('.waiting').textContent()).toContain('Waiting for the first ping')

    await tabTo(page, '[data-copy=snippet]')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('status').last().textContent()).toBe('Copied')
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    const { status } = await run('bash', ['-c', commandOf(copied)])
    expect(status).toBe(0)
    const statusAfterAPoll = async () => {
      await page.clock.runFor(3000)
      return page.locator('[data-row]').first().getAttribute('data-status')
    }
    await expect.poll(statusAfterAPoll).toBe('up')
    expect(await page.locator('.waiting').count()).toBe(0)
    await closePage(opened)
  })
})
