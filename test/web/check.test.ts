import type { LoggedCheck } from '../../lambdas/domain/watching/check.ts'
import fc from 'fast-check'
import { parseFragment } from 'parse5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import type { LoggedPing } from '../../lambdas/domain/watching/ping.ts'
import { pingsTable } from '../../lambdas/web/pages/check-log.ts'
import { pingPage } from '../../lambdas/web/pages/check-ping.ts'
import { aDelivery, anAlert } from '../support/alerts.ts'
import { aBody, aCheck, minute, start } from '../support/builders.ts'
import { but } from '../support/but.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let owner: Person
let reader: Person
let secrets: readonly string[]
let apiKey: string
let projectId: string

beforeAll(async () => {
  web = await makeTestWeb()
  const created = await web.project()
  apiKey = created.apiKey
  projectId = created.project.id
  secrets = [created.project.pingKey, created.channel.address, 'ping.example.com']
  owner = await web.person(projectId)
  reader = await web.person(projectId, 'read-only')
})
afterAll(() => web.stop())

const day = 86_400_000
const expiresAt = start / 1000 + 86_400 * 90

function aLoggedPing(number: number, changes: Partial<LoggedPing> = {}): LoggedPing {
  return {
    number,
    type: number % 2 === 1 ? 'start' : 'success',
    at: start + number * 1000,
    scheme: 'https',
    method: 'GET',
    address: '198.51.100.7',
    userAgent: 'curl/8',
    bodyBytes: 0,
    ...changes,
  }
}

/** A check of the project, with a log. */
async function aStoredCheck(name: string, pings: readonly LoggedPing[] = [], json: object = {}) {
  const wanted = { name, slug: 'nightly', timeout: 3600, grace: 600, channels: '*', ...json }
  const { uuid } = (await web.call('POST', '/api/v3/checks/', { key: apiKey, json: wanted })).json
  const entries = pings.map((ping) => ({ checkId: uuid, ping }))
  await web.journal.put(entries, expiresAt)
  return { uuid, path: `/app/p/${projectId}/c/${uniqueKeyOf(uuid)}` }
}

function numbersIn(text: string): readonly (string | undefined)[] {
  return [...text.matchAll(/data-label="No\." class="number">(\d+)</g)].map(([, each]) => each)
}

