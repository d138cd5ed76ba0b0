import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { User } from '../../../lambdas/domain/people/user.ts'
import {
  addressesIn,
  aFullProject,
  anEmptyProject,
  pagesIn,
  type SeenProject,
} from '../../support/all-pages.ts'
import { uniqueKeyOf } from '../../../lambdas/domain/watching/check.ts'
import { closeBrowser, closePage, hasBrowser, openPage } from '../../support/browser.ts'
import { aPerson, signIn } from '../../support/people.ts'
import { base } from '../../support/stack.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let owner: User
let reader: User
let full: SeenProject
let empty: SeenProject

/** How a page looks: only in light all is looked at, as colours are all that dark changes. */
const looks = [
  { colorScheme: 'light', width: 1280, run: { runOnly: tags } },
  { colorScheme: 'light', width: 320, run: { runOnly: tags } },
  { colorScheme: 'dark', width: 320, run: { runOnly: ['color-contrast'] } },
  { colorScheme: 'dark', width: 1280, run: { runOnly: ['color-contrast'] } },
] as const

async function violations(page: Page, run: object): Promise<readonly string[]> {
  const { violations: found } = await page.evaluate<{
    readonly violations: readonly {
      readonly id: string
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
    }[]
  }>(`axe.run(${JSON.stringify(run)})`)
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

/** What is wrong with a page that is open, in all that it looks like. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const faults: string[] = []
  for (const { colorScheme, width, run } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    const place = `${colorScheme} ${width}:`
    for (const each of await violations(page, run)) faults.push(`${place} ${each}`)
    const sideways = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    if (sideways > 0) faults.push(`${place} scrolls sideways by ${sideways}`)
  }
  return faults
}

type Visit = { readonly name: string; readonly open: (page: Page) => Promise<void> }

async function visitsTo(project: SeenProject): Promise<readonly Visit[]> {
  const addresses = await pagesIn(project, owner)
  return addresses.map((address) => visit(address.slice(base.length)))
}

/** A page, or what it says once somebody has done something on it. */
function visit(path: string, mistake?: (page: Page) => Promise<void>): Visit {
  return {
    name: mistake === undefined ? path : `${path} with a mistake`,
    open: async (page) => {
      await page.goto(`${base}${path}`)
      await mistake?.(page)
    },
  }
}

/** Sends the form of a page, and waits for what is answered. */
async function send(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load')
  await page.locator('main button.main').click()
  await loaded
}

/** What is not there, and forms that are shown again with what is wrong with them. */
function mistakes(): readonly Visit[] {
  const project = `/app/p/${full.id}`
  const key = uniqueKeyOf(full.checks[0]?.uuid ?? '')
  return [
    visit('/app/nowhere'),
    visit(`${project}/?q=nothing+like+this&status=down`),
    visit(`${project}/new`, async (page) => {
      await page.locator('#schedule').fill('99 3 * * *')
      await send(page)
      await page.getByRole('alert').waitFor()
    }),
    visit(`${project}/channels/new?kind=webhook`, async (page) => {
      await send(page)
      await page.getByRole('alert').waitFor()
    }),
    visit(`${project}/c/${key}/edit`, async (page) => {
      await page.evaluate("document.querySelector('[name=version]').value = '0'")
      await page.locator('#grace').fill('3 h')
      await send(page)
      await page.getByText('Somebody else has changed this check').waitFor()
    }),
  ]
}

/** What who has not signed in sees. */
const doors: readonly Visit[] = [
  visit('/app/sign-in'),
  visit(`/app/sign-in/${'a'.repeat(43)}`),
  visit('/app/sign-in', async (page) => {
    await page.getByLabel('E-mail').fill('nobody@example.com')
    await send(page)
    await page.getByLabel('Code').fill('AAAA-AAAA')
    await send(page)
    await page.locator('.error').waitFor()
  }),
]

describe.skipIf(!hasBrowser)('every page', () => {
  beforeAll(async () => {
    ;[full, empty] = await Promise.all([aFullProject(), anEmptyProject()])
    owner = await aPerson()
    reader = await aPerson(full.id, 'read-only')
  })
  afterAll(closeBrowser)

  const kinds = {
    full: () => visitsTo(full),
    empty: () => visitsTo(empty),
    error: mistakes,
    'not signed in': () => doors,
  }

  it.each(Object.entries(kinds))(
    'has no barrier that axe sees, and fits, in light and dark, wide and narrow: %s',
    async (kind, visitsOf) => {
      const visits = await visitsOf()
      expect(visits.length).toBeGreaterThan(2)
      const opened = await openPage()
      if (kind !== 'not signed in') await signIn(opened.page.context(), owner)
      const wrong: string[] = []
      for (const { name, open } of visits) {
        await open(opened.page)
        for (const fault of await faultsOf(opened.page)) wrong.push(`${name} ${fault}`)
      }
      await closePage(opened)
      expect(wrong).toEqual([])
    },
    240_000,
  )

  it('holds nothing that its policy forbids, and shows markup as text', async () => {
    const opened = await openPage()
    await signIn(opened.page.context(), owner)
    for (const address of await pagesIn(full, owner)) {
      const html = await (await opened.page.context().request.get(address)).text()
      // What stands in a value is text, whatever it looks like.
      expect(html.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]+\s(style|on\w+)=/i)
      expect(html).not.toContain('<img src=x')
      expect(html).not.toContain('<b>')
    }
    await closePage(opened)
  })

  it('tells a reader no way to ping, and no address of a channel', async () => {
    const opened = await openPage()
    await signIn(opened.page.context(), reader)
    const { pingKey, email, checks } = full
    const secrets = [
      ...checks.flatMap(({ uuid }) => [uuid, uuid.replaceAll('-', '')]),
      ...[pingKey, '/ping/', email, 'hooks.example.com', 'hooks.slack.com', 'department.example'],
    ]
    const told: string[] = []
    for (const address of addressesIn(full)) {
      const text = await (await opened.page.context().request.get(address)).text()
      for (const secret of secrets) if (text.includes(secret)) told.push(`${address}: ${secret}`)
    }
    expect(told).toEqual([])
    await closePage(opened)
  })
})
