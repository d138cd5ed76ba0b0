import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../lambdas/domain/watching/check.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { makeProvisionHandler } from '../../lambdas/provision.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Audits } from '../../lambdas/store/people/audits.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { aCheck, start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'
import { breakChannel } from '../support/unreadable.ts'

let engine: TestEngine
let registry: Registry
let heartbeats: Heartbeats
let lookups: Lookups
let audits: Audits
let created: CreatedProject

beforeAll(async () => {
  engine = await makeTables()
  registry = new Registry(engine.database, engine.names.Registry)
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  lookups = new Lookups(engine.database, engine.names.Lookups)
  audits = new Audits(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())
beforeEach(async () => {
  created = await aProject()
})

async function aProject(checkLimit = 10): Promise<CreatedProject> {
  const project = await registry.createProject(
    { name: 'Shop', email: 'ops@example.com', checkLimit },
    start,
    random,
  )
  return project === 'key-taken' ? expect.unreachable() : project
}

async function provision(slug: string, pingKey = created.pingKey) {
  return makeProvisionHandler({
    registry,
    heartbeats,
    lookups,
    audits,
    clock: aClock(start),
    random,
  })({
    pingKey,
    slug,
  })
}

async function checks(): Promise<readonly Check[]> {
  return registry.checks(created.project.id)
}

async function aStoredCheck(fields: Partial<Check>): Promise<Check> {
  const check = aCheck({ id: random.uuid(), projectId: created.project.id, ...fields })
  await registry.createCheck(check, { limit: 10 })
  return check
}

describe('provisioning', () => {
  it('makes a check of the slug, with every channel, that pings know', async () => {
    const answer = await provision('backup')

    const [check] = await checks()
    const schedule = { kind: 'simple', periodSeconds: 86_400 }
    const expected = {
      name: 'backup',
      slug: 'backup',
      schedule,
      graceSeconds: 3600,
      timeZone: 'UTC',
      channelIds: [created.channel.id],
    }
    expect(check).toMatchObject(expected)
    expect(answer).toEqual({ checkId: check?.id, isNew: true })
    expect(await lookups.checksBehind({ pingKey: created.pingKey, slug: 'backup' })).toEqual([
      check?.id,
    ])
    expect(await heartbeats.read(check?.id ?? '')).toMatchObject({
      status: 'new',
      graceSeconds: 3600,
    })
  })

  it('gives the check a channel that cannot be read just then', async () => {
    await breakChannel(engine, created.project.id, created.channel.id)

    await provision('backup')

    expect(await checks()).toMatchObject([{ channelIds: [created.channel.id] }])
  })

  it('makes one check when twenty ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => provision('backup')))

    expect((await checks()).length).toBe(1)
    expect(answers.filter((answer) => 'isNew' in answer && answer.isNew).length).toBe(1)
    expect(new Set(answers.map((answer) => 'checkId' in answer && answer.checkId)).size).toBe(1)
  })

  it('finds a check that pings do not know yet, and tells them', async () => {
    const check = await aStoredCheck({ slug: 'backup' })

    expect(await provision('backup')).toEqual({ checkId: check.id, isNew: false })
    expect(await lookups.checksBehind({ pingKey: created.pingKey, slug: 'backup' })).toEqual([
      check.id,
    ])
    expect(await heartbeats.read(check.id)).toBeDefined()
  })

  it('is refused for a ping key that no project has', async () => {
    expect(await provision('backup', 'unknown')).toEqual({ refusal: 'unknown' })
  })

  it('is refused where two checks share the slug', async () => {
    for (const name of ['one', 'two']) await aStoredCheck({ name, slug: 'backup' })

    expect(await provision('backup')).toEqual({ refusal: 'ambiguous' })
  })

  it('makes no more checks than the project may have, and still finds the last', async () => {
    created = await aProject(1)
    const answers = await Promise.all(Array.from({ length: 5 }, () => provision('first')))

    expect(answers.every((answer) => 'checkId' in answer)).toBe(true)
    expect(await provision('second')).toEqual({ refusal: 'unknown' })
    expect((await checks()).map(({ slug }) => slug)).toEqual(['first'])
  })

  it('makes no more than sixty in a minute, still finds those that are there, and goes on in the next', async () => {
    created = await aProject(200)
    const time = { now: start }
    const clock = { ...aClock(start), now: () => time.now }
    const make = (slug: string) =>
      makeProvisionHandler({ registry, heartbeats, lookups, audits, clock, random })({
        pingKey: created.pingKey,
        slug,
      })
    for (let made = 0; made < 60; made += 1)
      expect(await make(`slug-${made}`)).toMatchObject({ isNew: true })

    expect(await make('one-more')).toEqual({ refusal: 'limited' })
    expect(await make('slug-7')).toMatchObject({ isNew: false })
    time.now += 60_000
    expect(await make('one-more')).toMatchObject({ isNew: true })
  })

  it('takes a ping key and a slug, nothing else', async () => {
    await expect(
      makeProvisionHandler({ registry, heartbeats, lookups, audits, clock: aClock(start), random })(
        {},
      ),
    ).rejects.toThrow(/takes a ping key/)
  })
})
