import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { makeTestApi } from '../support/api.ts'
import { beforeCalls } from '../support/calls.ts'
import { countedWrites } from '../support/counted-writes.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())

/** What schedule-monitor 4.3 sends of four tasks: a command, a shell line, a closure and a job. */
const recorded = [
  task('backup:run', '0 2 * * *', { server_timezone: 'Europe/Brussels' }),
  task('execute', '*/15 * * * *'),
  task('my-closure', '0 * * * *', { grace_time_in_minutes: 15 }),
  task('App\\Jobs\\PruneQueue', '0 0 * * 0'),
]

function task(name: string, cronExpression: string, fields: object = {}) {
  return {
    name,
    type: 'cron',
    cron_expression: cronExpression,
    grace_time_in_minutes: 5,
    server_timezone: 'UTC',
    description: '',
    ...fields,
  }
}

type CronCheck = { readonly name: string; readonly uuid: string; readonly ping_url: string }

function send(path: string, key: string | undefined, json: unknown, call = api.call) {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'GuzzleHttp/7',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  }
  return call('POST', path, { headers, json })
}

const sync = (project: CreatedProject, cronChecks: unknown, monitor = '7') =>
  send(`/monitors/${monitor}/cron-checks/sync`, project.apiKey, { cron_checks: cronChecks })

async function synced(...args: Parameters<typeof sync>): Promise<readonly CronCheck[]> {
  const { status, json } = await sync(...args)
  expect(status, JSON.stringify(json)).toBe(200)
  return json as unknown as readonly CronCheck[]
}

const namesIn = async ({ project }: CreatedProject) =>
  (await api.registry.checks(project.id)).map(({ name }) => name).sort()

const checkNamed = async ({ project }: CreatedProject, wanted: string) =>
  (await api.registry.checks(project.id)).find(({ name }) => name === wanted)

