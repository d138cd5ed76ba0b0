import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { aCheck, aPing, start } from '../../support/builders.ts'
import { makeOperator, type Operator, type Run } from '../../support/operator.ts'

const KEY = 'hcw_0123456789012345678901234567'

let operator: Operator
let server: Server | undefined
beforeAll(async () => {
  operator = await makeOperator()
})
afterEach(() => server?.close())
afterAll(() => operator.stop())

/** Somebody's Healthchecks with these checks, in some versions of the API. */
async function serve(
  checks: readonly object[],
  versions: readonly string[] = ['v3', 'v2', 'v1'],
): Promise<string> {
  server = createServer((request, response) => {
    const version = /^\/api\/(v\d)\/checks\/$/.exec(request.url ?? '')?.[1] ?? ''
    if (!versions.includes(version)) response.writeHead(404).end('<h1>Not Found</h1>')
    else if (request.headers['x-api-key'] !== KEY)
      response.writeHead(401).end('{"error": "wrong api key"}')
    else
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ checks }))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function run(projectId: string, url: string, ...more: readonly string[]): Promise<Run> {
  return operator.run(
    'import',
    'healthchecks',
    '--url',
    url,
    '--api-key',
    KEY,
    '--project',
    projectId,
    ...more,
  )
}

/** A check as the API of Healthchecks shows it to a read-write key. */
function aForeignCheck(fields: object = {}, id = random.uuid()): object & { readonly id: string } {
  const shown = {
    name: 'Backup',
    slug: 'backup',
    tags: 'prod db',
    desc: 'every night',
    grace: 1800,
    n_pings: 42,
    status: 'up',
    started: false,
    last_ping: '2026-01-01T00:00:00+00:00',
    next_ping: '2026-01-02T00:00:00+00:00',
    manual_resume: true,
    methods: 'POST',
    subject: '',
    subject_fail: '',
    start_kw: 'begin',
    success_kw: 'ok,done',
    failure_kw: 'error',
    filter_subject: false,
    filter_body: true,
    filter_http_body: true,
    filter_default_fail: true,
    badge_url: `https://hc.example.com/b/2/${id}.svg`,
    uuid: id,
    ping_url: `https://hc.example.com/ping/${id}`,
    update_url: `https://hc.example.com/api/v3/checks/${id}`,
    pause_url: `https://hc.example.com/api/v3/checks/${id}/pause`,
    resume_url: `https://hc.example.com/api/v3/checks/${id}/resume`,
    channels: random.uuid(),
    schedule: '30 3 * * *',
    tz: 'Europe/Kiev',
    ...fields,
  }
  return Object.defineProperty(shown, 'id', {
    value: id,
    enumerable: false,
  }) as unknown as object & { readonly id: string }
}

