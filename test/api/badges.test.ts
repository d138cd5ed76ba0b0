import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { random } from '../../lambdas/runtime/random.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { type Json, makeTestApi } from '../support/api.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let project: CreatedProject

beforeAll(async () => {
  api = await makeTestApi()
  project = await api.project()
})
afterAll(() => api.stop())

type Urls = Readonly<Record<'svg' | 'svg3' | 'json' | 'json3' | 'shields' | 'shields3', string>>

async function badgesOf({
  apiKeyReadonly: key,
}: CreatedProject): Promise<Readonly<Record<string, Urls>>> {
  return (
    (await api.call('GET', '/api/v3/badges/', { key })).json as Json & {
      readonly badges: Readonly<Record<string, Urls>>
    }
  ).badges
}

async function aTagged(
  tags: string,
  fields: object = {},
): Promise<{ readonly check: Json; readonly urls: Urls }> {
  const check = await aCheck({ tags, ...fields })
  const urls = (await badgesOf(project))[tags]
  if (urls === undefined) throw new Error(`there is no badge of ${tags}`)
  return { check, urls }
}

async function aCheck(json: object): Promise<Json & { readonly badge_url: string }> {
  return (await api.call('POST', '/api/v3/checks/', { key: project.apiKey, json })).json as Json & {
    readonly badge_url: string
  }
}

function get(url: string) {
  return api.call('GET', url.replace('https://api.example.com', ''))
}

describe('the badges of a project', () => {
  it('are listed by tag, and for all checks', async () => {
    const own = await api.project()
    for (const tags of ['web db', ' db\tweb ', '__proto__'])
      await api.call('POST', '/api/v3/checks/', { key: own.apiKey, json: { tags } })

    const badges = await badgesOf(own)

    expect(Object.keys(badges)).toEqual(['*', '__proto__', 'db', 'web'])
    expect(Object.keys(badges['web'] ?? {}).sort()).toEqual([
      'json',
      'json3',
      'shields',
      'shields3',
      'svg',
      'svg3',
    ])
    expect((await get(badges['*']?.json3 ?? '')).json).toEqual({
      status: 'up',
      total: 3,
      grace: 0,
      down: 0,
    })
    expect((await get(badges['web']?.json ?? '')).json).toEqual({
      status: 'up',
      total: 2,
      grace: 0,
      down: 0,
    })
  })

  it.each(['db@dc1', 'a/b', '100%', '%41', 'x#y?z', 'Zürich', 'dots.svg', '..'])(
    'work for the tag %s',
    async (tag) => {
      const { urls } = await aTagged(tag)

      expect((await get(urls.shields)).json).toEqual({
        schemaVersion: 1,
        label: tag,
        message: 'up',
        color: 'success',
      })
    },
  )

  it('work when a front has decoded their path', async () => {
    const { urls } = await aTagged('a/b#c')

    expect((await get(decodeURIComponent(urls.json))).json).toMatchObject({
      status: 'up',
      total: 1,
    })
  })

  it('do not say more than their signature allows', async () => {
    const { urls } = await aTagged('public')
    await aTagged('private')

    expect((await get(urls.svg.replace('public', 'private'))).status).toBe(404)
    expect((await get(urls.svg.replace('/public', ''))).status).toBe(404)
    expect(urls.svg).not.toContain(project.project.badgeKey)
  })

  it.each([
    `/badge/${random.uuid()}/abcdefgh.svg`,
    '/badge/short/abcdefgh.svg',
    `/badge/${'x'.repeat(3000)}/abcdefgh/tag.svg`,
    '/badge/',
    '/b/2/',
  ])('are not found at %s', async (path) => {
    expect((await api.call('GET', path)).status).toBe(404)
  })

  it('call a late check late in three states, up in two', async () => {
    const { check, urls } = await aTagged('late', { timeout: 60, grace: 3600 })
    await api.ping(check.uuid)
    api.time.now += 120_000

    expect((await get(urls.json)).json).toEqual({ status: 'up', total: 1, grace: 1, down: 0 })
    expect((await get(urls.json3)).json).toEqual({ status: 'late', total: 1, grace: 1, down: 0 })
    expect((await get(urls.shields3)).json).toMatchObject({ message: 'late', color: 'important' })
    expect((await get(urls.svg3)).bytes.toString()).toContain('#fe7d37')
  })

  it('have two states only with -2 right behind the signature', async () => {
    const { check, urls } = await aTagged('signed', { timeout: 60, grace: 3600 })
    await api.ping(check.uuid)
    api.time.now += 120_000
    const statusOf = async (suffix: string) =>
      (await get(urls.json3.replace('/signed', `${suffix}/signed`))).json.status

    expect(await Promise.all(['', 'x', 'x-2', '-2x', '-2'].map(statusOf))).toEqual([
      'late',
      'late',
      'late',
      'late',
      'up',
    ])
  })
})

