import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definitionOf, uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { secondsText } from '../../lambdas/managing/shown/instants.ts'
import { random } from '../../lambdas/runtime/random.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { makeTestApi, type Sent } from '../support/api.ts'
import { aCheck, hour, minute, start } from '../support/builders.ts'
import { breakChannel, breakCheck } from '../support/unreadable.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())

const post = (project: CreatedProject, path: string, sent: Sent = {}) =>
  api.call('POST', path, { key: project.apiKey, ...sent })
const get = (project: CreatedProject, path: string) =>
  api.call('GET', path, { key: project.apiKey })
const urlOf = (id: string) => `/api/v3/checks/${id}`

/** A project with one check. */
async function setUp(json: object = {}) {
  const project = await api.project()
  const check = (await post(project, '/api/v3/checks/', { json })).json
  return { project, check, id: check.uuid }
}

/** A store whose next call of one method fails as if the process had died there. */
function failingOnce<T extends object>(store: T, method: keyof T): T {
  let hasFailed = false
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (name === method && !hasFailed) {
        hasFailed = true
        return () => Promise.reject(new Error('crashed'))
      }
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

describe('create', () => {
  it('answers 201 with the check, as it is read from then on', async () => {
    const { project, check, id } = await setUp({
      name: 'nightly',
      tags: 'a b',
      desc: 'text',
      timeout: 60,
      channels: '*',
    })

    expect(check).toMatchObject({
      name: 'nightly',
      tags: 'a b',
      desc: 'text',
      timeout: 60,
      grace: 3600,
      status: 'new',
      n_pings: 0,
    })
    expect(check.channels).toBe(project.channel.id)
    expect((await get(project, urlOf(id))).json).toEqual(check)
    expect((await get(project, urlOf(uniqueKeyOf(id)))).json).toEqual(check)
    expect((await get(project, '/api/v3/checks/')).json).toEqual({ checks: [check] })
  })

  it('makes a check that can be pinged at once', async () => {
    const { id } = await setUp()

    expect(await api.ping(id)).toEqual({ number: 1 })
  })

  it('is refused beyond the limit of the project, and leaves nothing behind', async () => {
    const project = await api.project(1)

    expect((await post(project, '/api/v3/checks/')).status).toBe(201)
    expect((await post(project, '/api/v3/checks/')).status).toBe(403)
    expect(
      (await post(project, '/api/v3/checks/', { json: { name: 'x', unique: ['name'] } })).status,
    ).toBe(403)
    expect((await get(project, '/api/v3/checks/')).json.checks).toHaveLength(1)
  })

  it('is refused with a channel that is none, and leaves nothing behind', async () => {
    const project = await api.project()

    const answer = await post(project, '/api/v3/checks/', { json: { channels: 'abc' } })

    expect(answer).toMatchObject({
      status: 400,
      json: { error: 'invalid channel identifier: abc' },
    })
    expect((await get(project, '/api/v3/checks/')).json.checks).toEqual([])
  })

  it('stores any text, but for half a character', async () => {
    const { project, id, check } = await setUp({ name: 'a\ud800b', desc: '\0\u0001🦆 日本\r\n' })

    expect(check).toMatchObject({ name: 'a\ufffdb', desc: '\0\u0001🦆 日本\r\n' })
    expect((await get(project, urlOf(id))).json).toEqual(check)
  })

  it('refuses what is too large to keep', async () => {
    const project = await api.project()

    const answer = await post(project, '/api/v3/checks/', { json: { desc: 'x'.repeat(100_000) } })

    expect(answer).toMatchObject({
      status: 413,
      json: { error: 'request body is larger than 100000 bytes' },
    })
  })
})

describe('an upsert', () => {
  const upsert = (project: CreatedProject, fields: object) =>
    post(project, '/api/v3/checks/', { json: { name: 'x', unique: ['name'], ...fields } })

  it('creates, and from then on updates', async () => {
    const project = await api.project()

    const created = await upsert(project, { tags: 'before' })
    const updated = await upsert(project, { tags: 'after' })

    expect([created.status, updated.status]).toEqual([201, 200])
    expect(updated.json).toEqual({ ...created.json, tags: 'after' })
  })

  it('updates the oldest of several', async () => {
    const project = await api.project()
    const { json: first } = await post(project, '/api/v3/checks/', { json: { name: 'x' } })
    api.time.now += 1000
    await post(project, '/api/v3/checks/', { json: { name: 'x' } })

    const { json } = await upsert(project, { tags: 'after' })

    expect(json.uuid).toBe(first.uuid)
  })

  it('makes one check, however many come at once', async () => {
    const project = await api.project()

    const answers = await Promise.all(Array.from({ length: 10 }, () => upsert(project, {})))

    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 9 }, () => 200),
      201,
    ])
    expect((await get(project, '/api/v3/checks/')).json.checks).toHaveLength(1)
  })

  it('makes no second check beside one that cannot be read and may be meant, and updates what can be', async () => {
    const project = await api.project()
    await upsert(project, { name: 'whole' })
    const { json: odd } = await upsert(project, { name: 'odd' })
    await breakCheck(api.engine, project.project.id, odd.uuid)

    await expect(upsert(project, { name: 'odd' })).rejects.toThrow(
      `checks ${odd.uuid} can't be read`,
    )

    expect((await upsert(project, { name: 'whole', tags: 'after' })).status).toBe(200)
    expect((await api.registry.census(project.project.id)).checks).toBe(2)
  })

  it('makes each check that is meant, however many come at once', async () => {
    const project = await api.project()

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => upsert(project, { name: `x${index}` })),
    )

    expect(answers.every(({ status }) => status === 201)).toBe(true)
    expect((await get(project, '/api/v3/checks/')).json.checks).toHaveLength(10)
  })
})

