import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../bin/operate/command.ts'
import { definitionOf } from '../../lambdas/domain/watching/check.ts'
import { lookupOf } from '../../lambdas/domain/watching/lookup.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { Audits } from '../../lambdas/store/people/audits.ts'
import { checkItem } from '../../lambdas/store/registry/registry-item.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { Windows } from '../../lambdas/store/registry/windows.ts'
import { Operations } from '../../lambdas/store/watching/operations.ts'
import { makeSyncHandler } from '../../lambdas/sync.ts'
import { freePort } from '../../lib/local/engine/engine.ts'
import { CLOCK_AHEAD_MS, serveAws } from '../support/aws.ts'
import type { Loopback } from '../support/loopback.ts'
import { aCheck, aWindow, aPing, start } from '../support/builders.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'
import { makeTerminal } from '../support/terminal.ts'
import { breakChannel, breakCheck } from '../support/unreadable.ts'

let engine: TestEngine
let registry: Registry
let heartbeats: Heartbeats
let lookups: Lookups
let windows: Windows
let journal: Journal
let audits: Audits
let aws: Loopback
let local: readonly string[]

beforeAll(async () => {
  engine = await makeTables()
  registry = new Registry(engine.database, engine.names.Registry)
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  lookups = new Lookups(engine.database, engine.names.Lookups)
  windows = new Windows(engine.database, engine.names.Registry)
  journal = new Journal(engine.database, engine.names.Journal)
  audits = new Audits(engine.database, engine.names.Journal)
  const sync = makeSyncHandler({
    registry,
    heartbeats,
    lookups,
    windows,
    operations: new Operations(engine.database, engine.names.Operations),
    clock: { now: () => start },
  })
  aws = await serveAws(engine, (event) => sync(event as { readonly reconcile: true }))
  local = ['--local', aws.url]
})
afterAll(async () => {
  await aws.stop()
  await engine.stop()
})

async function lastAudit(projectId: string) {
  const [entry] = await audits.of(projectId, { limit: 1 }, start)
  return entry
}

type Run = { readonly status: number | null; readonly out: string; readonly err: string }

async function overdue(args: readonly string[]): Promise<Run> {
  const terminal = makeTerminal()
  const status = await runCommand(args, terminal)
  const { out, err } = terminal.seen()
  return { status, out, err }
}