describe('a badge of many checks', () => {
  let many: CreatedProject
  let url: string
  let reads: string[]
  let look: typeof api.call

  beforeAll(async () => {
    many = await api.project()
    for (let count = 0; count < 21; count += 1) {
      await api.call('POST', '/api/v3/checks/', {
        key: many.apiKey,
        json: { tags: count < 2 ? 'few' : '' },
      })
    }
    url = ((await badgesOf(many))['few']?.json ?? '').replace('https://api.example.com', '')
    const registry = new Proxy(api.registry, {
      get(target, name) {
        reads.push(String(name))
        const member: unknown = Reflect.get(target, name)
        return typeof member === 'function' ? (member.bind(target) as unknown) : member
      },
    })
    look = api.makeCall({
      registry,
      clock: { now: () => api.time.now, waitUntil: () => Promise.resolve() },
    })
  })
  beforeEach(() => {
    reads = []
    api.time.now += 86_400_000
  })

  it('is read from one small item while that is fresh', async () => {
    const [first, second] = [await look('GET', url), await look('GET', url)]

    expect(second.json).toEqual({ status: 'up', total: 2, grace: 0, down: 0 })
    expect(second.json).toEqual(first.json)
    expect(reads).toEqual(['project', 'census', 'checks'])
  })

  it('is counted again once that is too old', async () => {
    await look('GET', url)
    const check = (await api.registry.checks(many.project.id)).find(({ tags }) => tags === 'few')
    await api.ping(check?.id ?? '', 'fail')

    expect((await look('GET', url)).json).toMatchObject({ down: 0 })
    api.time.now += 1000
    expect((await look('GET', url)).json).toMatchObject({ down: 1 })
  })

  it('is counted once for all who look at the same time', async () => {
    const badges = await Promise.all(Array.from({ length: 8 }, () => look('GET', url)))

    expect(badges.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    expect(reads.filter((what) => what === 'checks')).toHaveLength(1)
  })

  it('is not found with another signature, however fresh it is', async () => {
    await look('GET', url)

    expect((await look('GET', url.replace(/(\/badge\/[^/]+\/)[^/]/, '$1~'))).status).toBe(404)
  })
})

describe('the badge of a check', () => {
  it('shows its status to everybody', async () => {
    const { uuid, badge_url: url } = await aCheck({ name: 'backup' })
    await api.ping(uuid, 'fail')

    const badge = await get(url)

    expect(badge).toMatchObject({
      status: 200,
      headers: { 'content-type': 'image/svg+xml', 'access-control-allow-origin': '*' },
    })
    expect(badge.headers['cache-control']).toBe(
      'max-age=0, no-cache, no-store, must-revalidate, private',
    )
    expect(badge.bytes.toString()).toContain('<title>backup: down</title>')
    expect((await get(url.replace('.svg', '.json'))).json).toEqual({
      status: 'down',
      total: 1,
      grace: 0,
      down: 1,
    })
  })

  it('escapes a name in every place, and leaves out what XML cannot spell', async () => {
    const { badge_url: url } = await aCheck({ name: '</title><script>"&\'\u0000\u0007\uffff' })

    const text = (await get(url)).bytes.toString()

    expect(text).not.toContain('<script')
    expect(text).toContain('&lt;/title&gt;&lt;script&gt;&quot;&amp;&#39;')
    expect(text).not.toMatch(/[^\P{Cc}\n]|\uffff/u)
  })

  it('is not found by the UUID of the check, in another format, or once the check is gone', async () => {
    const { uuid, badge_url: url } = await aCheck({})
    const statusOf = async (path: string) => (await get(path)).status

    expect(await statusOf(url)).toBe(200)
    expect(await statusOf(`/b/2/${uuid}.svg`)).toBe(404)
    expect(await statusOf(url.replace('.svg', '.png'))).toBe(404)
    expect(await statusOf(url.replace('.svg', ''))).toBe(404)
    await api.call('DELETE', `/api/v3/checks/${uuid}`, { key: project.apiKey })
    expect(await statusOf(url)).toBe(404)
  })

  it('takes GET only', async () => {
    const { badge_url: url } = await aCheck({})
    const path = url.replace('https://api.example.com', '')

    expect((await api.call('OPTIONS', path)).status).toBe(204)
    for (const method of ['HEAD', 'POST', 'DELETE'])
      expect((await api.call(method, path)).status).toBe(405)
  })
})