describe('list', () => {
  it('filters by all tags and by slug, exactly, in the order of creation', async () => {
    const project = await api.project()
    for (const json of [
      { name: '1', tags: 'a  b', slug: 's' },
      { name: '2', tags: 'ab' },
      { name: '3', tags: 'b' },
    ]) {
      api.time.now += 1000
      await post(project, '/api/v3/checks/', { json })
    }
    const names = async (query: string) =>
      (await get(project, `/api/v3/checks/${query}`)).json.checks.map(({ name }) => name)

    expect(await names('')).toEqual(['1', '2', '3'])
    expect(await names('?tag=b')).toEqual(['1', '3'])
    expect(await names('?tag=b&tag=a')).toEqual(['1'])
    expect(await names('?tag=')).toEqual([])
    expect(await names('?slug=s')).toEqual(['1'])
    expect(await names('?slug=')).toEqual(['1', '2', '3'])
    expect(await names('?slug=t')).toEqual([])
    expect(await names('?slug=t&slug=s')).toEqual(['1'])
    expect(await names('?slug=s&slug=t')).toEqual([])
  })

  it('goes out compressed when it is long and the client takes that', async () => {
    const { project } = await setUp({ desc: 'x'.repeat(10_000) })
    for (let count = 1; count < 6; count += 1)
      await post(project, '/api/v3/checks/', { json: { desc: 'x'.repeat(10_000) } })
    const list = (encoding: string) =>
      api.call('GET', '/api/v3/checks/', {
        key: project.apiKey,
        headers: { 'accept-encoding': encoding },
      })

    const compressed = await list('br, gzip')
    const plain = await list('gzip;q=0')

    expect(compressed.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding',
    })
    expect(compressed.bytes.length).toBeLessThan(4000)
    expect(gunzipSync(compressed.bytes)).toEqual(plain.bytes)
  })

  it('is not asked for what no answer may be in', async () => {
    const project = await api.project()
    const headers = { 'accept-encoding': 'identity;q=0' }

    const refused = await api.call('POST', '/api/v3/checks/', {
      key: project.apiKey,
      json: {},
      headers,
    })

    expect(refused).toMatchObject({
      status: 406,
      json: { error: 'Accept-Encoding must allow gzip or identity' },
    })
    expect(await api.registry.checks(project.project.id)).toEqual([])
  })

  it('shows the state of each check', async () => {
    const { project, id } = await setUp()
    await post(project, '/api/v3/checks/')
    await api.ping(id)

    const { checks } = (await get(project, '/api/v3/checks/')).json

    expect(checks.find(({ uuid }) => uuid === id)?.status).toBe('up')
    expect(checks.find(({ uuid }) => uuid !== id)?.status).toBe('new')
  })
})

