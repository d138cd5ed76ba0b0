import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { html, type Html } from '../../../lambdas/web/html.ts'
import type { WebCall } from '../../../lambdas/web/route.ts'
import {
  closeBrowser,
  closePage,
  hasBrowser,
  openPage,
  type Watched,
} from '../../support/browser.ts'
import { type ServedPages, servePages } from '../../support/served-pages.ts'

type Row = { readonly name: string; readonly status: string }

const calm: readonly Row[] = [
  { name: 'backup', status: 'up' },
  { name: 'vacuum', status: 'up' },
]

let rows = calm
let asked: URL[] = []
let answered: number[] = []
let live: (call: WebCall) => Response | Html = part
let pages: ServedPages
let opened: Watched

function shown({ name, status }: Row): Html {
  return html`<tr data-row="${name}" data-status="${status}" data-name="${name}">
    <td><a href="c/${name}">${name}</a></td>
    <td>${status} ${name === 'backup' && html`<time>1 min ago</time>`}</td>
  </tr>`
}

function part({ context }: WebCall): Response | Html {
  const down = rows.filter(({ status }) => status === 'down').length
  const tag = `"${down}"`
  const headers = { ETag: tag, 'X-As-Of': '2026-11-30T09:12:40Z' }
  if (context.req.header('If-None-Match') === tag)
    return new Response(null, { status: 304, headers })
  const body = html`<p data-part="counts" data-down="${down}">${down} down</p>
    <table>
      ${rows.toReversed().map(shown)}
    </table>`
  return new Response(body.toString(), { headers })
}

const list = () =>
  html`<div data-live="live">
    <p data-part="counts" data-down="0">0 down</p>
    <a href="" data-changed hidden>Sort again</a>
    <time data-as-of="Europe/Riga">11:00:00</time>
    <input data-search aria-label="Search" />
    <table>
      ${rows.map(shown)}
    </table>
    <a href="new" data-shortcut="n">Add check</a>
  </div>`

const tools = () =>
  html`<pre id="line">curl example.com</pre>
    <button hidden data-copy="line">Copy</button>
    <select hidden data-zone aria-label="Zone">
      <option>UTC</option>
      <option>Europe/Riga</option>
    </select>
    <time data-zoned datetime="2026-10-25T00:30:00.000Z">25 Oct 00:30:00 (UTC+0)</time>
    <time data-zoned datetime="2026-11-30T09:00:00.000Z">30 Nov 09:00:00</time>
    <form data-preview="preview" action="slow">
      <input name="schedule" aria-label="Schedule" />
      <div data-preview-result>Nothing yet</div>
      <button data-busy="Saving …">Save</button>
    </form>`

const preview = ({ query }: WebCall) => {
  asked.push(new URL(`http://x/?schedule=${query.text('schedule')}`))
  return new Response(html`<p>Runs ${query.text('schedule')}</p>`.toString())
}

beforeAll(async () => {
  if (!hasBrowser) return
  pages = await servePages({
    '/list': list,
    '/tools': tools,
    '/preview': preview,
    '/new': () => html`<h1>New check</h1>`,
    '/live': (call) => {
      asked.push(new URL(call.context.req.url))
      const answer = live(call)
      answered.push(answer instanceof Response ? answer.status : 200)
      return answer
    },
  })
})
afterAll(async () => {
  await closeBrowser()
  await (hasBrowser ? pages.stop() : undefined)
})

