import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let reader: Person
let uuid: string
let path: string

beforeAll(async () => {
  web = await makeTestWeb()
  const { project, apiKey } = await web.project()
  reader = await web.person(project.id, 'read-only')
  const json = { name: 'nightly', tags: 'db prod' }
  uuid = (await web.call('POST', '/api/v3/checks/', { key: apiKey, json })).json.uuid
  path = `/app/p/${project.id}/badges`
})
afterAll(() => web.stop())

/** Where the badge that a page shows is. */
async function badgeOn(query: string): Promise<string> {
  const { text } = await web.get(`${path}${query}`, reader)
  return /<img src="([^"]+)" alt="How/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
}

describe('the page of badges', () => {
  it.each([
    ['all checks', '', 'up'],
    ['all checks, with three states', '?states=3', 'up'],
    ['a tag', '?of=tag+db', 'up'],
    ['a tag, with three states', '?of=tag+db&states=3', 'up'],
  ])('shows the badge of %s, which the API serves', async (_, query, status) => {
    const url = new URL(await badgeOn(query))
    const { json } = await web.call('GET', url.pathname.replace('.svg', '.json'))

    expect(json).toMatchObject({ status, total: 1 })
  })

  it.each(['2', '3'])('shows that of a check with %s states, without its UUID', async (states) => {
    const of = uniqueKeyOf(uuid)
    const url = new URL(await badgeOn(`?of=${of}&states=${states}`))
    const answer = await web.call('GET', url.pathname)

    expect([answer.status, url.pathname.split('/')[2]]).toEqual([200, states])
    expect((await web.get(`${path}?of=${of}`, reader)).text).not.toContain(uuid)
  })

  it('says that a tag is gone', async () => {
    const { status, text } = await web.get(`${path}?of=tag+gone`, reader)

    expect(status).toBe(200)
    expect(text).toContain('There is no such check or tag any more.')
  })

  it('lets a browser show badges, which are of another host', async () => {
    const { headers } = await web.get(path, reader)

    expect(headers['content-security-policy']).toContain("img-src 'self' https://api.example.com;")
  })
})