describe('overdue import healthchecks', () => {
  it('copies a check with all that defines it, under its UUID', async () => {
    const { project, channel } = await operator.project()
    const foreign = aForeignCheck()

    const copied = await run(project.id, await serve([foreign]))

    expect(copied.status).toBe(0)
    expect(copied.out).toContain(
      '1 checks are created in the project "Here", 0 were there already, 0 are left out.',
    )
    for (const missing of ['channels', 'log of pings', 'state'])
      expect(copied.out).toContain(missing)
    expect(await operator.registry.check(project.id, foreign.id)).toMatchObject({
      name: 'Backup',
      slug: 'backup',
      tags: 'prod db',
      description: 'every night',
      schedule: { kind: 'cron', expression: '30 3 * * *' },
      timeZone: 'Europe/Kyiv',
      graceSeconds: 1800,
      methods: 'POST',
      manualResume: true,
      filters: {
        startKeywords: 'begin',
        successKeywords: 'ok,done',
        failureKeywords: 'error',
        subject: false,
        body: true,
        httpBody: true,
        defaultFail: true,
      },
      channelIds: [channel.id],
      badgeKey: foreign.id,
    } satisfies Partial<Check>)
    expect(await operator.heartbeats.recordPing(foreign.id, aPing({ method: 'POST' }))).toEqual({
      number: 1,
    })
  })

  it('copies the rules of another Overdue, without escalations', async () => {
    const { project } = await operator.project()
    const parent = aForeignCheck({ name: 'parent' })
    const escalate = [{ after: 600, channels: random.uuid() }]
    const rules = { failures: { count: 2, of: 4 }, repeat: 600, depends_on: [parent.id], escalate }
    const child = aForeignCheck({ rules })
    const alone = aForeignCheck({ name: 'alone', rules: { escalate } })
    const url = await serve([child, alone, parent])

    await run(project.id, url)

    const rulesOf = async (id: string) => (await operator.registry.check(project.id, id))?.rules
    expect(await rulesOf(child.id)).toEqual({
      failures: { count: 2, of: 4 },
      repeatSeconds: 600,
      dependsOn: [parent.id],
    })
    expect(await rulesOf(alone.id)).toBeUndefined()
    expect((await run(project.id, url)).out).not.toContain('differs')
  })

  it('changes nothing when it is run again, also of what was changed here meanwhile', async () => {
    const { project } = await operator.project()
    const url = await serve([
      aForeignCheck({ name: 'one' }),
      aForeignCheck({ name: 'two', channels: '' }),
    ])
    await run(project.id, url)
    const [one, two] = await operator.registry.checks(project.id)
    if (one === undefined || two === undefined) return expect.unreachable()
    await operator.registry.updateCheck(one, { ...one, version: one.version + 1, graceSeconds: 60 })
    const before = await operator.registry.checks(project.id)

    const again = await run(project.id, url)

    expect(again.status).toBe(0)
    expect(again.out).toContain('Nothing to do: all 2 checks are in the project "Here" already.')
    expect(again.out).toContain(
      'one stays as it is here, which differs from there in: graceSeconds',
    )
    expect(await operator.registry.checks(project.id)).toEqual(before)
    expect(before.map(({ name, channelIds }) => [name, channelIds.length])).toEqual([
      ['one', 1],
      ['two', 0],
    ])
  })

  it('takes a UUID whose check was deleted here just now', async () => {
    const { project } = await operator.project()
    const foreign = aForeignCheck({ methods: '', manual_resume: false })
    const url = await serve([foreign])
    await run(project.id, url)
    const first = (await operator.registry.check(project.id, foreign.id)) ?? expect.unreachable()
    await operator.registry.deleteCheck(first)
    await operator.heartbeats.bury(first.id, first.version + 1, start)

    const again = await run(project.id, url)
    await operator.heartbeats.bury(first.id, first.version + 1, start)

    expect(again.out).toContain('1 checks are created')
    expect(await operator.heartbeats.recordPing(foreign.id, aPing())).toEqual({ number: 1 })
  })

  it('is not undone by a deletion that is still on its way', async () => {
    const { project } = await operator.project()
    const foreign = aForeignCheck({ methods: '', manual_resume: false })
    const url = await serve([foreign])
    await run(project.id, url)
    const first = (await operator.registry.check(project.id, foreign.id)) ?? expect.unreachable()
    const last = { ...first, version: first.version + 1 }
    await operator.registry.updateCheck(first, last)
    await operator.registry.deleteCheck(last)

    await run(project.id, url)
    await operator.heartbeats.bury(first.id, last.version + 1, start)

    expect(await operator.heartbeats.read(foreign.id)).toBeDefined()
  })

  it('makes up for a heartbeat that an earlier run did not come to write', async () => {
    const { project } = await operator.project()
    const foreign = aForeignCheck()
    await operator.registry.createCheck(aCheck({ id: foreign.id, projectId: project.id }), {
      limit: 10,
    })

    await run(project.id, await serve([foreign]))

    expect(await operator.heartbeats.read(foreign.id)).toMatchObject({ version: 1 })
  })

  it('names what it leaves out, takes the rest, and fails', async () => {
    const [{ project }, other] = [await operator.project(), await operator.project()]
    const taken = aForeignCheck({ name: 'taken' })
    await operator.registry.createCheck(aCheck({ id: taken.id, projectId: other.project.id }), {
      limit: 10,
    })
    const bad = [
      { name: 'short', grace: 1 },
      { name: 'odd', schedule: 'at noon' },
      { name: 'far', tz: 'Mars/Crater' },
      { name: 'young', rules: { moon_phase: 'full' } },
      { name: 'wild', rules: { repeat: 1 } },
    ]
    const url = await serve([
      ...bad.map((fields) => aForeignCheck(fields)),
      taken,
      aForeignCheck({ name: 'good' }),
    ])

    const some = await run(project.id, url, '--json')

    expect(some.status).toBe(1)
    for (const name of ['short', 'odd', 'far', 'young', 'wild', 'taken'])
      expect(some.err).toContain(`overdue: ${name} is left out: `)
    expect(some.err).toContain(`its UUID belongs to another project here, ${other.project.id}`)
    expect((JSON.parse(some.out) as { readonly refused: readonly unknown[] }).refused).toHaveLength(
      6,
    )
    expect((await operator.registry.checks(project.id)).map(({ name }) => name)).toEqual(['good'])
  })

  it('takes a check whose badge belongs to another one here, with a badge of its own, and says so', async () => {
    const [{ project }, other] = [await operator.project(), await operator.project()]
    const there = aCheck({ id: random.uuid(), projectId: other.project.id })
    await operator.registry.createCheck(there, { limit: 10 })
    const foreign = aForeignCheck({ badge_url: `https://hc.example.com/b/2/${there.badgeKey}.svg` })

    const copied = await run(project.id, await serve([foreign]))

    expect(copied).toMatchObject({
      status: 0,
      out: expect.stringContaining('Backup has a new badge') as string,
    })
    expect((await operator.registry.check(project.id, foreign.id))?.badgeKey).not.toBe(
      there.badgeKey,
    )
    expect(await operator.registry.checkByBadgeKey(there.badgeKey)).toMatchObject({ id: there.id })
  })

  it('stops at the limit of the project', async () => {
    const { project } = await operator.project(1)

    const some = await run(
      project.id,
      await serve([aForeignCheck({ name: 'in' }), aForeignCheck({ name: 'out' })]),
    )

    expect(some.status).toBe(1)
    expect(some.err).toContain('out is left out: the project has 1 checks already, its limit')
  })

  it('reads servers that have only the first version and its fields', async () => {
    const { project } = await operator.project()
    const id = random.uuid()
    const old = {
      name: 'old',
      tags: '',
      ping_url: `https://hc/ping/${id}`,
      timeout: 3600,
      grace: 600,
      subject: 'OK',
      n_pings: 1,
    }

    const copied = await run(project.id, await serve([old], ['v1']))

    expect(copied.status).toBe(0)
    expect(await operator.registry.check(project.id, id)).toMatchObject({
      schedule: { kind: 'simple', periodSeconds: 3600 },
      filters: { successKeywords: 'OK', subject: true },
      channelIds: [],
    })
  })

  it.each<[string, readonly object[], readonly string[], string, RegExp]>([
    ['no API', [], [], '', /there is no API of Healthchecks at/],
    [
      'a read-only key',
      [{ name: 'x', unique_key: 'a'.repeat(40) }],
      ['v3'],
      '',
      /the API key is a read-only one/,
    ],
    ['a version that it has not', [], ['v1'], '/api/v3/', /there is no API of Healthchecks at/],
  ])('says that it meets %s', async (_, checks, versions, path, message) => {
    const { project } = await operator.project()

    const failed = await run(project.id, (await serve(checks, versions)) + path)

    expect(failed).toMatchObject({ status: 1, out: '' })
    expect(failed.err).toMatch(message)
    expect(failed.err).not.toContain(KEY)
  })

  it('says that the key is refused', async () => {
    const { project } = await operator.project()
    const url = await serve([])

    const failed = await operator.run(
      'import',
      'healthchecks',
      '--url',
      url,
      '--api-key',
      'wrong',
      '--project',
      project.id,
    )

    expect(failed).toMatchObject({ status: 1, out: '' })
    expect(failed.err).toContain('refuses the API key')
  })

  it.each([
    [['--api-key', 'x', '--project', 'x'], /required option '--url/],
    [['--url', 'https://x', '--project', 'x'], /required option '--api-key/],
    [
      ['--url', 'x', '--api-key', 'x', '--project', 'x'],
      /It takes the address of a Healthchecks server/,
    ],
  ])('says what is wrong with %j', async (args, message) => {
    const failed = await operator.run('import', 'healthchecks', ...args)

    expect(failed).toMatchObject({ status: 2, out: '' })
    expect(failed.err).toMatch(message)
  })
})