describe('a sync of the schedule of an application', () => {
  it('makes its checks, and says where to ping them', async () => {
    const project = await api.project()

    const answer = await synced(project, recorded)

    expect(answer.map(({ name }) => name)).toEqual(recorded.map(({ name }) => name))
    const [first = { uuid: '', ping_url: '' }] = answer
    expect(first).toMatchObject({ ...recorded[0], frequency_in_minutes: null })
    expect(first.ping_url).toBe(`https://ping.example.com/ping/${first.uuid}`)
    // In PHP it must be a number, or missing.
    expect(first).not.toHaveProperty('id')
    const path = `/api/v3/checks/${first.uuid}`
    expect((await api.call('GET', path, { key: project.apiKey })).json).toMatchObject({
      name: 'backup:run',
      schedule: '0 2 * * *',
      tz: 'Europe/Brussels',
      grace: 300,
      channels: project.channel.id,
      managed_by: 'oh-dear:7',
      status: 'new',
    })
    expect(await api.ping(first.uuid)).toEqual({ number: 1 })
  })

  it('again changes nothing, writes nothing, and reads no check by itself', async () => {
    const project = await api.project()
    const before = await synced(project, recorded)
    const writes = countedWrites(api.engine.database)
    let calls = 0
    beforeCalls(api.engine.database, () => void (calls += 1))

    expect(await synced(project, recorded)).toEqual(before)
    expect([writes(), calls]).toEqual([0, 3])
  })

  it('makes three hundred checks in one go', async () => {
    const project = await api.project()
    const tasks = Array.from({ length: 300 }, (_, at) => task(`task ${at}`, '* * * * *'))

    expect((await synced(project, tasks)).map(({ name }) => name)).toEqual(
      tasks.map(({ name }) => name),
    )
  })

  it('updates by name what differs, and keeps what people have set', async () => {
    const project = await api.project()
    const [before] = await synced(project, recorded)
    const uuid = before?.uuid ?? ''
    await api.call('POST', `/api/v3/checks/${uuid}`, {
      key: project.apiKey,
      json: { desc: 'by hand', tags: 'prod', channels: '' },
    })

    const [after] = await synced(project, [
      task('backup:run', '30 4 * * *', { grace_time_in_minutes: 60 }),
      ...recorded.slice(1),
    ])

    expect(after).toMatchObject({ uuid, cron_expression: '30 4 * * *' })
    expect(await checkNamed(project, 'backup:run')).toMatchObject({
      timeZone: 'UTC',
      graceSeconds: 3600,
      description: 'by hand',
      tags: 'prod',
      channelIds: [],
    })
  })

  it('deletes what it has made and no longer names, and nothing else', async () => {
    const project = await api.project()
    await api.call('POST', '/api/v3/checks/', { key: project.apiKey, json: { name: 'by hand' } })
    const [gone] = await synced(project, recorded)
    await synced(project, [task('of another', '0 1 * * *')], '8')

    await synced(project, [task('execute', '*/15 * * * *')])

    expect(await namesIn(project)).toEqual(['by hand', 'execute', 'of another'])
    expect(await api.ping(gone?.uuid ?? '')).toBe('missing')
  })

  it('takes a check of the name that people keep, which stays theirs', async () => {
    const project = await api.project()
    const { uuid } = (
      await api.call('POST', '/api/v3/checks/', { key: project.apiKey, json: { name: 'execute' } })
    ).json

    expect(await synced(project, [task('execute', '5 * * * *')])).toMatchObject([{ uuid }])
    await synced(project, [])

    const check = await checkNamed(project, 'execute')
    expect(check).toMatchObject({ id: uuid, schedule: { expression: '5 * * * *' } })
    expect(check).not.toHaveProperty('managedBy')
  })

  it('leaves a check of the name to the other monitor, or file, that keeps it', async () => {
    const project = await api.project()
    const json = { name: 'execute', managed_by: 'apply:Shop' }
    const { uuid } = (await api.call('POST', '/api/v3/checks/', { key: project.apiKey, json })).json
    const [other] = await synced(project, [task('execute', '1 * * * *')], '8')

    const [own] = await synced(project, [task('execute', '2 * * * *')])

    expect(new Set([uuid, other?.uuid, own?.uuid]).size).toBe(3)
  })

  it('takes a check with a period, as Oh Dear has them, too', async () => {
    const project = await api.project()
    const json = [{ name: 'simple', type: 'simple', frequency_in_minutes: 15, description: 'text' }]

    expect(await synced(project, json)).toMatchObject([
      { type: 'simple', frequency_in_minutes: 15, cron_expression: null, grace_time_in_minutes: 5 },
    ])
    expect(await checkNamed(project, 'simple')).toMatchObject({
      schedule: { kind: 'simple', periodSeconds: 900 },
      description: 'text',
    })
  })

  it.each([
    [
      task('a', '61 * * * *'),
      'check "a": cron_expression must be a cron expression of five fields, got "61 * * * *"',
    ],
    [
      task('a', 'hourly'),
      'check "a": cron_expression must be a cron expression of five fields, got "hourly"',
    ],
    [
      task('a', '* * * * *', { server_timezone: 'Mars/Base' }),
      'check "a": server_timezone must be a time zone, got "Mars/Base"',
    ],
    [
      task('a', '* * * * *', { grace_time_in_minutes: 0 }),
      'check "a": grace_time_in_minutes must be 1–525600, got 0',
    ],
    [
      task('a', '* * * * *', { type: 'smart' }),
      'check "a": type must be cron or simple, got "smart"',
    ],
    [task('', '* * * * *'), 'check "": name must have 1–100 characters, got ""'],
    [{ name: 'a', type: 'simple' }, 'check "a": frequency_in_minutes is missing'],
    [{ name: 'a' }, 'check "a": cron_expression is missing'],
    [{ type: 'cron' }, 'check number 2: name must have 1–100 characters'],
    [5, 'check number 2 must be an object'],
    [task('execute', '* * * * *'), 'check "execute": name is twice, got "execute"'],
  ])('with one bad check is refused, and changes nothing: %j', async (bad, error) => {
    const project = await api.project()
    await synced(project, [task('execute', '1 * * * *'), task('other', '1 * * * *')])

    const answer = await sync(project, [task('execute', '2 * * * *'), bad])

    expect(answer).toMatchObject({ status: 422, json: { error } })
    expect(await namesIn(project)).toEqual(['execute', 'other'])
    expect(await checkNamed(project, 'execute')).toMatchObject({ version: 1 })
  })

  it.each([
    [undefined, 'cron_checks must be a list'],
    [{}, 'cron_checks must be a list'],
    [
      Array.from({ length: 301 }, (_, at) => task(`task ${at}`, '* * * * *')),
      'cron_checks must have at most 300 checks',
    ],
  ])('must be a list that is not too long: %#', async (cronChecks, error) => {
    const project = await api.project()

    expect(await sync(project, cronChecks)).toMatchObject({ status: 422, json: { error } })
    expect(await namesIn(project)).toEqual([])
  })

  it('that does not go with rules of a check is refused, and changes nothing', async () => {
    const project = await api.project()
    const [check] = await synced(project, recorded)
    const json = { rules: { early: 3600 } }
    await api.call('POST', `/api/v3/checks/${check?.uuid ?? ''}`, { key: project.apiKey, json })

    const answer = await sync(project, [
      task('new', '0 1 * * *'),
      task('backup:run', '*/5 * * * *'),
    ])

    expect(answer.status).toBe(422)
    expect(answer.json.error).toMatch(/^check "backup:run": .*rules\.early/)
    expect(await namesIn(project)).not.toContain('new')
  })

  it('of more checks than the project may have makes none of them', async () => {
    const project = await api.project(3)

    expect(await sync(project, recorded)).toMatchObject({ status: 403 })
    expect(await namesIn(project)).toEqual([])
  })

  it('beside another of the same application makes each check once', async () => {
    const project = await api.project()

    const answers = await Promise.all([1, 2, 3].map(() => synced(project, recorded)))

    expect(new Set(answers.flat().map(({ uuid }) => uuid)).size).toBe(recorded.length)
    expect(await namesIn(project)).toHaveLength(recorded.length)
  })

  it('that broke off half-way goes on where it is sent again', async () => {
    const project = await api.project()
    let created = 0
    const registry = new Proxy(api.registry, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown
        if (name === 'createCheck' && ++created > 2) return () => Promise.reject(new Error('gone'))
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    const path = '/monitors/7/cron-checks/sync'
    const broken = send(path, project.apiKey, { cron_checks: recorded }, api.makeCall({ registry }))
    await expect(broken).rejects.toThrow('gone')

    await synced(project, recorded)

    expect(await namesIn(project)).toEqual(recorded.map(({ name }) => name).sort())
  })

  it('is noted with the key that asked for it', async () => {
    const project = await api.project()
    await synced(project, [task('execute', '1 * * * *')])
    await synced(project, [task('execute', '2 * * * *')])
    await synced(project, [])

    const entries = await api.audits.since(project.project.id, 0, 10)
    expect(entries.map(({ action }) => action).sort()).toEqual([
      'check-changed',
      'check-created',
      'check-deleted',
    ])
    for (const { actor } of entries) expect(actor).toEqual({ kind: 'key', name: 'read-write' })
  })

  it('takes a read-write key as bearer, and no other', async () => {
    const { apiKeyReadonly, apiKey } = await api.project()
    const path = '/monitors/7/cron-checks/sync'

    expect((await send(path, apiKeyReadonly, { cron_checks: [] })).status).toBe(401)
    expect((await send(path, 'x'.repeat(32), { cron_checks: [] })).status).toBe(401)
    expect(await send(path, undefined, { cron_checks: [], api_key: apiKey })).toMatchObject({
      status: 401,
      json: {
        error: 'missing bearer token, send the read-write key as Authorization: Bearer <key>',
      },
    })
  })

  it('goes by any name of a monitor that can be one', async () => {
    const project = await api.project()

    await synced(project, [task('a', '* * * * *')], 'my%20shop')
    const answer = await sync(project, [], 'x'.repeat(101))

    expect(answer.status).toBe(422)
    expect(await checkNamed(project, 'a')).toMatchObject({ managedBy: 'oh-dear:my shop' })
  })
})

describe('the rest of what the package asks for', () => {
  it('is one check at a time with --keep-old, which deletes nothing', async () => {
    const project = await api.project()
    await synced(project, recorded)

    const path = '/monitors/7/cron-checks'
    const one = await send(path, project.apiKey, task('new', '0 1 * * *'))
    const bad = await send(path, project.apiKey, task('bad', 'x'))

    expect(one).toMatchObject({ status: 200, json: { name: 'new', grace_time_in_minutes: 5 } })
    expect(bad.json.error).toMatch(/^check "bad": cron_expression must be/)
    expect(await namesIn(project)).toHaveLength(recorded.length + 1)
  })

  it('is where the API is, for schedule-monitor:verify', async () => {
    const { apiKey } = await api.project()
    const headers = { authorization: `Bearer ${apiKey}` }

    expect((await api.call('GET', '/monitors/7', { headers })).json).toEqual({
      url: 'https://api.example.com',
      sort_url: 'https://api.example.com',
    })
    expect((await api.call('GET', '/monitors/7')).status).toBe(401)
  })
})
