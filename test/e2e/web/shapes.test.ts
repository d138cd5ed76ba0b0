import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { html } from '../../../lambdas/web/html.ts'
import { type ShownStatus, statusMark } from '../../../lambdas/web/parts/status.ts'
import { closeBrowser, closePage, hasBrowser, openPage } from '../../support/browser.ts'
import { type ServedPages, servePages } from '../../support/served-pages.ts'

const statuses: readonly ShownStatus[] = ['down', 'grace', 'up', 'new', 'paused']

let pages: ServedPages

beforeAll(async () => {
  if (!hasBrowser) return
  pages = await servePages({
    '/line': () => html`<p><span id="word">word</span> ${statusMark('down', true)}</p>`,
    '/marks': () => html`${statuses.map((status) => html`<p>${statusMark(status)}</p>`)}`,
  })
})
afterAll(async () => {
  await closeBrowser()
  await (hasBrowser ? pages.stop() : undefined)
})

describe.skipIf(!hasBrowser)('the marks of a status', () => {
  it.each([
    ['colours that the person has chosen', { forcedColors: 'active' }],
    ['dark', { colorScheme: 'dark' }],
    ['light', { colorScheme: 'light' }],
  ] as const)('differ by their shapes and words: %s', async (_, scheme) => {
    const opened = await openPage(scheme)
    await opened.page.goto(`${pages.url}/marks`)

    const shapes = await Promise.all(
      (await opened.page.locator('.shape').all()).map(async (shape) =>
        (await shape.screenshot()).toString('base64'),
      ),
    )
    const words = await opened.page.locator('.status').allTextContents()

    expect(new Set(shapes).size).toBe(statuses.length)
    expect(words.map((text) => text.trim())).toEqual(['Down', 'Late', 'Up', 'New', 'Paused'])
    await closePage(opened)
  })

  it('stand on the line of the words beside them', async () => {
    const opened = await openPage()
    await opened.page.goto(`${pages.url}/line`)

    const places = await opened.page.evaluate<readonly number[]>(`(() => {
      const range = document.createRange()
      const mark = document.querySelector('.status')
      range.selectNodeContents([...mark.childNodes].find((each) => each.nodeType === 3))
      return [document.querySelector('#word'), range].map((each) => each.getBoundingClientRect().bottom)
    })()`)

    expect(places[1]).toBeCloseTo(places[0] ?? 0, 1)
    await closePage(opened)
  })

  it('have one colour where the person has chosen it, so that shapes tell them apart', async () => {
    const opened = await openPage({ forcedColors: 'active' })
    await opened.page.goto(`${pages.url}/marks`)

    const colours = await opened.page.evaluate<readonly string[]>(
      "[...document.querySelectorAll('.shape')].map((each) => getComputedStyle(each).color)",
    )

    expect(new Set(colours).size).toBe(1)
    await closePage(opened)
  })
})
