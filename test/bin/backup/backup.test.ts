import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Backup } from '../../../bin/operate/backup/document.ts'
import { type Channel } from '../../../lambdas/channels/kinds.ts'
import { occasions } from '../../../lambdas/domain/telling/channel.ts'
import { aServiceChannel, serviceNames } from '../../support/services.ts'
import { type Check, definitionOf } from '../../../lambdas/domain/watching/check.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { Backups } from '../../../lambdas/store/registry/backups.ts'
import { Channels } from '../../../lambdas/store/registry/channels.ts'
import { registryKeys } from '../../../lambdas/store/keys.ts'
import { Lookups } from '../../../lambdas/store/registry/lookups.ts'
import type { Window } from '../../../lambdas/domain/watching/window.ts'
import { Users } from '../../../lambdas/store/people/users.ts'
import { Windows } from '../../../lambdas/store/registry/windows.ts'
import { ApiKeys } from '../../../lambdas/store/registry/api-keys.ts'
import { Projects } from '../../../lambdas/store/registry/projects.ts'
import { aWebhook } from '../../support/alerts.ts'
import { aCheck, aPing, aWindow, hour, start, withAllRules } from '../../support/builders.ts'
import { makeOperator, type Operator } from '../../support/operator.ts'
import { breakCheck } from '../../support/unreadable.ts'

let folder: string
let file: string
let source: Operator
let target: Operator
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overdue-'))
  file = join(folder, 'backup.json')
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(
  async () => void ([source, target] = await Promise.all([makeOperator(), makeOperator()])),
)
afterEach(() => Promise.all([source.stop(), target.stop()]))

const text = (most: number) => fc.string({ unit: 'grapheme', maxLength: most })
const call = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT' as const),
  url: fc.webUrl(),
  headers: fc.dictionary(fc.stringMatching(/^[A-Za-z-]{1,20}$/), text(20)),
  body: text(50),
})
const base = {
  id: fc.uuid(),
  name: text(20),
  version: fc.nat(9),
  createdAt: fc.integer({ min: start, max: start + 5 }),
}
const signing = fc.array(
  fc.record({ secret: text(20), until: fc.nat() }, { requiredKeys: ['secret'] }),
  { maxLength: 2 },
)
const verification = fc.oneof(
  fc.record({ state: fc.constant('verified' as const), at: fc.nat() }),
  fc.record({
    state: fc.constant('pending' as const),
    tokenHash: fc.constant('h'),
    mailedAt: fc.nat(),
    expiresAt: fc.nat(),
  }),
)
const keeper = fc.constantFrom<Pick<Check, 'managedBy'>>(
  {},
  { managedBy: 'apply:Backups' },
  { managedBy: 'source' },
)
const channel: fc.Arbitrary<Channel> = fc.oneof(
  fc.record({
    ...base,
    kind: fc.constant('email' as const),
    address: fc.emailAddress(),
    verification,
  }),
  fc.record(
    { ...base, kind: fc.constant('webhook' as const), down: call, up: call, signing },
    { requiredKeys: [...keysOf(base), 'kind'] },
  ),
  fc.record({ ...base, kind: fc.constant('sns' as const), topicArn: text(30) }),
  fc
    .tuple(fc.record(base), fc.constantFrom(...serviceNames()), fc.subarray([...occasions]), keeper)
    .map(([fields, kind, on, kept]) => ({ ...aServiceChannel(kind), ...fields, on, ...kept })),
)
const check = fc
  .record({
    id: fc.uuid(),
    badgeKey: fc.uuid(),
    version: fc.nat(99),
    createdAt: fc.integer({ min: start, max: start + 5 }),
    name: text(100),
    slug: fc.stringMatching(/^[a-z0-9_-]{0,10}$/),
    tags: text(50),
    description: text(200),
    schedule: fc.oneof(
      fc.record({
        kind: fc.constant('simple' as const),
        periodSeconds: fc.integer({ min: 60, max: 31_536_000 }),
      }),
      fc.constant({ kind: 'cron', expression: '30 3 * * *' } as const),
      fc.constant({ kind: 'oncalendar', expression: 'Mon..Fri 09:00' } as const),
    ),
    timeZone: fc.constantFrom('UTC', 'Europe/Riga', 'America/New_York'),
    graceSeconds: fc.integer({ min: 60, max: 31_536_000 }),
    methods: fc.constantFrom('', 'POST' as const),
    manualResume: fc.boolean(),
    channelIds: fc.array(fc.uuid(), { maxLength: 3 }),
    rules: fc.option(fc.constant(withAllRules().rules), { nil: undefined }),
    keeper,
  })
  .map(({ rules, keeper, ...fields }) => aCheck({ ...fields, ...(rules && { rules }), ...keeper }))