describe('rules', () => {
  it('replace what was there, stay where none are given, and go with null or {}', async () => {
    const { project, id, check } = await setUp({ rules: { max_runtime: 900, repeat: 600 } })
    const update = async (json: object) => (await post(project, urlOf(id), { json })).json as object

    expect(check).toMatchObject({ rules: { max_runtime: 900, repeat: 600 } })
    expect(await update({ rules: { successes: 3 } })).toMatchObject({ rules: { successes: 3 } })
    expect(await api.heartbeats.read(id)).toMatchObject({ rules: { successes: 3 } })
    expect(await update({ desc: 'changed' })).toHaveProperty('rules', { successes: 3 })
    expect(await update({ rules: {} })).not.toHaveProperty('rules')
    await update({ rules: { successes: 3 } })
    expect(await update({ rules: null })).not.toHaveProperty('rules')
    expect(await api.heartbeats.read(id)).not.toHaveProperty('rules')
    expect(await api.registry.check(project.project.id, id)).not.toHaveProperty('rules')
  })

  it('that are bad change nothing', async () => {
    const { project, id, check } = await setUp({ name: 'before', rules: { repeat: 600 } })

    const answer = await post(project, urlOf(id), { json: { name: 'x', rules: { repeat: 1 } } })

    expect(answer).toMatchObject({
      status: 400,
      json: { error: 'json validation error: rules.repeat is too small' },
    })
    expect((await get(project, urlOf(id))).json).toEqual(check)
  })

  it('show neither channels nor checks that were deleted since', async () => {
    const { project, id: parent } = await setUp()
    const channel = project.channel.id
    const escalate = [{ after: 600, channels: channel }]
    const { json: child } = await post(project, '/api/v3/checks/', {
      json: { rules: { successes: 2, escalate, depends_on: [parent] } },
    })

    expect(child).toHaveProperty('rules', { successes: 2, escalate, depends_on: [parent] })
    await api.call('DELETE', urlOf(parent), { key: project.apiKey })
    await api.call('DELETE', `/api/v3/channels/${channel}`, { key: project.apiKey })

    expect((await get(project, urlOf(child.uuid))).json).toHaveProperty('rules', { successes: 2 })
    expect((await get(project, '/api/v3/checks/')).json.checks[0]).toHaveProperty('rules', {
      successes: 2,
    })
  })
})