/** Runs the command in a process of its own, with no more of an environment than it needs. */
async function overdueProcess(args: readonly string[]): Promise<Run> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' }
  const child = spawn(process.execPath, ['bin/operate.ts', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { status, out, err }
}

const aProject = ['project', 'create', '--name', 'Shop', '--email', 'ops@example.com']

describe('overdue project create', () => {
  it('makes a project and shows its keys, the way to ping, and how to create a check', async () => {
    const run = await overdueProcess([...aProject, ...local])

    const key = /hcw_[a-zA-Z0-9]{28}/.exec(run.out)?.[0] ?? ''
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toContain("can't be shown again")
    expect(run.out).toContain('https://ping.example.com/ping')
    expect(run.out).toContain(`curl https://api.example.com/api/v3/checks/ -H 'X-Api-Key: ${key}'`)
    expect(await registry.access(key)).toMatchObject({ access: 'read-write' })
  })

  it('answers in JSON when asked', async () => {
    const run = await overdue([...aProject, '--limit', '7', '--json', ...local])

    const answer = JSON.parse(run.out) as {
      readonly apiKeyReadonly: string
      readonly pingKey: string
      readonly project: { readonly id: string }
    }
    expect(answer).toMatchObject({
      email: 'ops@example.com',
      project: { name: 'Shop', checkLimit: 7 },
      apiRoot: 'https://api.example.com/api/v3',
    })
    expect(await lookups.isPingKey(answer.pingKey)).toBe(true)
    expect(await registry.access(answer.apiKeyReadonly)).toMatchObject({
      projectId: answer.project.id,
      access: 'read-only',
    })
  })
})

describe('overdue project list', () => {
  it('shows each project with the number of its checks', async () => {
    const created = await registry.createProject(
      { name: 'Listed', email: 'ops@example.com', checkLimit: 5 },
      start,
      random,
    )
    const { project } = created === 'key-taken' ? expect.unreachable() : created
    await registry.createCheck(aCheck({ id: random.uuid(), projectId: project.id }), { limit: 5 })

    const [forPeople, forPrograms] = await Promise.all([
      overdue(['project', 'list', ...local]),
      overdue(['project', 'list', '--json', ...local]),
    ])

    expect(forPeople.out).toContain(`${project.id}  2026-01-01  1 of 5`)
    const { projects } = JSON.parse(forPrograms.out) as { readonly projects: readonly object[] }
    expect(projects).toContainEqual({
      id: project.id,
      name: 'Listed',
      checkLimit: 5,
      createdAt: '2026-01-01T00:00:00.000Z',
      checks: 1,
      neverPinged: [],
    })
  })

  it('names the checks that were never pinged by the end of their first period and grace time', async () => {
    const { project } = await aProjectHere()
    for (const name of ['silent', 'pinged', 'unborn']) {
      const check = aCheck({
        id: random.uuid(),
        projectId: project.id,
        name,
        createdAt: name === 'unborn' ? Date.now() + CLOCK_AHEAD_MS : Date.now(),
      })
      await registry.createCheck(check, { limit: 5 })
      await heartbeats.define(check.id, definitionOf(check))
      if (name === 'pinged') await heartbeats.recordPing(check.id, aPing())
    }

    const [forPeople, forPrograms] = [
      await overdue(['project', 'list', ...local]),
      await overdue(['project', 'list', '--json', ...local]),
    ]

    expect(forPeople.out).toMatch(
      /^Never pinged by the end of .*:\n(?: {2}.*\n)* {2}Here: silent$/m,
    )
    const { projects } = JSON.parse(forPrograms.out) as { readonly projects: readonly object[] }
    expect(projects).toContainEqual(
      expect.objectContaining({ id: project.id, checks: 3, neverPinged: ['silent'] }),
    )
  })
})

async function aProjectHere(): Promise<CreatedProject> {
  const created = await registry.createProject(
    { name: 'Here', email: 'ops@example.com' },
    start,
    random,
  )
  return created === 'key-taken' ? expect.unreachable() : created
}

describe('overdue project delete', () => {
  it('says what would go, and deletes nothing, until --yes is given', async () => {
    const { project, apiKey } = await aProjectHere()
    await registry.createCheck(aCheck({ id: random.uuid(), projectId: project.id }), { limit: 5 })

    const run = await overdue(['project', 'delete', project.id, ...local])

    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toContain(
      'nothing is deleted yet: the project "Here" goes with 1 check, 1 channel and its keys',
    )
    expect(run.err).toContain('--yes')
    expect(await registry.access(apiKey)).toBeDefined()
  })

  it('takes checks, channels and keys along, so that pings are unknown', async () => {
    const [doomed, other] = [await aProjectHere(), await aProjectHere()]
    const checks = Array.from({ length: 60 }, () =>
      aCheck({ id: random.uuid(), projectId: doomed.project.id }),
    )
    for (const check of checks) {
      await registry.createCheck(check, { limit: 100 })
      await heartbeats.define(check.id, definitionOf(check))
    }

    const run = await overdue(['project', 'delete', doomed.project.id, '--yes', '--json', ...local])

    expect(JSON.parse(run.out)).toEqual({ project: doomed.project.id, name: 'Here', checks: 60 })
    expect(run.status).toBe(0)
    expect(await registry.project(doomed.project.id)).toBeUndefined()
    expect(await registry.channels(doomed.project.id)).toEqual([])
    expect(await registry.access(doomed.apiKey)).toBeUndefined()
    expect(await registry.existing(checks.map(({ id }) => id))).toEqual(new Set())
    expect(await heartbeats.recordPing(checks[0]?.id ?? '', aPing())).toBe('missing')
    expect(await registry.access(other.apiKey)).toBeDefined()
    expect((await registry.projects()).map(({ id }) => id)).toContain(other.project.id)
  })

  it('takes along what cannot be read', async () => {
    const { project, channel } = await aProjectHere()
    const check = aCheck({ id: random.uuid(), projectId: project.id })
    await registry.createCheck(check, { limit: 5 })
    await lookups.define(check.id, lookupOf(check, project.pingKey))
    await breakCheck(engine, project.id, check.id)
    await breakChannel(engine, project.id, channel.id)

    expect((await overdue(['project', 'delete', project.id, ...local])).err).toContain(
      'with 1 check, 1 channel and',
    )
    const run = await overdue(['project', 'delete', project.id, '--yes', '--json', ...local])

    expect(run).toMatchObject({ status: 0 })
    expect(JSON.parse(run.out)).toMatchObject({ checks: 1 })
    expect(await registry.project(project.id)).toBeUndefined()
    expect(await registry.existing([check.id])).toEqual(new Set())
    expect(await lookups.checksBehind({ pingKey: project.pingKey, slug: check.slug })).toEqual([])
  })

  it.each(['version', 'badgeKey'])(
    'names a check without a readable %s, which it cannot delete, and says what to do',
    async (field) => {
      const { project } = await aProjectHere()
      const [odd, whole] = [
        aCheck({ id: random.uuid(), projectId: project.id }),
        aCheck({ id: random.uuid(), projectId: project.id }),
      ]
      for (const check of [odd, whole]) await registry.createCheck(check, { limit: 5 })
      await breakCheck(engine, project.id, odd.id, field)

      const run = await overdue(['project', 'delete', project.id, '--yes', ...local])

      expect(run.status).toBe(1)
      expect(run.err).toContain(`checks ${odd.id} can't be deleted`)
      expect(run.err).toContain(
        `in the Registry table, under project#${project.id}, and run this again`,
      )
      expect(await registry.existing([odd.id, whole.id])).toEqual(new Set([odd.id]))

      await engine.database.put({ table: engine.names.Registry, item: checkItem(odd) })
      expect(await overdue(['project', 'delete', project.id, '--yes', ...local])).toMatchObject({
        status: 0,
      })
    },
  )

  it('does not know an unknown project', async () => {
    const run = await overdue(['project', 'delete', 'nothing', '--yes', ...local])

    expect(run).toMatchObject({
      status: 1,
      out: '',
      err: 'overdue: there is no project nothing; overdue project list shows all\n',
    })
  })
})

describe('overdue keys', () => {
  it('lists kinds and ages, and no key', async () => {
    const { project, apiKey, pingKey } = await aProjectHere()

    const run = await overdue(['keys', 'list', ...local])

    expect(run.status).toBe(0)
    for (const kind of ['read-write', 'read-only ', 'ping      '])
      expect(run.out).toContain(`${project.id}  ${kind}  2026-01-01  `)
    expect(run.out).not.toContain(apiKey)
    expect(run.out).not.toContain(pingKey)
  })

  it('rotates a key: the new one works, the old one stops, the others stay', async () => {
    const { project, apiKey, apiKeyReadonly } = await aProjectHere()

    const run = await overdue(['keys', 'rotate', project.id, '--json', ...local])

    const { key } = JSON.parse(run.out) as { readonly key: string }
    expect(await registry.access(key)).toMatchObject({
      projectId: project.id,
      access: 'read-write',
      name: 'read-write',
    })
    expect(await registry.access(apiKey)).toBeUndefined()
    expect(await registry.access(apiKeyReadonly)).toBeDefined()
    expect(await lastAudit(project.id)).toMatchObject({
      actor: { kind: 'operator' },
      action: 'key-replaced',
      subject: { name: 'read-write' },
    })
  })

  it('makes a key by name, which opens the project until it is revoked', async () => {
    const { project } = await aProjectHere()
    const wanted = ['--name', 'ci', '--access', 'read-only', '--json']

    const run = await overdue(['keys', 'add', project.id, ...wanted, ...local])

    const { key } = JSON.parse(run.out) as { readonly key: string }
    expect(await registry.access(key)).toMatchObject({ access: 'read-only', name: 'ci' })
    expect((await overdue(['keys', 'list', ...local])).out).toContain('ci')
    const revoked = await overdue(['keys', 'revoke', project.id, 'ci', ...local])
    expect(revoked.out).toContain('The read-only API key "ci" opens nothing any more.')
    expect(await registry.access(key)).toBeUndefined()
    expect(await lastAudit(project.id)).toMatchObject({ action: 'key-revoked' })
  })

  it('asks which key is meant where there are several of a kind', async () => {
    const { project } = await aProjectHere()
    await overdue(['keys', 'add', project.id, '--name', 'ci', ...local])

    const run = await overdue(['keys', 'rotate', project.id, ...local])
    const named = await overdue(['keys', 'rotate', project.id, '--key', 'ci', ...local])

    expect(run).toMatchObject({ status: 1, err: expect.stringContaining('--key') as string })
    expect(named.status).toBe(0)
  })

  it('leaves a project its last key', async () => {
    const { project } = await aProjectHere()
    await overdue(['keys', 'revoke', project.id, 'read-only', ...local])

    const run = await overdue(['keys', 'revoke', project.id, 'read-write', ...local])

    expect(run).toMatchObject({ status: 1, err: expect.stringContaining('rotate it') as string })
  })

  it('rotates a ping key', async () => {
    const { project, pingKey } = await aProjectHere()

    const run = await overdue(['keys', 'rotate', project.id, '--kind', 'ping', ...local])

    const now = (await registry.project(project.id))?.pingKey
    expect(now).not.toBe(pingKey)
    expect(run.out).toContain(`\n  ${now}\n`)
  })

  it('does not know an unknown project', async () => {
    const run = await overdue(['keys', 'rotate', 'nothing', ...local])

    expect(run).toMatchObject({
      status: 1,
      out: '',
      err: 'overdue: there is no project nothing; overdue project list shows all\n',
    })
  })
})

describe('overdue log', () => {
  it('shows pings, changes and tolerated misses of a check, newest first', async () => {
    const { project } = await aProjectHere()
    const check = aCheck({ id: random.uuid(), projectId: project.id })
    await registry.createCheck(check, { limit: 1 })
    const { signal, requestId: _, ...details } = aPing({ at: start, exitStatus: 0 })
    const flip = { at: start, count: 0, status: 'up', from: 'new', reason: '' } as const
    await journal.put(
      [
        { checkId: check.id, ping: { ...details, type: signal, number: 1 } },
        { checkId: check.id, flip: { ...flip, checkId: check.id } },
        { checkId: check.id, miss: { at: start + 60_000, kind: 'missed' } },
      ],
      2 ** 40,
    )

    const listed = await overdue(['log', check.id, ...local])
    const asJson = await overdue(['log', check.id, '--json', ...local])

    expect(listed.out).toMatch(
      / missed +tolerated\n.* success +ping 1, exit status 0\n.* up +was new\n$/,
    )
    expect(JSON.parse(asJson.out)).toMatchObject({
      log: [{ at: new Date(start + 60_000).toISOString(), what: 'missed' }, {}, {}],
    })
  })

  it('does not know an unknown check', async () => {
    const run = await overdue(['log', random.uuid(), ...local])

    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toContain('there is no check')
  })
})

describe('overdue window list --project', () => {
  it('lists the windows of any project, and when each is next', async () => {
    const { project } = await aProjectHere()
    const schedule = { kind: 'oncalendar', expression: '2099-12-31 23:00' } as const
    const times = { kind: 'recurring', schedule, timeZone: 'UTC' } as const
    const all = [
      aWindow({ name: 'old', times: { kind: 'once', startAt: 0 } }),
      aWindow({ id: random.uuid(), name: 'new year', tags: 'db', times }),
    ]
    await windows.replace(project.id, { revision: 1, windows: all })

    const listed = await overdue(['window', 'list', '--project', project.id, ...local])
    const asJson = await overdue(['window', 'list', '--project', project.id, '--json', ...local])

    expect(listed.out).toMatch(/ past +1 h +all +old\n.* 2099-12-31T23:00.* +db +new year\n$/)
    expect(JSON.parse(asJson.out)).toMatchObject({
      windows: [
        { name: 'old', start: '1970-01-01T00:00:00+00:00', next_start: null },
        { schedule: '2099-12-31 23:00', tz: 'UTC', next_end: '2100-01-01T00:00:00+00:00' },
      ],
    })
  })

  it('does not know an unknown project', async () => {
    const run = await overdue(['window', 'list', '--project', 'nothing', ...local])

    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toContain('there is no project nothing')
  })
})

describe('overdue reconcile', () => {
  it('tells what was found and repaired', async () => {
    const orphan = random.uuid()
    await heartbeats.define(orphan, definitionOf(aCheck()))

    const [repairing, repeated] = [
      await overdue(['reconcile', '--json', ...local]),
      await overdue(['reconcile', ...local]),
    ]

    expect(JSON.parse(repairing.out)).toMatchObject({ orphaned: 1, failed: 0 })
    expect(await heartbeats.read(orphan)).toBeUndefined()
    expect(repeated).toMatchObject({ status: 0, err: 'overdue: reconciling all checks\n' })
    expect(repeated.out).toMatch(
      /^Compared \d+ checks with \d+ heartbeats: 0 missing, 0 stale, 0 orphaned, 0 lookups and 0 notes of windows out of date; 0 repaired\.\n$/,
    )
  })

  it('fails with what the deployment says', async () => {
    const check = aCheck({ id: random.uuid() })
    const item = { ...checkItem(check), graceSeconds: 'long' }
    await engine.database.put({ table: engine.names.Registry, item })

    const run = await overdue(['reconcile', ...local])
    await registry.deleteCheck(check)

    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toMatch(/^overdue: reconcile failed for 1 of \d+ checks/m)
  })
})

describe('overdue', () => {
  it.each([
    [[], /Usage: overdue/],
    [['project', 'lst'], /unknown command 'lst' \(Did you mean list\?\)/],
    [['project', 'create', '--name', 'Shop'], /required option '--email <address>' not specified/],
    [
      ['project', 'create', '--name', ' ', '--email', 'a@b.example'],
      /argument ' ' is invalid. It takes one line of 1 to 100 characters/,
    ],
    [
      ['project', 'create', '--name', 'Shop', '--email', 'ops@'],
      /argument 'ops@' is invalid. It takes an e-mail address/,
    ],
    [
      [...aProject, '--limit', '0'],
      /argument '0' is invalid. It takes a whole number from 1 to 100000/,
    ],
    [
      ['reconcile', '--region', 'Frankfurt'],
      /argument 'Frankfurt' is invalid. It takes an AWS region/,
    ],
    [['project', 'delete'], /missing required argument 'id'/],
    [
      ['keys', 'rotate', 'x', '--kind', 'all'],
      /argument 'all' is invalid. Allowed choices are read-write, read-only, ping/,
    ],
    [
      ['reconcile', '--local', 'ftp://x'],
      /argument 'ftp:\/\/x' is invalid. It takes the address of a local stack/,
    ],
  ])('says what is wrong with %j', async (args, message) => {
    const run = await overdue(args)

    expect(run).toMatchObject({ status: 2, out: '' })
    expect(run.err).toMatch(message)
  })

  it.each([
    '',
    'project',
    'project create',
    'project list',
    'project delete',
    'keys list',
    'user add',
    'user list',
    'user role',
    'user remove',
    'keys add',
    'keys revoke',
    'keys rotate',
    'reconcile',
    'redrive',
    'export',
    'import overdue',
  ])('has help on "%s"', async (command) => {
    const run = await overdue([...command.split(' ').filter((word) => word !== ''), '--help'])

    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toMatch(/Usage: overdue/)
  })

  it('says that nothing answers where the local stack should', async () => {
    const url = `http://127.0.0.1:${await freePort()}`

    const run = await overdue(['project', 'list', '--local', url])

    expect(run.status).toBe(1)
    expect(run.err).toBe(
      `overdue: no local stack answers at ${url}; start one with npm start, or give its address as --local <url>\n`,
    )
  })

  it('says that there is no such stack', async () => {
    const run = await overdue(['project', 'list', '--stack', 'Overdew', ...local])

    expect(run.status).toBe(1)
    expect(run.err).toMatch(/^overdue: there is no stack Overdew in .*--stack.*\n$/)
  })

  it('says that there are no credentials', async () => {
    const run = await overdueProcess(['project', 'list', '--region', 'eu-central-1'])

    expect(run).toEqual({
      status: 1,
      out: '',
      err: 'overdue: no AWS credentials found; log in, or set AWS_PROFILE\n',
    })
  })

  it('says that there is no region', async () => {
    const run = await overdueProcess(['project', 'list'])

    expect(run).toEqual({
      status: 1,
      out: '',
      err: 'overdue: no AWS region is configured; give it as --region, or set AWS_REGION\n',
    })
  })
})