const window = fc
  .record({
    id: fc.uuid(),
    name: text(20),
    tags: text(20),
    lengthSeconds: fc.integer({ min: 60, max: 2_592_000 }),
    times: fc.oneof(
      fc.record({ kind: fc.constant('once' as const), startAt: fc.nat() }),
      fc.constant({
        kind: 'recurring',
        schedule: { kind: 'cron', expression: '0 2 * * 0' },
        timeZone: 'Europe/Riga',
      } as const),
    ),
    keeper,
  })
  .map(({ keeper, ...fields }) => aWindow({ ...fields, ...keeper }))
const projects = fc.array(
  fc.record({
    windows: fc.array(window, { maxLength: 3 }),
    checks: fc.array(check, { maxLength: 40 }),
    channels: fc.array(channel, { maxLength: 5 }),
  }),
  {
    maxLength: 3,
  },
)

function keysOf<T extends object>(object: T): (keyof T)[] {
  return Object.keys(object) as (keyof T)[]
}

/** Makes projects as the API and the operator do. */
async function fill(
  operator: Operator,
  content: readonly {
    readonly checks: readonly Check[]
    readonly channels: readonly Channel[]
    readonly windows?: readonly Window[]
  }[],
) {
  const channels = new Channels(operator.engine.database, operator.engine.names.Registry)
  const made = []
  for (const each of content) {
    const created = await operator.project()
    for (const one of each.channels) await channels.create(created.project.id, one)
    if (each.windows !== undefined && each.windows.length > 0)
      await new Windows(operator.engine.database, operator.engine.names.Registry).replace(
        created.project.id,
        { revision: 1, windows: each.windows },
      )
    for (const one of each.checks)
      await operator.registry.createCheck(
        { ...one, projectId: created.project.id },
        { limit: 1000 },
      )
    made.push(created)
  }
  return made
}

async function exported(operator: Operator): Promise<string> {
  const run = await operator.run('export')
  expect(run.status).toBe(0)
  return run.out
}

/** Restores a text. */
async function restore(content: string, operator = target) {
  await writeFile(file, content)
  return operator.run('import', 'overdue', file, '--json')
}