describe.skipIf(!hasBrowser)('the script', () => {
  beforeEach(async () => {
    rows = calm
    asked = []
    answered = []
    live = part
    opened = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] })
    // Else it goes on while tests type.
    await opened.page.clock.install()
    await opened.page.clock.pauseAt(Date.now() + 1000)
  })
  afterEach(() => closePage(opened))

  async function visit(path: string) {
    await opened.page.goto(`${pages.url}/${path}`)
    return opened.page
  }

  /** Lets the page ask once more. */
  async function poll(ms = 15_000) {
    const before = asked.length
    await opened.page.clock.runFor(ms)
    await expect.poll(() => asked.length).toBe(before + 1)
    await expect.poll(() => opened.page.locator('[aria-busy]').count()).toBe(0)
  }

  it('turns a row down where it stands, and says so everywhere', async () => {
    const page = await visit('list')
    await page.getByRole('link', { name: 'backup' }).focus()

    rows = [{ name: 'backup', status: 'down' }, ...calm.slice(1)]
    await poll()

    expect(await page.locator('tr').first().textContent()).toContain('down')
    expect(await page.locator('tr').allTextContents()).toHaveLength(2)
    expect(await page.title()).toBe('(1 down) Checks – Overdue')
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toContain('alarm')
    expect(await page.getByRole('status').textContent()).toBe('backup is down')
    expect(await page.locator('[data-changed]').textContent()).toBe('1 changed, sort again')
    expect(await page.locator('[data-changed]').isVisible()).toBe(true)
    expect(await page.locator(':focus').textContent()).toBe('backup')
    expect(await page.locator('[data-as-of]').textContent()).toBe('11:12:40')
  })

  it('names its rows, and learns in a word that nothing has changed', async () => {
    await visit('list')

    await poll()
    await poll()

    expect(asked[0]?.searchParams.get('rows')).toBe('backup,vacuum')
    expect(answered).toEqual([200, 304])
  })

  it('asks every minute once nobody moves, and at once when somebody does', async () => {
    const page = await visit('list')
    for (let time = 0; time < 8; time += 1) await poll()

    await page.clock.runFor(45_000)
    const before = asked.length
    await page.mouse.move(10, 10)

    expect(before).toBe(8)
    await expect.poll(() => asked.length).toBe(9)
  })

  it('dims what it can not keep fresh, says so once, and recovers', async () => {
    const page = await visit('list')
    live = () => new Response(null, { status: 500 })

    await poll()
    expect(await page.getByRole('status').textContent()).toBe('Connection lost, trying again')
    expect(await page.locator('[data-stale]').count()).toBe(1)

    live = part
    await poll()
    expect(await page.getByRole('status').textContent()).toBe('')
    expect(await page.locator('[data-stale]').count()).toBe(0)
  })

  it('follows keys, but not while somebody types', async () => {
    const page = await visit('list')

    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await page.locator(':focus').textContent()).toBe('vacuum')
    await page.keyboard.press('/')
    await page.keyboard.type('vacn')
    expect(page.url()).toContain('/list')
    expect(await page.locator('tr:visible').count()).toBe(0)
    await page.getByLabel('Search').fill('vac')
    expect(await page.locator('tr:visible').allTextContents()).toHaveLength(1)
    await page.getByLabel('Search').blur()
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').textContent()).toContain('Add check')
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await page.waitForURL('**/new')
  })

  it('copies', async () => {
    const page = await visit('tools')

    await page.getByRole('button', { name: 'Copy' }).click()

    await expect.poll(() => page.getByRole('status').textContent()).toBe('Copied')
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('curl example.com')
  })

  it('shows times by another zone, with the offset where the clocks change', async () => {
    const page = await visit('tools')

    await page.getByLabel('Zone').selectOption('Europe/Riga')

    expect(await page.locator('time').allTextContents()).toEqual([
      '25 Oct 03:30:00 (UTC+3)',
      '30 Nov 11:00:00',
    ])
  })

  it('previews what is typed, once one pauses', async () => {
    const page = await visit('tools')

    await page.getByLabel('Schedule').pressSequentially('0 3 * * *')
    await page.clock.runFor(250)

    await expect
      .poll(() => page.locator('[data-preview-result]').textContent())
      .toBe('Runs 0 3 * * *')
    expect(asked).toHaveLength(1)
  })

  it('says at a button that its form is under way', async () => {
    const page = await visit('tools')
    await page.route('**/slow*', (route) => route.fulfill({ status: 204 }))

    await page.getByRole('button', { name: 'Save' }).click()
    await page.clock.runFor(300)

    const button = page.locator('form[data-preview] button')
    await expect.poll(() => button.textContent()).toBe('Saving …')
    expect(await button.isDisabled()).toBe(true)
  })
})