describe('a snooze', () => {
  const snooze = (project: CreatedProject, id: string, json: object) =>
    post(project, `${urlOf(id)}/snooze`, { json })
  const unsnooze = (project: CreatedProject, id: string) =>
    api.call('DELETE', `${urlOf(id)}/snooze`, { key: project.apiKey })

  it('is shown until it ends, by itself or by a DELETE, which may come again', async () => {
    const { project, id, check } = await setUp()
    const shown = async () => (await get(project, urlOf(id))).json

    const { status, json } = await snooze(project, id, { seconds: 600 })

    expect(status).toBe(200)
    expect(json).toEqual({ ...check, snoozed_until: secondsText(api.time.now + 600_000) })
    expect(await shown()).toEqual(json)
    expect((await unsnooze(project, id)).json).toEqual(check)
    expect((await unsnooze(project, id)).json).toEqual(check)
    await snooze(project, id, { seconds: 60 })
    api.time.now += 60_000
    expect(await shown()).toEqual(check)
  })

  it('lasts until an instant, and replaces the one before', async () => {
    const { project, id } = await setUp()
    const until = secondsText(api.time.now + 900_000)

    await snooze(project, id, { seconds: 86_400 })

    expect((await snooze(project, id, { until })).json).toHaveProperty('snoozed_until', until)
  })

  it('of a check that is down has its alerts looked at again, and so has its end', async () => {
    const { project, id } = await setUp()
    await api.ping(id, 'fail')

    await snooze(project, id, { seconds: 600 })
    expect(await api.heartbeats.read(id)).toMatchObject({ status: 'down', lookAt: api.time.now })
    api.time.now += 5000
    await unsnooze(project, id)

    expect(await api.heartbeats.read(id)).toMatchObject({ status: 'down', lookAt: api.time.now })
    expect(await api.heartbeats.read(id)).not.toHaveProperty('snoozedUntil')
  })

  it.each([
    [{ seconds: 59 }, 'seconds is too small'],
    [{ seconds: 2_592_001 }, 'seconds is too large'],
    [{ seconds: '600' }, 'seconds is not a number'],
    [{ seconds: null }, 'seconds is not a number'],
    [{ until: 'tomorrow' }, 'until is not an instant in ISO 8601, with its offset from UTC'],
    [
      { until: '2026-02-30T00:00:00Z' },
      'until is not an instant in ISO 8601, with its offset from UTC',
    ],
    [
      { until: '2026-01-01T00:00:00' },
      'until is not an instant in ISO 8601, with its offset from UTC',
    ],
    [{ until: '2025-12-31T23:59:59Z' }, 'until is past'],
    [{ until: '2036-01-01T00:00:00+02:00' }, 'until is more than 2592000 seconds ahead'],
    [{}, 'takes either seconds or until'],
    [{ seconds: 60, until: '2026-01-02T00:00:00Z' }, 'takes either seconds or until'],
  ])('of %o is refused', async (json, error) => {
    const { project, id, check } = await setUp()

    expect(await snooze(project, id, json)).toMatchObject({
      status: 400,
      json: { error: `json validation error: ${error}` },
    })
    expect((await get(project, urlOf(id))).json).toEqual(check)
  })

  it('takes the read-write key, and a check of the project', async () => {
    const { project, id } = await setUp()
    const foreign = await setUp()
    const sent = { json: { seconds: 60 } }

    expect(
      await api.call('POST', `${urlOf(id)}/snooze`, { key: project.apiKeyReadonly, ...sent }),
    ).toHaveProperty('status', 401)
    expect(await snooze(project, random.uuid(), sent.json)).toHaveProperty('status', 404)
    expect(await snooze(project, foreign.id, sent.json)).toHaveProperty('status', 403)
  })
})