describe('a back-up', () => {
  it('knows how old keys are', async () => {
    const { project } = await source.project()
    const { database, names } = source.engine
    const projects = new Projects(database, names.Registry)
    await projects.rotatePingKey(project.id, { key: random.uuid(), now: start + hour })
    const key = random.uuid()
    const wanted = { key, name: 'ci', access: 'read-only', by: 'ana@example.com' } as const
    const apiKeys = new ApiKeys(database, names.Registry)
    await apiKeys.add(project.id, { ...wanted, createdAt: start + hour })

    const [backup] = (JSON.parse(await exported(source)) as Backup).projects

    expect(backup?.pingKeyCreatedAt).toBe(start + hour)
    expect(backup?.apiKeys.find(({ name }) => name === 'ci')).toMatchObject({
      createdAt: start + hour,
      by: 'ana@example.com',
    })
  })

  it('is the same text again after it was restored, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(projects, async (content) => {
        const [one, other] = await Promise.all([makeOperator(), makeOperator()])
        try {
          const [first] = await fill(one, content)
          const { database, names } = one.engine
          if (first)
            await new Projects(database, names.Registry).rotatePingKey(first.project.id, {
              key: random.uuid(),
              now: start + hour,
            })
          const before = await exported(one)

          expect(await restore(before, other)).toMatchObject({ status: 0 })

          expect(await exported(other)).toBe(before)
        } finally {
          await Promise.all([one.stop(), other.stop()])
        }
      }),
      { numRuns: 8 },
    )
  })

  it('gives windows numbers of their own, and a revision above all that was before', async () => {
    const windows = [aWindow({ number: 7 }), aWindow({ id: random.uuid(), number: 3 })]
    const [made] = await fill(source, [{ checks: [], channels: [], windows }])
    const projectId = made?.project.id ?? ''

    const restored = await restore(await exported(source))

    expect(JSON.parse(restored.out)).toMatchObject({ restored: { windows: 2 } })
    const { database, names } = target.engine
    const { revision, windows: found } = await new Windows(database, names.Registry).of(projectId)
    expect(revision).toBeGreaterThan(1_000_000_000)
    expect(found).toEqual(windows.map((window, number) => ({ ...window, number, since: revision })))
  })

  it('brings users and their roles back, who sign in anew', async () => {
    const { project } = await source.project()
    const [ana, bob] = [`${random.uuid()}@example.com`, `${random.uuid()}@example.com`]
    await source.run('user', 'add', ana, '--role', 'owner', '--name', 'Ana')
    await source.run('user', 'add', ana, '--role', 'member', '--project', project.id)
    await source.run('user', 'add', bob, '--role', 'read-only', '--project', project.id)
    const before = await exported(source)

    expect(JSON.parse((await restore(before)).out)).toMatchObject({ restored: { users: 2 } })

    expect(await exported(target)).toBe(before)
    const users = new Users(target.engine.database, target.engine.names.Registry)
    const user = (await users.byEmail(ana)) ?? expect.unreachable()
    expect((await users.visit(user.id))?.memberships).toHaveLength(2)
    expect(await users.membersOf(project.id)).toHaveLength(2)
    // The last owner is known as such.
    expect((await target.run('user', 'remove', ana)).err).toContain('the last owner')
  })

  it('brings nobody back who was taken out since', async () => {
    await source.project()
    const [ana, bob] = [`${random.uuid()}@example.com`, `${random.uuid()}@example.com`]
    for (const email of [ana, bob]) await source.run('user', 'add', email, '--role', 'owner')
    const before = await exported(source)
    await restore(before)
    await target.run('user', 'remove', bob)

    await restore(before)

    const users = new Users(target.engine.database, target.engine.names.Registry)
    expect(await users.byEmail(bob)).toBeUndefined()
  })

  it('refuses a deployment that has somebody else', async () => {
    await source.project()
    const before = await exported(source)
    await target.run('user', 'add', 'eve@example.com', '--role', 'owner')

    const { status, err } = await restore(before)

    expect(status).toBe(1)
    expect(err).toContain('it has the user eve@example.com')
  })

  it('keeps keys working, badges, verified addresses and the count of checks', async () => {
    const [made] = await fill(source, [{ checks: [aCheck({ id: random.uuid() })], channels: [] }])
    if (made === undefined) return expect.unreachable()

    const restored = await restore(await exported(source))

    expect(JSON.parse(restored.out)).toEqual({
      restored: { projects: 1, checks: 1, channels: 1 },
      kept: [],
      differing: [],
    })
    const { id } = made.project
    expect(await target.registry.access(made.apiKey)).toMatchObject({
      projectId: id,
      access: 'read-write',
    })
    expect(await target.registry.access(made.apiKeyReadonly)).toMatchObject({
      projectId: id,
      access: 'read-only',
    })
    expect(await target.registry.projectOf(made.pingKey)).toEqual(made.project)
    expect(await target.registry.channels(id)).toEqual([made.channel])
    expect(await target.registry.census(id)).toMatchObject({ checks: 1 })
    const [check] = await target.registry.checks(id)
    expect(await target.registry.checkByBadgeKey(check?.badgeKey ?? '')).toEqual(check)
  })

  it('lets pings in at once, and says of each check that its state is lost', async () => {
    const id = random.uuid()
    const slug = 'backup'
    const [made] = await fill(source, [{ checks: [aCheck({ id, slug })], channels: [] }])
    const pingKey = made?.project.pingKey ?? ''

    await restore(await exported(source))

    const lookups = new Lookups(target.engine.database, target.engine.names.Lookups)
    expect(await lookups.checksBehind({ pingKey, slug })).toEqual([id])
    expect(await target.heartbeats.read(id)).toMatchObject({
      status: 'new',
      version: 1,
      lostAt: expect.any(Number) as number,
    })
    expect(await target.heartbeats.recordPing(id, aPing())).toEqual({ number: 1 })
  })

  it('holds the secrets by which requests are signed, and says that it is to be kept', async () => {
    const signing = [{ secret: 'whsec_bmV3' }, { secret: 'whsec_b2xk', until: start }]
    const signed = { ...aWebhook(), id: random.uuid(), signing }
    const before = { ...aWebhook(), id: random.uuid() }
    const [made = expect.unreachable()] = await fill(source, [
      { checks: [], channels: [signed, before] },
    ])

    const run = await source.run('export')
    await restore(run.out)

    expect(run.err).toContain('keep this as you keep a password')
    expect(run.err).toContain('the secrets of channels')
    expect(await target.registry.channels(made.project.id)).toEqual(
      expect.arrayContaining([signed, before]),
    )
    const spoiled = await restore(run.out.replace('"until": ', '"until": "x", "was": '))
    expect(spoiled.err).toMatch(/signing\[1\].* got something else/)
  })

  it('shows no secret of a service in the error of a document', async () => {
    const channel = { ...aServiceChannel('telegram'), id: random.uuid() }
    await fill(source, [{ checks: [], channels: [channel] }])
    const backup = await exported(source)

    const run = await restore(backup.replace(/"token": "(\d+):\w+"/, '"token": $1'))

    expect(run.err).toMatch(/token: .*, got something else/)
  })

  it('leaves channels from before versions as they were, so that they can be changed', async () => {
    const [made] = await fill(source, [{ checks: [], channels: [] }])
    if (made === undefined) return expect.unreachable()
    const Key = marshall(registryKeys.channel(made.project.id, made.channel.id))
    const TableName = source.engine.names.Registry
    await source.engine.client.send(
      new UpdateItemCommand({ TableName, Key, UpdateExpression: 'REMOVE version, verification' }),
    )

    const before = await exported(source)
    await restore(before)

    expect(await exported(target)).toBe(before)
    const channels = new Channels(target.engine.database, target.engine.names.Registry)
    const stored = (await channels.read(made.project.id, made.channel.id)) ?? expect.unreachable()
    const after = { ...stored, version: 1 }
    expect(await channels.update(made.project.id, { before: stored, after })).toBe('written')
  })

  it('goes to a file that only its owner may read', async () => {
    await fill(source, [{ checks: [], channels: [] }])
    await writeFile(file, 'old')
    await chmod(file, 0o644)

    const run = await source.run('export', '--out', file, '--json')

    expect(JSON.parse(run.out)).toEqual({ file, projects: 1, checks: 0, channels: 1 })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).toBe(await exported(source))
  })
})