describe('the page of a check', () => {
  it('reads side by side: the project and the user, then all about the check', async () => {
    const { path } = await aStoredCheck('quick')
    const [project, pings] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()]
    const visit = web.makeVisit({
      registry: but(web.registry, {
        project: (id: string) => {
          project.resolve(null)
          return web.registry.project(id)
        },
      }),
      users: but(web.users, {
        visit: async (id: string) => {
          await project.promise
          return web.users.visit(id)
        },
      }),
      heartbeats: but(web.heartbeats, {
        read: async (id: string) => {
          await pings.promise
          return web.heartbeats.read(id)
        },
      }),
      journal: but(web.journal, {
        pings: (check: LoggedCheck, limit: number, now: number) => {
          pings.resolve(null)
          return web.journal.pings(check, limit, now)
        },
      }),
    })

    expect((await visit('GET', path, { as: owner })).status).toBe(200)
  })

  it('waits for the first ping beside a snippet, and says when one came', async () => {
    const { uuid, path } = await aStoredCheck('db01 backup')

    const before = await web.get(path, owner)
    await web.ping(uuid)
    const after = await web.get(`${path}/live`, owner)

    expect(before.status).toBe(200)
    expect(before.text).toContain('Waiting for the first ping')
    expect(before.text).not.toContain('Last 90 days')
    expect(before.text).not.toContain('a channel that is gone')
    expect(before.text).toMatch(/New<\/span\s*>: no ping has come yet/)
    expect(before.text).toContain(`/path/to/job; curl`)
    expect(before.text).toContain(`https://ping.example.com/ping/${uuid}/start`)
    expect(after.text).not.toContain('Waiting')
    expect(after.text).toContain('data-status="up"')
    expect(after.text).toContain('data-pinged')
  })

  it('shows the ping key in a snippet when it is asked for, and not before', async () => {
    const { path } = await aStoredCheck('by slug')
    const [pingKey = ''] = secrets

    const masked = await web.get(`${path}/snippets/python?by=slug`, owner)
    const shown = await web.get(`${path}/snippets/python?by=slug&key=show`, owner)

    expect(masked.text).toContain('/PING-KEY/nightly')
    expect(masked.text).not.toContain(pingKey)
    expect(shown.text).toContain(`/${pingKey}/nightly`)
  })

  it('shows the address that mails ping, where they do', async () => {
    const { uuid, path } = await aStoredCheck('by mail')
    const withMails = web.makeVisit({ pingEmailDomain: 'mail.example.com' })
    const mailOf = async (query: string) =>
      (await withMails('GET', `${path}?kind=mail${query}`, { as: owner })).text

    expect(await mailOf('')).toContain(`${uuid}@mail.example.com`)
    expect(await mailOf('&by=slug')).toContain('PING-KEY+nightly@mail.example.com')
    expect((await web.get(path, owner)).text).not.toContain('value="mail"')
    expect((await web.get(`${path}/snippets/mail`, owner)).status).toBe(404)
  })

  it('shows who may only look no way to ping, no body and no address', async () => {
    const body = aLoggedPing(2, { bodyBytes: 4 })
    const { uuid, path } = await aStoredCheck('secret', [aLoggedPing(1), body])
    await web.journal.putBody(
      { checkId: uuid, number: 2, at: start },
      aBody('body of ping'),
      expiresAt,
    )

    const paths = ['', '/live', '/log', '/events', '/pings/2', '/pings/2/body', '/snippets/bash']
    const answers = await Promise.all(paths.map((rest) => web.get(`${path}${rest}`, reader)))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 403, 403, 403])
    for (const secret of [...secrets, uuid, 'body of ping'])
      expect(answers.filter(({ text }) => text.includes(secret))).toEqual([])
    expect(answers[0]?.text).not.toContain('<form method="post" action="/app/p/')
  })

  it('tells the words of a service to those only who may see addresses', async () => {
    const { uuid, path } = await aStoredCheck('not told')
    const at = web.time.now
    const told = aDelivery({ alert: anAlert({ flip: { checkId: uuid, at } }) })
    const terms = { claimant: 'one', now: at, leaseUntil: at + minute, expiresAt }
    await web.deliveries.claim(told, terms)
    await web.deliveries.release(told, { claimant: 'one', at, error: 'no mailbox oncall@' })

    const seenBy = (person: Person) =>
      Promise.all(
        ['', '/events'].map(async (rest) => (await web.get(`${path}${rest}`, person)).text),
      )
    const [known, open] = [await seenBy(owner), await seenBy(reader)]

    for (const text of known) expect(text).toContain('no mailbox oncall@')
    for (const text of open) expect(text).not.toContain('oncall@')
    for (const text of open) expect(text).toContain('could not be told yet')
  })

  it('tells runs on time from time up: one missed of three is not a third of the time', async () => {
    const json = { schedule: '0 0 * * *', tz: 'UTC', grace: 600 }
    const { uuid, path } = await aStoredCheck('nightly', [], { ...json, slug: 'on-time' })
    await web.ping(uuid)
    const midnight = Math.ceil(web.time.now / day) * day
    const missed = { at: midnight + day + 600_000, status: 'down', from: 'up' } as const
    const late = { at: missed.at + 1000, status: 'up', from: 'down' } as const
    const flips = [missed, late].map((flip, index) => ({
      checkId: uuid,
      flip: { checkId: uuid, count: 1 + index, reason: '', ...flip } as const,
    }))
    await web.journal.put(flips, expiresAt + 86_400)
    web.time.now = midnight + 2 * day + 1000
    await web.ping(uuid)
    web.time.now += 3_600_000

    const { text } = await web.get(path, owner)

    expect(text).toMatch(/Runs on time<\/th>\s*<td class="number">66.66 % \(2 of 3\)/)
    expect(text).toMatch(/Time up<\/th>\s*<td class="number">99.99 %/)
  })

  it('tells how long it was down where it came up again', async () => {
    const { uuid, path } = await aStoredCheck('recovered', [], { slug: 'recovered' })
    const at = web.time.now
    const flip = { checkId: uuid, at, count: 1, status: 'up', from: 'down', reason: '' } as const
    await web.journal.put(
      [{ checkId: uuid, flip: { ...flip, downSinceAt: at - 3_600_000 } }],
      expiresAt + 86_400,
    )

    const { text } = await web.get(`${path}/events`, owner)

    expect(text).toMatch(/Up<\/span\s*> was down for 1 h\s*</)
  })

  it('tells the numbers of its charts', async () => {
    const pings = [
      aLoggedPing(1),
      aLoggedPing(2, { at: start + 61_000 }),
      aLoggedPing(3, { at: start + 100_000 }),
      aLoggedPing(4, { at: start + 130_000, type: 'fail', exitStatus: 3 }),
    ]
    const { path } = await aStoredCheck('charts', pings)

    const { text } = await web.get(path, owner)

    expect(text).toContain('2 runs: median 30 s, 95 % within 1 min, longest 1 min, last 30 s')
    expect(text).toContain('1 failed')
    expect(text).toContain('Failure, exit status 3')
  })

  it('brings log and events along when its state changes, and asks soon until they are there', async () => {
    const { uuid, path } = await aStoredCheck('followed', [], { slug: 'followed' })
    await web.ping(uuid)

    const behind = await web.get(`${path}/live`, owner)
    await web.journal.put(
      [{ checkId: uuid, ping: aLoggedPing(1, { at: web.time.now }) }],
      expiresAt,
    )
    const logged = await web.get(`${path}/live`, owner)
    web.time.now += 60_000
    const settled = await web.get(`${path}/live`, owner)

    expect(numbersIn(behind.text)).toEqual([])
    expect(numbersIn(logged.text)).toEqual(['1'])
    expect([behind, logged, settled].map(({ headers }) => headers['etag'] !== undefined)).toEqual([
      false,
      false,
      true,
    ])
    expect([behind, settled].map(({ text }) => text.includes('data-live-soon'))).toEqual([
      true,
      false,
    ])
    for (const part of ['history', 'tells', 'log', 'events'])
      expect(logged.text).toContain(`data-part="${part}"`)
  })

  it('says by the clocks of its schedule why it is what it is', async () => {
    const json = { schedule: '30 3 * * *', tz: 'Europe/Riga', slug: 'clocks' }
    const { uuid, path } = await aStoredCheck('nightly', [], json)
    await web.ping(uuid)

    const { text } = await web.get(path, owner)

    expect(text).toMatch(/class="sentence">[^]*\(Europe\/Riga\)[^]*03:30[^]*<\/p>/)
  })

  it('answers a poll that brings nothing new with a few bytes', async () => {
    const { path } = await aStoredCheck('polled')
    const first = await web.get(`${path}/live`, owner)
    const tag = first.headers['etag'] ?? ''

    const second = await web.visit('GET', `${path}/live`, {
      as: owner,
      headers: { 'if-none-match': tag },
    })

    expect([first.status, second.status, second.text]).toEqual([200, 304, ''])
  })

  it.each(['x', 'f'.repeat(40), 'f'.repeat(3000)])('is not there by %.50s', async (key) => {
    const answers = await Promise.all(
      ['', '/live', '/log', '/pings/x', '/pings/1/body', '/delete'].map((rest) =>
        web.get(`/app/p/${projectId}/c/${key}${rest}`, owner),
      ),
    )

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]))
  })

  it('does not exist for another project', async () => {
    const { path } = await aStoredCheck('hidden')
    const other = (await web.project()).project.id
    const stranger = await web.person(other)

    const answers = await Promise.all([
      web.get(path, stranger),
      web.get(path.replace(projectId, other), stranger),
    ])

    expect(answers.map(({ status }) => status)).toEqual([404, 404])
  })
})

