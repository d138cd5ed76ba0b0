import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { User } from '../../../lambdas/domain/people/user.ts'
import { uniqueKeyOf } from '../../../lambdas/domain/watching/check.ts'
import { routes } from '../../../lambdas/web/routes.ts'
import { closeBrowser, closePage, hasBrowser, openPage } from '../../support/browser.ts'
import { aPerson, signIn } from '../../support/people.ts'
import { type ApiCheck, base, createCheck, ping, request, settle } from '../../support/stack.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const markup = `<img src=x onerror=alert(1)>"'&`

/** All that answers a GET, but for what takes a mail to be seen. */
const paths = routes
  .filter(({ method, path }) => method === 'GET' && !path.includes(':token'))
  .map(({ path }) => path)

type Project = { readonly id: string; readonly apiKey: string }

let owner: User
let reader: User
let check: ApiCheck
/** Kinds of channels whose forms have, together, each sort of field. */
const formKinds = ['webhook', 'pagerduty']
/** A channel of each project, by the project's id. */
const channels = new Map<string, string>()
let full: Project
let empty: Project

/** The address of a route in a project, at its check. */
function addressOf(path: string, project: Project): string {
  const filled = path
    .replaceAll(':project', project.id)
    .replace(/:key(\{[^}]*\})?/, uniqueKeyOf(check.uuid))
    .replace(/:n(\{[^}]*\})?$/, '2')
    .replace(/:n(\{[^}]*\})?\//, '2/')
    .replace(/:kind(\{[^}]*\})?/, 'crontab')
    .replace(':channel', channels.get(project.id) ?? 'none')
  return `${base}/app${filled}`
}

/** Channels of several kinds and states in one project; the other has what it began with. */
async function addChannels(): Promise<void> {
  const down = { url: 'https://hooks.example.com/', headers: { Authorization: markup } }
  const some = [
    { kind: 'webhook', name: markup, down, up: down },
    { kind: 'slack', name: 'chat', url: 'https://hooks.slack.com/services/T0/B0/secretsecret' },
    { kind: 'email', address: 'somebody.with.a.long.address@department.example.com' },
  ]
  for (const json of some) {
    const { id } = await ofChannels('POST', full, json)
    channels.set(full.id, channels.get(full.id) ?? id ?? 'none')
  }
  const [first] = (await ofChannels('GET', empty)).channels ?? []
  channels.set(empty.id, first?.id ?? 'none')
}

type Channels = { readonly id?: string; readonly channels?: readonly { readonly id: string }[] }

async function ofChannels(method: string, { apiKey }: Project, json?: object): Promise<Channels> {
  const sent = { key: apiKey, ...(json && { json }) }
  return (await request(method, '/api/v3/channels/', sent)).json as Channels
}

/** The pages of the route table, for as many of its addresses as are known. */
async function pagesOf(project: Project, who: User): Promise<readonly string[]> {
  const opened = await openPage()
  await signIn(opened.page.context(), who)
  const found: string[] = []
  const forms = (project === full ? formKinds : []).map((kind) =>
    addressOf(`/p/:project/channels/new?kind=${kind}`, project),
  )
  for (const address of [...paths.map((path) => addressOf(path, project)), ...forms]) {
    if (/:[a-z]/.test(address.slice(base.length))) continue
    const answer = await opened.page.context().request.get(address)
    if (answer.ok() && (await answer.text()).includes('<html')) found.push(address)
  }
  await closePage(opened)
  return [...new Set(found)]
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const run = `axe.run({ runOnly: ${JSON.stringify(tags)} })`
  const { violations: found } = await page.evaluate<{
    readonly violations: readonly {
      readonly id: string
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
    }[]
  }>(run)
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

describe.skipIf(!hasBrowser)('every page', () => {
  beforeAll(async () => {
    ;[full, empty] = (await Promise.all(
      ['Full', 'Empty'].map(
        async (name) => (await request('POST', '/_local/projects', { json: { name } })).json,
      ),
    )) as [Project, Project]
    const project = full as Project & Parameters<typeof createCheck>[0]
    check = await createCheck(project, { name: markup, tags: 'prod "<b>', desc: markup })
    await createCheck(project, { name: 'db01 backup', schedule: '30 3 * * *', tz: 'Europe/Riga' })
    await ping(`${check.ping_url}/start`)
    await ping(check.ping_url, `${markup} \u202e \u0007`)
    await ping(`${check.ping_url}/fail`)
    await settle()
    await addChannels()
    owner = await aPerson()
    reader = await aPerson(full.id, 'read-only')
  })
  afterAll(closeBrowser)

  it.each(['full', 'empty'] as const)(
    'has no barrier that axe sees, and fits, in light and dark, wide and narrow: %s',
    async (kind) => {
      const project = kind === 'full' ? full : empty
      const addresses = await pagesOf(project, owner)
      expect(addresses.length).toBeGreaterThan(2)
      const wrong: string[] = []
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [1280, 320]) {
          const opened = await openPage({ colorScheme, viewport: { width, height: 800 } })
          await signIn(opened.page.context(), owner)
          for (const address of addresses) {
            const { page } = opened
            await page.goto(address)
            const place = `${address.slice(base.length)} ${colorScheme} ${width}:`
            for (const each of await violations(page)) wrong.push(`${place} ${each}`)
            const sideways = await page.evaluate<number>(
              'document.documentElement.scrollWidth - document.documentElement.clientWidth',
            )
            if (sideways > 0) wrong.push(`${place} scrolls sideways by ${sideways}`)
          }
          await closePage(opened)
        }
      expect(wrong).toEqual([])
    },
    240_000,
  )

  it('holds nothing that its policy forbids, and shows markup as text', async () => {
    const opened = await openPage()
    await signIn(opened.page.context(), owner)
    for (const address of await pagesOf(full, owner)) {
      const html = await (await opened.page.context().request.get(address)).text()
      // What stands in a value is text, whatever it looks like.
      expect(html.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]+\s(style|on\w+)=/i)
      expect(html).not.toContain('<img src=x')
      expect(html).not.toContain('<b>')
    }
    await closePage(opened)
  })

  it('tells a reader no ping URL', async () => {
    const opened = await openPage()
    await signIn(opened.page.context(), reader)
    const texts = []
    for (const path of paths) {
      const address = addressOf(path, full)
      texts.push(await (await opened.page.context().request.get(address)).text())
    }
    expect(texts.filter((text) => text.includes(check.uuid))).toEqual([])
    await closePage(opened)
  })
})