describe('update', () => {
  it('changes what it mentions, and keeps the state', async () => {
    const { project, id } = await setUp({ name: 'before', timeout: 600 })
    const now = (api.time.now += 60_000)
    await api.ping(id)

    const { status, json } = await post(project, urlOf(id), { json: { timeout: 1200, grace: 60 } })

    expect(status).toBe(200)
    expect(json).toMatchObject({
      name: 'before',
      timeout: 1200,
      grace: 60,
      status: 'up',
      n_pings: 1,
    })
    expect(Date.parse(json.next_ping)).toBe(Math.floor(now / 1000) * 1000 + 1_200_000)
    expect(await api.heartbeats.read(id)).toMatchObject({ version: 2, graceSeconds: 60 })
    expect((await get(project, urlOf(id))).json).toEqual(json)
  })

  it('that changes nothing writes nothing', async () => {
    const { project, id, check } = await setUp({ name: 'x', channels: '*' })

    const { json } = await post(project, urlOf(id), {
      json: { name: 'x', channels: '*', timeout: 86_400 },
    })

    expect(json).toEqual(check)
    expect(await api.registry.check(project.project.id, id)).toMatchObject({ version: 1 })
  })

  it('leaves the check alone when it is refused', async () => {
    const { project, id, check } = await setUp({ name: 'before' })

    expect((await post(project, urlOf(id), { json: { name: 'after', grace: null } })).status).toBe(
      400,
    )
    expect(
      (await post(project, urlOf(id), { json: { name: 'after', channels: 'abc' } })).status,
    ).toBe(400)
    expect((await get(project, urlOf(id))).json).toEqual(check)
  })

  it('of several at once loses none', async () => {
    const { project, id } = await setUp()
    const changes = [{ name: 'n' }, { tags: 't' }, { desc: 'd' }, { slug: 's' }, { timeout: 120 }]

    const answers = await Promise.all(changes.map((json) => post(project, urlOf(id), { json })))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect((await get(project, urlOf(id))).json).toMatchObject({
      name: 'n',
      tags: 't',
      desc: 'd',
      slug: 's',
      timeout: 120,
    })
    expect(await api.heartbeats.read(id)).toMatchObject({ version: 6 })
  })

  it('of an unknown check is 404', async () => {
    const { project } = await setUp()

    expect(await post(project, urlOf(random.uuid()))).toMatchObject({
      status: 404,
      json: { error: 'check not found' },
    })
  })

  it('that died half-way is brought about by trying again', async () => {
    const { project, id } = await setUp()
    const call = api.makeCall({ heartbeats: failingOnce(api.heartbeats, 'define') })
    const sent = { key: project.apiKey, json: { grace: 60 } }

    await expect(call('POST', urlOf(id), sent)).rejects.toThrow('crashed')
    expect((await get(project, urlOf(id))).json.grace).toBe(60)
    expect(await call('POST', urlOf(id), sent)).toMatchObject({ status: 200 })

    expect(await api.heartbeats.read(id)).toMatchObject({ version: 2, graceSeconds: 60 })
  })
})

describe('an upsert of a check that pings do not know', () => {
  it('makes it pingable', async () => {
    const { project, apiKey: key } = await api.project()
    await api.registry.createCheck(
      aCheck({ id: random.uuid(), projectId: project.id, badgeKey: random.uuid(), name: 'x' }),
      { limit: 10 },
    )

    const { status, json } = await api.call('POST', '/api/v3/checks/', {
      key,
      json: { name: 'x', unique: ['name'] },
    })

    expect(status).toBe(200)
    expect(await api.ping(json.uuid)).toEqual({ number: 1 })
  })
})

describe('delete', () => {
  it('answers with the check as it was, without channels, and then it is gone', async () => {
    const { project, id } = await setUp({ name: 'doomed', channels: '*' })
    await api.ping(id)

    const answer = await api.call('DELETE', urlOf(id), { key: project.apiKey })

    expect(answer).toMatchObject({
      status: 200,
      json: { uuid: id, name: 'doomed', status: 'up', n_pings: 1, channels: '' },
    })
    expect((await get(project, urlOf(id))).status).toBe(404)
    expect((await api.call('DELETE', urlOf(id), { key: project.apiKey })).status).toBe(404)
    expect(await api.ping(id)).toBe('missing')
  })

  it('leaves a tombstone that a late definition does not undo', async () => {
    const { project, id } = await setUp()
    const check = await api.registry.check(project.project.id, id)
    await api.call('DELETE', urlOf(id), { key: project.apiKey })

    expect(check && (await api.heartbeats.define(id, definitionOf(check)))).toBe('stale')
    expect(await api.ping(id)).toBe('missing')
  })

  it('makes room for another check', async () => {
    const project = await api.project(1)
    const { json } = await post(project, '/api/v3/checks/')
    await api.call('DELETE', urlOf(json.uuid), { key: project.apiKey })

    expect((await post(project, '/api/v3/checks/')).status).toBe(201)
  })
})

