import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { hour, minute } from '../support/builders.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let person: Person
let path: string
let [downId, upId] = ['', '']

beforeAll(async () => {
  web = await makeTestWeb()
  const { project, apiKey } = await web.project()
  person = await web.person(project.id)
  path = `/app/p/${project.id}/`
  const made = async (json: object) =>
    (await web.call('POST', '/api/v3/checks/', { key: apiKey, json })).json.uuid
  upId = await made({ name: 'fine', tags: 'prod', timeout: 86_400 })
  downId = await made({ name: 'broken', tags: 'prod db', timeout: 3600, grace: 600 })
  await made({ name: '<b>new</b>' })
  await web.ping(upId)
  await web.ping(downId)
  web.time.now += 2 * hour
})
afterAll(() => web.stop())

/** The names of the checks that a page lists, in its order. */
async function listed(query = ''): Promise<readonly (string | undefined)[]> {
  const { text } = await web.get(`${path}${query}`, person)
  return [...text.matchAll(/data-status="([a-z]+)" data-name="([^"]+)"/g)].map(
    ([, status, name]) => `${status} ${name}`,
  )
}

describe('the page of checks', () => {
  it('lists them, worst first, with their names as text', async () => {
    expect(await listed()).toEqual(['down broken', 'up fine', 'new &lt;b&gt;new&lt;/b&gt;'])
  })

  it.each([
    ['?status=up', ['up fine']],
    ['?tag=prod', ['down broken', 'up fine']],
    ['?tag=prod&tag=db', ['down broken']],
    ['?q=BROK', ['down broken']],
    ['?sort=name&status=new', ['new &lt;b&gt;new&lt;/b&gt;']],
    ['?flipped=', ['down broken', 'up fine']],
    ['?q=nothing+like+this', []],
  ])('shows for %s what matches', async (query, names) => {
    expect(await listed(query)).toEqual(names)
  })

  it('says what matches nothing, and where all are', async () => {
    const { text } = await web.get(`${path}?q=vault&status=down`, person)

    expect(text).toContain('No check matches “vault” that is down.')
    expect(text).toContain('Show all 3 checks')
  })

  it('says that nothing has changed lately, where nothing has', async () => {
    const { project, apiKey } = await web.project()
    await web.call('POST', '/api/v3/checks/', { key: apiKey, json: { timeout: 3600 } })

    const { text } = await web.get(`/app/p/${project.id}/?flipped=`, await web.person(project.id))

    expect(text).toContain('No check matches that changed in 24 h.')
  })

  it('calls a run under way running, and late only after its deadline', async () => {
    const { project, apiKey } = await web.project()
    const json = { name: 'long', timeout: 86_400, grace: 86_400 }
    const { uuid } = (await web.call('POST', '/api/v3/checks/', { key: apiKey, json })).json
    await web.ping(uuid)
    await web.ping(uuid, 'start')
    web.time.now += minute

    const { text } = await web.get(`/app/p/${project.id}/`, await web.person(project.id))

    web.time.now -= minute
    expect(text).toMatch(/<td data-label="Next">\s*running\s*</)
  })

  it('has no block in a paragraph, which would end it', async () => {
    const { text } = await web.get(path, person)

    expect(text).not.toMatch(/<p\b(?:(?!<\/p>)[^])*<(nav|div|table)\b/)
  })

  it('has no UUID, and adds nothing for who may only look', async () => {
    const reader = await web.person(path.split('/')[3] ?? '', 'read-only')

    const { text } = await web.get(path, reader)

    expect(text).not.toContain(upId)
    expect(text).not.toContain('Add check')
    expect((await web.get(path, person)).text).toContain('Add check')
  })

  it('is not there for strangers', async () => {
    const { project } = await web.project()

    expect((await web.get(path, await web.person(project.id))).status).toBe(404)
  })
})

describe('a project without checks', () => {
  it('says what a check is, and makes one of a name and a schedule', async () => {
    const { project } = await web.project()
    const owner = await web.person(project.id)
    const { text } = await web.get(`/app/p/${project.id}/`, owner)
    const action = /<form method="post" action="([^"]+)"/.exec(text.split('<main')[1] ?? '')?.[1]
    const names = [...text.matchAll(/<input[^>]* name="([a-z]+)"/g)].map(([, name]) => name)

    const form = { name: 'nightly', schedule: '30 3 * * *' }
    const { headers } = await web.post(action ?? '', form, owner)
    const check = await web.get(headers['location'] ?? '', owner)

    expect(text).toContain('A check stands for one job')
    expect(names).toEqual(['name', 'schedule'])
    expect(check.text).toContain('Waiting for the first ping …')
    expect(check.text).toContain('30 3 * * *')
  })

  it('offers nothing to who may only look', async () => {
    const { project } = await web.project()
    const reader = await web.person(project.id, 'read-only')

    const { text } = await web.get(`/app/p/${project.id}/`, reader)

    expect(text).toContain('Somebody who may change this project can add the first check.')
    expect(text).not.toContain('name="schedule"')
  })
})

describe('the events of a project', () => {
  it('are the flips of all its checks, newest first', async () => {
    const at = web.time.now - hour
    const down = { at, count: 1, status: 'down', from: 'up', reason: 'timeout' } as const
    const up = { at: at + minute, count: 1, status: 'up', from: 'down', reason: '' } as const
    const entries = [
      { checkId: downId, flip: { checkId: downId, ...down } },
      { checkId: upId, flip: { checkId: upId, ...up, downSinceAt: at } },
    ]
    await web.journal.put(entries, web.time.now / 1000 + 86_400)

    const { text } = await web.get(`${path}events`, person)

    const [recovery, outage] = ['It came up again after 1 minute', 'No ping came in time']
    expect(text).toContain(recovery)
    expect(text.indexOf(outage)).toBeGreaterThan(text.indexOf(recovery))
  })
})

describe('a fresh part of it', () => {
  it('has the counts and the rows that are asked for', async () => {
    const key = uniqueKeyOf(downId)

    const { text, headers } = await web.get(`${path}live?rows=${key},unknown`, person)

    expect(text).toContain('data-down="1"')
    expect([...text.matchAll(/data-row="([^"]+)"/g)].map(([, row]) => row)).toEqual([key])
    expect(headers['x-as-of']).toBe(new Date(web.time.now).toISOString())
  })

  it('is not sent again while nothing has changed', async () => {
    const target = `${path}live?rows=${uniqueKeyOf(upId)}`
    const { headers } = await web.get(target, person)
    const known = { 'if-none-match': headers['etag'] }

    const same = await web.visit('GET', target, { as: person, headers: known })
    web.time.now += minute
    const later = await web.visit('GET', target, { as: person, headers: known })

    expect([same.status, same.text]).toEqual([304, ''])
    expect(later.status).toBe(200)
  })
})

describe('the projects', () => {
  it('lead to the checks of the only one', async () => {
    const { status, headers } = await web.get('/app/', person)

    expect([status, headers['location']]).toEqual([303, path])
  })

  it('are shown with their counts where there are several', async () => {
    const { project } = await web.project()
    const owner = await web.person('*')

    const { text } = await web.get('/app/', owner)

    expect(text.indexOf(path)).toBeLessThan(text.indexOf(project.id))
    expect(text).toMatch(/Down\s+1</)
    expect(text).toContain('No check yet')
  })
})