describe('what people type', () => {
  it('is text on every page of a check', async () => {
    const odd = `</title><img src=x onerror=alert(1)>"'&\u202E`
    const { path } = await aStoredCheck(odd, [aLoggedPing(1, { userAgent: odd })], {
      tags: '<b>one</b>',
      desc: odd,
    })

    for (const rest of ['', '/live', '/log', '/events', '/snippets/bash', '/delete']) {
      const { status, text } = await web.get(`${path}${rest}`, owner)
      expect([rest, status]).toEqual([rest, 200])
      expect(tagNamesIn(parseFragment(text))).not.toContain('img')
      expect(tagNamesIn(parseFragment(text))).not.toContain('b')
    }
  })
})

describe('the log', () => {
  it('goes on from page to page, of all pings or of a type', async () => {
    const pings = Array.from({ length: 240 }, (_, index) =>
      aLoggedPing(index + 1, { at: start + index * 10 * minute }),
    )
    const { path } = await aStoredCheck('long', pings)

    const first = await web.get(`${path}/log`, owner)
    const older = /href="([^"]*before=[^"]*)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await web.get(older, owner)
    const starts = await web.get(`${path}/log?type=start`, owner)

    expect(numbersIn(first.text)).toHaveLength(100)
    expect(numbersIn(first.text).at(0)).toBe('240')
    expect(numbersIn(second.text).at(0)).toBe('140')
    expect(numbersIn(starts.text).at(0)).toBe('239')
    expect(starts.text).not.toContain('Success</span')
  })

  it('goes back to a day', async () => {
    const pings = [1, 2, 3].map((number) => aLoggedPing(number, { at: start + number * day }))
    const { uuid, path } = await aStoredCheck('by day', pings)
    for (const _ of pings) await web.ping(uuid)

    const second = new Date(start + 2 * day).toISOString().slice(0, 10)
    const { text } = await web.get(`${path}/log?until=${second}`, owner)

    expect(numbersIn(text)).toEqual(['2', '1'])
  })
})