describe('pause and resume', () => {
  it('take the check through paused to new', async () => {
    const { project, id } = await setUp()
    await api.ping(id)

    const paused = await post(project, `${urlOf(id)}/pause`)
    const again = await post(project, `${urlOf(id)}/pause`)
    const resumed = await post(project, `${urlOf(id)}/resume`)

    expect(paused).toMatchObject({
      status: 200,
      json: { status: 'paused', next_ping: null, n_pings: 1 },
    })
    expect(again.json).toEqual(paused.json)
    expect(resumed).toMatchObject({
      status: 200,
      json: { status: 'new', last_ping: null, next_ping: null, started: false, n_pings: 1 },
    })
    expect((await get(project, urlOf(id))).json).toEqual(resumed.json)
  })

  it('end a run', async () => {
    const { project, id } = await setUp()
    await api.ping(id, 'start')

    expect((await post(project, `${urlOf(id)}/pause`)).json).toMatchObject({
      status: 'paused',
      started: false,
      next_ping: null,
    })
  })

  it('refuse to resume what is not paused, in plain text', async () => {
    const { project, id } = await setUp()

    const { status, bytes, headers } = await post(project, `${urlOf(id)}/resume`)

    expect(status).toBe(409)
    expect(bytes.toString()).toBe('check is not paused')
    expect(headers['content-type']).toMatch(/^text\/plain/)
  })

  it('read the body that they have no use for', async () => {
    const { project, id } = await setUp()

    expect((await post(project, `${urlOf(id)}/pause`, { raw: '123' })).status).toBe(400)
    expect((await get(project, urlOf(id))).json.status).toBe('new')
  })

  it('do not miss a check whose heartbeat is still on its way', async () => {
    const created = await api.project()
    const check = aCheck({
      id: random.uuid(),
      projectId: created.project.id,
      badgeKey: random.uuid(),
    })
    await api.registry.createCheck(check, { limit: 10 })

    const { status, json } = await post(created, `${urlOf(check.id)}/pause`)

    expect(status).toBe(200)
    expect(json.status).toBe('paused')
  })
})

describe('versions', () => {
  it('show a run each in its way', async () => {
    api.time.now = start + 24 * hour
    const { project, id } = await setUp({ grace: 600 })
    await api.ping(id, 'start')
    const statuses = async () =>
      Promise.all(
        [1, 2, 3].map(
          async (version) => (await get(project, `/api/v${version}/checks/${id}`)).json.status,
        ),
      )

    const running = await statuses()
    api.time.now += 10 * minute
    const late = await statuses()

    expect(running).toEqual(['started', 'new', 'new'])
    expect(late).toEqual(['down', 'down', 'down'])
  })

  it('make a slug of a name, but for the third', async () => {
    const project = await api.project()
    const slugs = [1, 2, 3].map(
      async (version) =>
        (await post(project, `/api/v${version}/checks/`, { json: { name: 'Hello Wörld' } })).json
          .slug,
    )

    expect(await Promise.all(slugs)).toEqual(['hello-world', 'hello-world', ''])
  })
})

describe('channels', () => {
  it('that cannot be read just then stay with their checks, whether named by * or by what the API shows', async () => {
    const project = await api.project()
    await breakChannel(api.engine, project.project.id, project.channel.id)

    const { json: made } = await post(project, '/api/v3/checks/', {
      json: { name: 'x', channels: '*' },
    })
    const { json: shown } = await get(project, urlOf(made.uuid))
    const written = await post(project, urlOf(made.uuid), { json: { channels: shown.channels } })

    expect([made.channels, shown.channels]).toEqual([project.channel.id, project.channel.id])
    expect(written).toMatchObject({ status: 200, json: { channels: project.channel.id } })
  })

  it('are listed with id, name and kind', async () => {
    const project = await api.project()

    const { status, json } = await get(project, '/api/v3/channels/')

    expect(status).toBe(200)
    expect(json).toEqual({ channels: [{ id: project.channel.id, name: '', kind: 'email' }] })
  })
})
