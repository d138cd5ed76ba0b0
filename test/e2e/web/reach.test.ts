import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { User } from '../../../lambdas/domain/people/user.ts'
import { aFullProject, pagesIn } from '../../support/all-pages.ts'
import { closeBrowser, closePage, hasBrowser, openPage } from '../../support/browser.ts'
import { aPerson, signIn } from '../../support/people.ts'
import { base } from '../../support/stack.ts'

/*
 * What axe does not see: where the focus goes, what larger letters do to a page, and what is left
 * of it in colours that the person has chosen.
 */

/** Notes, at each place that gets the focus, where it is and how that is shown. */
const noteFocus = `
  window.order = [...document.querySelectorAll('*')]
  window.focused = []
  document.activeElement.blur()
  document.addEventListener('focusin', ({ target }) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(target)
    const isShown = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
    const { x, y, width, height } = target.getBoundingClientRect()
    const isThere = width > 0 && height > 0 && x + width > 0
    window.focused.push({ target, isShown: isShown && isThere })
  })
`

/** What takes the focus, as a person sees the page. */
const controls = `[...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  )].filter((each) => !each.disabled && each.type !== 'hidden' && each.checkVisibility())`

/**
 * What is wrong with the ways of the focus: left out, unseen, or back to what one has read already,
 * which is what stands above, or on the same line before, of any two parts of the page.
 */
const focusFaults = `(() => {
  const nameOf = (each) => each.outerHTML.replace(/\\s+/g, ' ').slice(0, 100)
  const seen = new Map(window.focused.map((each) => [each.target, each]))
  const faults = ${controls}.filter((each) => !seen.has(each)).map((each) => 'left out: ' + nameOf(each))
  for (const { target, isShown } of seen.values())
    if (!isShown) faults.push('unseen: ' + nameOf(target))
  const partsOf = (each) => (each === null ? [] : [...partsOf(each.parentElement), each])
  const isBehind = (one, other) => {
    const [a, b] = [partsOf(one), partsOf(other)]
    const at = a.findIndex((part, index) => part !== b[index])
    if (at === -1 || b[at] === undefined) return false
    const [from, to] = [a[at], b[at]].map((part) => part.getBoundingClientRect())
    const isOnOneLine = Math.min(from.bottom, to.bottom) - Math.max(from.top, to.top) > 4
    return to.bottom <= from.top || (isOnOneLine && to.right <= from.left)
  }
  const all = [...seen.keys()].filter((each) => !each.matches('.skip'))
  const first = all.reduce(
    (least, each, index) =>
      window.order.indexOf(each) < window.order.indexOf(all[least]) ? index : least,
    0,
  )
  const inOrder = [...all.slice(first), ...all.slice(0, first)]
  for (const [index, each] of inOrder.entries())
    if (index > 0 && isBehind(inOrder[index - 1], each))
      faults.push('back from ' + nameOf(inOrder[index - 1]) + ' to ' + nameOf(each))
  return faults
})()`

const letterHeights = `[...document.querySelectorAll('body *')]
  .map((each) => parseFloat(getComputedStyle(each).fontSize))`

/** Text that goes beyond a box that does not show it. */
const cutTexts = `[...document.querySelectorAll('body *')]
  .filter((each) => {
    const { overflowX, overflowY } = getComputedStyle(each)
    const isCut = (overflow, inner, outer) =>
      /hidden|clip/.test(overflow) && inner > outer + 1
    return (
      each.checkVisibility() &&
      !each.closest('.hidden, thead, svg') &&
      (isCut(overflowX, each.scrollWidth, each.clientWidth) ||
        isCut(overflowY, each.scrollHeight, each.clientHeight))
    )
  })
  .map((each) => each.outerHTML.slice(0, 100))`

/** Fields in which Tab goes on within. */
const STOPS_IN_A_DATE = 5

describe.skipIf(!hasBrowser)('every page', () => {
  let owner: User
  let addresses: readonly string[]

  beforeAll(async () => {
    owner = await aPerson()
    addresses = await pagesIn(await aFullProject(), owner)
  })
  afterAll(closeBrowser)

  /** What is wrong with each page, by its path. */
  async function faultsOfAll(
    options: Parameters<typeof openPage>[0],
    faultsOf: (page: Page) => Promise<readonly string[]>,
  ) {
    const opened = await openPage(options)
    await signIn(opened.page.context(), owner)
    const faults: string[] = []
    for (const address of addresses) {
      await opened.page.goto(address)
      for (const fault of await faultsOf(opened.page))
        faults.push(`${address.slice(base.length)}: ${fault}`)
    }
    await closePage(opened)
    return faults
  }

  it('gives the focus to each control by Tab, seen and in the order one reads', async () => {
    const faults = await faultsOfAll({ viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.evaluate(noteFocus)
      const [count, dates] = await page.evaluate<readonly [number, number]>(
        `[${controls}.length, document.querySelectorAll('[type=date]').length]`,
      )
      const goRound = async () => {
        for (let time = 0; time < count + dates * STOPS_IN_A_DATE + 2; time += 1)
          await page.keyboard.press('Tab')
        return page.evaluate<readonly string[]>(focusFaults)
      }
      const faults = await goRound()
      // A page that takes the focus late, where it begins, takes that part of the way.
      return faults.length === 0 ? faults : goRound()
    })

    expect(faults).toEqual([])
  }, 120_000)

  it('is whole, and does not scroll sideways, where letters are twice as large', async () => {
    const faults = await faultsOfAll({ viewport: { width: 1280, height: 800 } }, async (page) => {
      const before = await page.evaluate<readonly number[]>(letterHeights)
      const session = await page.context().newCDPSession(page)
      await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
      const after = await page.evaluate<readonly number[]>(letterHeights)
      const sideways = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      const cut = await page.evaluate<readonly string[]>(cutTexts)
      await session.send('Page.setFontSizes', { fontSizes: { standard: 16, fixed: 13 } })
      await session.detach()
      return [
        ...before.flatMap((px, index) => {
          const isTwice = Math.abs((after[index] ?? 0) - 2 * px) < 0.1
          return isTwice ? [] : [`letters of ${px} px are then ${after[index] ?? 0} px`]
        }),
        ...(sideways > 0 ? [`scrolls sideways by ${sideways}`] : []),
        ...cut.map((each) => `cut: ${each}`),
      ]
    })

    expect(faults).toEqual([])
  })

  it('shows where one is in colours that the person has chosen', async () => {
    const faults = await faultsOfAll({ forcedColors: 'active' }, (page) =>
      page.evaluate<readonly string[]>(
        `[...document.querySelectorAll('[aria-current]')]
          .filter((each) => !getComputedStyle(each).textDecorationLine.includes('underline'))
          .map((each) => each.outerHTML.slice(0, 100))`,
      ),
    )

    expect(faults).toEqual([])
  })
})