describe('a body', () => {
  it('is shown as text and saved as text', async () => {
    const { uuid, path } = await aStoredCheck('bodies', [aLoggedPing(1, { bodyBytes: 9 })])
    await web.journal.putBody(
      { checkId: uuid, number: 1, at: start },
      aBody('<b>\u202Eab\u0007</b>'),
      expiresAt,
    )

    const page = await web.get(`${path}/pings/1`, owner)
    const saved = await web.get(`${path}/pings/1/body`, owner)

    expect(page.text).toContain('&lt;b&gt;ab\uFFFD&lt;/b&gt;')
    expect(saved.text).toBe('<b>\u202Eab\u0007</b>')
    expect(saved.headers).toMatchObject({
      'content-type': 'text/plain',
      'content-disposition': 'attachment; filename="ping-1.txt"',
      'x-content-type-options': 'nosniff',
    })
  })

  it('makes no element, and neither does who sent it', () => {
    const project = { id: 'p', name: '', pingKey: '', badgeKey: '', checkLimit: 1, createdAt: 0 }
    const timeZone = 'UTC'
    const elementsOf = (typed: string) => {
      const ping = aLoggedPing(1, { userAgent: typed, address: typed, bodyBytes: 1 })
      const seen = { project, check: aCheck({ name: typed }), reader: { now: start, timeZone } }
      const page = pingPage({ ...seen, ping, body: aBody(typed) }).content
      const table = pingsTable({ ...seen, role: 'owner' }, [ping], [ping])
      return countElements(parseFragment(`${page.toString()}${table.toString()}`))
    }
    const odd = ['<', '>', '"', "'", '&', '/', 'script', '<img src=x onerror=', '\n', 'a', ' ']
    const texts = fc.string({ unit: fc.constantFrom(...odd), minLength: 1, maxLength: 20 })
    const plain = elementsOf('a')

    fc.assert(fc.property(texts, (text) => elementsOf(`a${text}`) === plain))
  })
})

type Node = { readonly tagName?: string; readonly childNodes?: readonly unknown[] }

function countElements(node: Node): number {
  return tagNamesIn(node).length
}

function tagNamesIn(node: Node): readonly string[] {
  const own = node.tagName === undefined ? [] : [node.tagName]
  return [...own, ...((node.childNodes ?? []) as readonly Node[]).flatMap(tagNamesIn)]
}
