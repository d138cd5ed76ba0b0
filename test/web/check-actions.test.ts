import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let owner: Person
let reader: Person
let apiKey: string
let projectId: string

beforeAll(async () => {
  web = await makeTestWeb()
  const created = await web.project()
  apiKey = created.apiKey
  projectId = created.project.id
  owner = await web.person(projectId)
  reader = await web.person(projectId, 'read-only')
})
afterAll(() => web.stop())

async function aStoredCheck(fields: object = {}) {
  const json = { name: 'nightly', timeout: 3600, grace: 600, ...fields }
  const { uuid } = (await web.call('POST', '/api/v3/checks/', { key: apiKey, json })).json
  return { uuid, path: `/app/p/${projectId}/c/${uniqueKeyOf(uuid)}` }
}

async function notedOf(uuid: string) {
  const entries = await web.audits.ofCheck(projectId, uniqueKeyOf(uuid), web.time.now)
  return entries.filter(({ actor }) => actor.kind === 'user').map(({ action }) => action)
}

describe('a button of a check', () => {
  it('pauses and resumes it, and says who did', async () => {
    const { uuid, path } = await aStoredCheck()

    const paused = await web.post(`${path}/pause`, {}, owner)
    const between = await web.heartbeats.read(uuid)
    web.time.now += 1000
    const resumed = await web.post(`${path}/resume`, {}, owner)
    const again = await web.post(`${path}/resume`, {}, owner)

    expect([paused, resumed, again].map(({ status }) => status)).toEqual([303, 303, 303])
    expect(paused.headers['location']).toBe(path)
    expect(between?.status).toBe('paused')
    expect((await web.heartbeats.read(uuid))?.status).toBe('new')
    expect(await notedOf(uuid)).toEqual(['check-resumed', 'check-paused'])
  })

  it('snoozes its alerts for a time that is allowed, and wakes them', async () => {
    const { uuid, path } = await aStoredCheck()

    const snoozed = await web.post(`${path}/snooze`, { seconds: '3600' }, owner)
    const until = (await web.heartbeats.read(uuid))?.snoozedUntil
    const refused = await web.post(`${path}/snooze`, { seconds: '1e9' }, owner)
    await web.post(`${path}/unsnooze`, {}, owner)

    expect([snoozed.status, refused.status]).toEqual([303, 400])
    expect(until).toBe(web.time.now + 3_600_000)
    expect((await web.heartbeats.read(uuid))?.snoozedUntil).toBeUndefined()
  })

  it('pings it like a job, and says in the log who did', async () => {
    const { uuid, path } = await aStoredCheck()

    const { status, headers } = await web.post(`${path}/ping`, {}, owner)

    const heartbeat = await web.heartbeats.read(uuid)
    expect([status, headers['location']]).toEqual([303, path])
    expect(heartbeat).toMatchObject({ status: 'up', pingCount: 1, lastPingAt: web.time.now })
    expect(heartbeat?.lastPing?.userAgent).toBe('Overdue dashboard, test ping')
    expect(await notedOf(uuid)).toEqual(['check-pinged'])
  })

  it('pings it by its rules on bodies: one without words is what they say it is', async () => {
    const rules = { success_kw: 'done', filter_http_body: true, filter_default_fail: true }
    const { uuid, path } = await aStoredCheck(rules)

    await web.post(`${path}/ping`, {}, owner)

    expect((await web.heartbeats.read(uuid))?.status).toBe('down')
  })

  it('deletes it after it has asked', async () => {
    const { uuid, path } = await aStoredCheck()

    const asked = await web.get(`${path}/delete`, owner)
    const kept = await web.registry.check(projectId, uuid)
    const deleted = await web.post(`${path}/delete`, {}, owner)

    expect(asked.text).toContain('Delete nightly?')
    expect(kept).toBeDefined()
    expect(deleted.headers['location']).toBe(`/app/p/${projectId}/`)
    expect((await web.get(path, owner)).status).toBe(404)
  })

  it('is not there for what is no check', async () => {
    const path = `/app/p/${projectId}/c/${'f'.repeat(3000)}`

    const answers = await Promise.all(
      ['pause', 'snooze', 'ping', 'delete'].map((action) =>
        web.post(`${path}/${action}`, { seconds: '60' }, owner),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
  })

  it('does nothing for who may only look', async () => {
    const { uuid, path } = await aStoredCheck()
    const actions = ['pause', 'resume', 'snooze', 'unsnooze', 'ping', 'delete']

    const answers = await Promise.all(
      actions.map((action) => web.post(`${path}/${action}`, { seconds: '3600' }, reader)),
    )

    expect(answers.map(({ status }) => status)).toEqual(actions.map(() => 403))
    expect((await web.heartbeats.read(uuid))?.status).toBe('new')
  })
})
