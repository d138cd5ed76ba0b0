import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copiesOfACheck, putAll } from '../../../bench/checks-in-bulk.ts'
import { totalsOf } from '../../../bench/metered.ts'
import type { Meter } from '../../../bench/local-stack.ts'
import { vitalsOf } from '../../../bench/page-vitals.ts'
import { closeBrowser, closePage, hasBrowser, openPage } from '../../support/browser.ts'
import { aPerson, signIn } from '../../support/people.ts'
import {
  base,
  createCheck,
  dynamo,
  type LocalProject,
  readMeter,
  request,
  resetMeter,
  settle,
} from '../../support/stack.ts'

/* Ten thousand are measured by the bench, in its row `web`: the page shows a hundred of them. */
const NIGHTLY = 150
const WEEKLY = 850

describe.skipIf(!hasBrowser)('a list of a thousand checks', () => {
  let project: LocalProject & { readonly id: string }
  let list: string

  beforeAll(async () => {
    project = (await request('POST', '/_local/projects', { json: { name: 'Many' } }))
      .json as typeof project
    list = `${base}/app/p/${project.id}/`
    const stack = { base, dynamo, settle, project: () => Promise.resolve({ ...project }) }
    await createCheck(project, { name: 'vault', tags: 'nightly' })
    // What is copied is a check, too.
    const bulks = [
      await copiesOfACheck(stack, NIGHTLY - 2, { project, fields: { tags: 'nightly' } }),
      await copiesOfACheck(stack, WEEKLY - 1, { project, fields: { tags: 'weekly' } }),
    ]
    for (const bulk of bulks)
      for (const table of ['Heartbeats', 'Lookups', 'Registry'] as const)
        await putAll(stack, table, bulk[table])
    await settle()
  })
  afterAll(closeBrowser)

  async function openList() {
    const opened = await openPage()
    await signIn(opened.page.context(), await aPerson(project.id))
    return opened
  }

  /** What the address of a page asks for, and what the page shows. */
  async function shownOn(page: Page) {
    const { searchParams } = new URL(page.url())
    searchParams.delete('sort')
    return {
      asked: Object.fromEntries(searchParams),
      part: await page.locator('nav.pages span').textContent(),
      search: await page.getByLabel('Search').inputValue(),
      rows: await page.evaluate<readonly string[]>(
        "[...document.querySelectorAll('[data-row]')].map((row) => row.dataset.row)",
      ),
    }
  }

  it('keeps in its address what one has chosen, and the back button restores it', async () => {
    const opened = await openList()
    const { page } = opened
    await page.goto(list)
    expect(await shownOn(page)).toMatchObject({ asked: {}, part: '1–100 of 1,000' })

    await page.getByRole('link', { name: /^nightly 150$/ }).click()
    await page.waitForURL(/tag=/)
    await page.getByLabel('Search').fill('job')
    await page.keyboard.press('Enter')
    await page.waitForURL(/q=/)
    await page.getByRole('link', { name: /^New 149$/ }).click()
    await page.waitForURL(/status=/)
    const chosen = { q: 'job', tag: 'nightly', status: 'new' }
    const first = await shownOn(page)
    expect(first).toMatchObject({ asked: chosen, part: '1–100 of 149', search: 'job' })
    await page.getByRole('link', { name: 'Next ›' }).click()
    await page.waitForURL(/page=/)
    const second = await shownOn(page)
    expect(second).toMatchObject({ asked: { ...chosen, page: '2' }, part: '101–149 of 149' })
    expect(new Set([...first.rows, ...second.rows]).size).toBe(149)

    await page.locator('[data-row] a').first().click()
    await page.waitForURL(/\/c\/[0-9a-f]{40}$/)
    await page.goBack()
    expect(await shownOn(page)).toEqual(second)
    await page.goBack()
    expect(await shownOn(page)).toEqual(first)
    await page.goBack()
    expect((await shownOn(page)).asked).toEqual({ q: 'job', tag: 'nightly' })
    await closePage(opened)
  })

  it('costs what a list may: read units, bytes, and how far things move', async () => {
    const opened = await openList()
    const { page } = opened
    await page.goto(list)
    const { rows } = await shownOn(page)
    const unitsOf = async (path: string) => {
      await resetMeter()
      const answer = await page.context().request.get(`${list}${path}`)
      expect(answer.status()).toBe(200)
      return totalsOf(((await readMeter()) as Meter)['web']).readUnits
    }

    const units = [await unitsOf(''), await unitsOf(`live?rows=${rows.join(',')}`)]
    const vitals = await vitalsOf(page, list)

    expect(Math.max(...units)).toBeLessThanOrEqual(30)
    expect(vitals.bytes).toBeLessThan(25_000)
    expect(vitals.shift).toBeLessThanOrEqual(0.05)
    await closePage(opened)
  })

  it('is painted when it and its style are there, whatever else is under way', async () => {
    const opened = await openList()
    const { page } = opened
    await page.route('**/*.js', () => undefined)
    await page.route('**/*.svg', () => undefined)

    await page.goto(list, { waitUntil: 'commit' })

    const painted = `new Promise((done) =>
      new PerformanceObserver((seen) => {
        if (seen.getEntriesByName('first-contentful-paint').length > 0) done(true)
      }).observe({ type: 'paint', buffered: true }),
    )`
    expect(await page.evaluate<boolean>(painted)).toBe(true)
    expect(await page.locator('[data-row]').count()).toBe(100)
    await closePage(opened)
  })
})
