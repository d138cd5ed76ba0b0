import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { type Json, makeTestApi } from '../support/api.ts'
import { hour } from '../support/builders.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let project: CreatedProject

beforeAll(async () => {
  api = await makeTestApi()
  project = await api.project()
})
afterAll(() => api.stop())

type Shown = Json & { readonly held?: string; readonly badge_url: string }

const call = async (method: string, path: string, json?: object) =>
  (await api.call(method, `/api/v3${path}`, { key: project.apiKey, json })).json as Shown

const aCheck = (json: object = {}) => call('POST', '/checks/', { timeout: 3600, ...json })
const read = (id: string) => call('GET', `/checks/${id}`)
const listed = async (id: string, key = project.apiKey) =>
  (await api.call('GET', '/api/v3/checks/', { key })).json.checks.find(
    ({ uuid, unique_key: unique }) => [uuid, unique].includes(id),
  ) as Shown | undefined

/** Windows reach heartbeats by the registry's stream, which is not there. */
async function inWindow(id: string): Promise<void> {
  const projectId = project.project.id
  const since = Math.floor(api.time.now / 1000)
  const window = {
    id: api.random.uuid(),
    number: 0,
    since,
    name: 'patch sunday',
    tags: '',
    lengthSeconds: 7200,
    times: { kind: 'once', startAt: api.time.now - hour },
  } as const
  await api.operations.putWindows(projectId, { revision: since, windows: [window] })
  await api.heartbeats.setWindows(id, { projectId, revision: since, numbers: [0] }, since + 1)
  // What was read of the windows of a project before is used for a while.
  api.time.now += 6000
}

async function gauges(): Promise<string> {
  const path = `/projects/${project.project.id}/metrics/${project.apiKeyReadonly}`
  return (await api.call('GET', path)).bytes.toString()
}

describe('what holds the alerts of a check', () => {
  it('is told while the check is down, in the list as well', async () => {
    const { uuid: id } = await aCheck()
    const text = { held: 'snoozed' }

    await call('POST', `/checks/${id}/snooze`, { seconds: 600 })
    expect(await read(id)).not.toHaveProperty('held')
    await api.ping(id, 'fail')
    expect(await read(id)).toMatchObject(text)
    expect(await listed(id)).toMatchObject(text)
    expect(await gauges()).toMatch(/^hc_check_held\{.*\} 1$/m)
    await call('DELETE', `/checks/${id}/snooze`)

    expect(await read(id)).not.toHaveProperty('held')
    expect(await gauges()).not.toContain('hc_check_held')
  })

  it('is a check that it depends on, by its name', async () => {
    const { uuid: parent } = await aCheck({ name: 'db' })
    const { uuid: id } = await aCheck({ rules: { depends_on: [parent] } })
    await api.ping(id, 'fail')

    expect(await read(id)).not.toHaveProperty('held')
    await api.ping(parent, 'fail')

    expect(await read(id)).toHaveProperty('held', 'depends on db')
    expect(await listed(id)).toHaveProperty('held', 'depends on db')
    expect(await read(parent)).not.toHaveProperty('held')
    await call('DELETE', `/checks/${parent}`)
    expect(await read(id)).not.toHaveProperty('held')
  })

  it('is told to the read-only key without the id of a check that has no name', async () => {
    const { uuid: parent } = await aCheck()
    const { uuid: id } = await aCheck({ rules: { depends_on: [parent] } })
    for (const each of [id, parent]) await api.ping(each, 'fail')

    expect(await read(id)).toHaveProperty('held', `depends on ${parent}`)
    const { json } = await api.call('GET', '/api/v3/checks/', { key: project.apiKeyReadonly })
    expect(JSON.stringify(json)).toContain('"depends on unnamed check"')
    expect(JSON.stringify(json)).not.toContain(parent)
  })

  it('is a parent that has just missed its deadline, whether a sweep saw it or not', async () => {
    const { uuid: parent } = await aCheck({ name: 'late', grace: 60 })
    const { uuid: id } = await aCheck({ timeout: 86_400, rules: { depends_on: [parent] } })
    await api.ping(parent)
    await api.ping(id, 'fail')
    api.time.now += hour + 60_000

    expect(await read(id)).toHaveProperty('held', 'depends on late')
  })

  it('is a window', async () => {
    const { uuid: id } = await aCheck()
    await api.ping(id, 'fail')
    await inWindow(id)

    expect(await read(id)).toHaveProperty('held', 'window')
    api.time.now += hour
    expect(await read(id)).not.toHaveProperty('held')
  })
})

describe('a window', () => {
  it('excuses a check that did not ping in it', async () => {
    const { uuid: id } = await aCheck({ grace: 60 })
    await api.ping(id)
    const pingedAt = api.time.now
    api.time.now += hour
    await inWindow(id)
    const endsAt = pingedAt + 2 * hour
    api.time.now = pingedAt + hour + 90_000

    expect(await read(id)).toMatchObject({ status: 'up' })
    expect(Date.parse((await read(id)).next_ping)).toBe(Math.floor((endsAt + hour) / 1000) * 1000)
  })

  it('is planned where a badge has three states', async () => {
    const { uuid: id, badge_url: url } = await aCheck()
    await api.ping(id, 'fail')
    const path = url.replace('https://api.example.com', '').replace('.svg', '.json')
    const badge = async (states: number) =>
      (await api.call('GET', path.replace('/b/2/', `/b/${states}/`))).json

    expect(await badge(3)).toEqual({ status: 'down', total: 1, grace: 0, down: 1 })
    await inWindow(id)

    expect(await badge(3)).toEqual({ status: 'planned', total: 1, grace: 0, down: 1, planned: 1 })
    expect(await badge(2)).toEqual({ status: 'down', total: 1, grace: 0, down: 1 })
  })
})

describe('failures that are tolerated', () => {
  it('are counted, and are a gauge', async () => {
    const { uuid: id } = await aCheck({ grace: 60, rules: { failures: { count: 3 } } })
    await api.ping(id)

    expect(await read(id)).toMatchObject({ status: 'up', failing: 0 })
    await api.ping(id, 'fail')
    expect(await read(id)).toMatchObject({ status: 'up', failing: 1 })
    api.time.now += hour + 60_000

    expect(await read(id)).toMatchObject({ status: 'up', failing: 2 })
    expect(await gauges()).toMatch(/^hc_check_failing\{.*\} 2$/m)
  })

  it('move what comes next, also before a sweep has noted them', async () => {
    const { uuid: id } = await aCheck({ grace: 60, rules: { failures: { count: 3 } } })
    await api.ping(id)
    const pingedAt = api.time.now
    const next = async () => Date.parse((await read(id)).next_ping)
    const seconds = (at: number) => Math.floor(at / 1000) * 1000

    expect(await next()).toBe(seconds(pingedAt + hour))
    api.time.now += hour + 60_000

    expect(await next()).toBe(seconds(pingedAt + 2 * hour))
  })
})