describe('a restore', () => {
  it('that was broken off goes on, and done again it changes nothing', async () => {
    const checks = Array.from({ length: 70 }, () => aCheck({ id: random.uuid() }))
    const [made] = await fill(source, [
      { checks, channels: [] },
      { checks: [], channels: [] },
    ])
    const before = await exported(source)
    const backups = new Backups(target.engine.database, target.engine.names.Registry)
    if (made === undefined) return expect.unreachable()
    await backups.addProject(made.project)
    for await (const _ of backups.addChecks(
      made.project.id,
      (await source.registry.checks(made.project.id)).slice(0, 30),
    ));
    expect(await target.registry.access(made.apiKey)).toBeUndefined()

    const rest = await restore(before)
    const again = await restore(before)

    expect(rest.status).toBe(0)
    expect(await exported(target)).toBe(before)
    expect(again).toMatchObject({ status: 0 })
    expect(JSON.parse(again.out)).toMatchObject({
      restored: { projects: 0 },
      kept: [expect.any(String), expect.any(String)],
      differing: [],
    })
    expect((await target.heartbeats.readMany(checks.map(({ id }) => id))).size).toBe(70)
  })

  it('refuses a deployment that has something else, naming it, and changes nothing', async () => {
    await fill(source, [{ checks: [], channels: [] }])
    const { project } = await target.project()
    const before = await exported(target)

    const refused = await restore(await exported(source))

    expect(refused).toMatchObject({ status: 1, out: '' })
    expect(refused.err).toContain(
      `the deployment is not empty: it has the project "Here" (${project.id})`,
    )
    expect(await exported(target)).toBe(before)
  })

  it('names what cannot be read, and changes nothing', async () => {
    const [check, missing] = [aCheck({ id: random.uuid() }), aCheck({ id: random.uuid() })]
    const [made = expect.unreachable()] = await fill(source, [
      { checks: [check, missing], channels: [] },
    ])
    const backup = await exported(source)
    const backups = new Backups(target.engine.database, target.engine.names.Registry)
    await backups.addProject(made.project)
    for await (const _ of backups.addChecks(made.project.id, [
      { ...check, projectId: made.project.id },
    ]));
    await breakCheck(target.engine, made.project.id, check.id)

    const refused = await restore(backup)

    expect(refused).toMatchObject({ status: 1, out: '' })
    expect(refused.err).toContain(
      `nothing is restored: these items of the registry are there, but can't be read: ${check.id}`,
    )
    expect(await target.registry.census(made.project.id)).toMatchObject({ checks: 1 })
    expect(await target.registry.channels(made.project.id)).toEqual([])
  })

  it('leaves alone what was changed since it was restored, says so, and fails', async () => {
    const [made] = await fill(source, [{ checks: [aCheck({ id: random.uuid() })], channels: [] }])
    const backup = await exported(source)
    await restore(backup)
    const [check] = await target.registry.checks(made?.project.id ?? '')
    if (check === undefined) return expect.unreachable()
    await target.registry.updateCheck(check, { ...check, name: 'renamed', version: 2 })
    const before = await exported(target)

    const again = await restore(backup)

    expect(again.status).toBe(1)
    expect(JSON.parse(again.out)).toMatchObject({ differing: [made?.project.id] })
    expect(await exported(target)).toBe(before)
  })

  it('does not put a deleted project beside one that is in use', async () => {
    await fill(source, [
      { checks: [], channels: [] },
      { checks: [], channels: [] },
    ])
    const [one] = await source.registry.projects()
    const backup = await exported(source)
    await source.run('project', 'delete', one?.id ?? '', '--yes')

    const refused = await restore(backup, source)

    expect(refused).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringContaining('can be in use there') as string,
    })
  })

  it('of checks that were deleted just now has them pinged again', async () => {
    const check = aCheck({ id: random.uuid() })
    const [made] = await fill(source, [{ checks: [check], channels: [] }])
    await source.heartbeats.define(check.id, definitionOf(check))
    const backup = await exported(source)
    await source.run('project', 'delete', made?.project.id ?? '', '--yes')

    expect(await restore(backup, source)).toMatchObject({ status: 0 })

    expect(await source.heartbeats.recordPing(check.id, aPing())).toEqual({ number: 1 })
    expect(
      (await source.registry.check(made?.project.id ?? '', check.id))?.version,
    ).toBeGreaterThan(check.version + 1)
  })

  it.each<[string, (backup: string) => string, RegExp]>([
    ['no JSON', () => 'hello', /this is no export of Overdue: it is not JSON/],
    ['other JSON', () => '{"checks": []}', /this is no export of Overdue: it has no schemaVersion/],
    [
      'a newer schema',
      (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2'),
      /schemaVersion must be 1, got 2/,
    ],
    [
      'a wrong value',
      (text) => text.replace('"graceSeconds": 600', '"graceSeconds": "x"'),
      /projects\[0\]\.checks\[0\]\.graceSeconds: .*"x"/,
    ],
    [
      'an odd zone',
      (text) => text.replace('"UTC"', '"Mars"'),
      /checks\[0\]\.timeZone: must be a known time zone, got "Mars"/,
    ],
    [
      'a period that the API does not take',
      (text) => text.replace('"periodSeconds": 3600', '"periodSeconds": 59'),
      /checks\[0\]\.schedule: must be one that runs here/,
    ],
    [
      'a grace time that the API does not take',
      (text) => text.replace('"graceSeconds": 600', '"graceSeconds": 59'),
      /checks\[0\]\.graceSeconds: must be 60–31536000 whole seconds, got 59/,
    ],
    [
      'rules that the API does not take',
      (text) => text.replace('"repeatSeconds": 600', '"repeatSeconds": 1'),
      /checks\[0\]\.rules: must be rules within their bounds/,
    ],
    ...['mood', '__proto__', 'constructor', 'toString'].map(unknownField),
    [
      'a secret in a wrong shape',
      (text) => text.replace(/"pingKey": "/, '"pingKey": "a/'),
      /pingKey: must be letters, .*got something else/,
    ],
  ])('refuses %s, and has written nothing', async (_, spoil, message) => {
    const check = aCheck({ id: random.uuid(), rules: { repeatSeconds: 600 } })
    await fill(source, [{ checks: [check], channels: [] }])

    const refused = await restore(spoil(await exported(source)))

    expect(refused).toMatchObject({ status: 1, out: '' })
    expect(refused.err).toMatch(message)
    expect(await target.registry.projects()).toEqual([])
  })

  it('refuses what stands there twice', async () => {
    await fill(source, [{ checks: [aCheck({ id: random.uuid() })], channels: [] }])
    const backup = JSON.parse(await exported(source)) as { projects: object[] }

    const refused = await restore(
      JSON.stringify({ ...backup, projects: [...backup.projects, ...backup.projects] }),
    )

    expect(refused).toMatchObject({
      status: 1,
      err: expect.stringMatching(/the project id .* stands there twice/) as string,
    })
  })
})

function unknownField(name: string): [string, (backup: string) => string, RegExp] {
  const withField = (text: string) => text.replace('"graceSeconds"', `"${name}": 1, "graceSeconds"`)
  return [
    `an unknown field ${name}`,
    withField,
    new RegExp(`checks\\[0\\]\\.${name}: this program knows no`),
  ]
}
