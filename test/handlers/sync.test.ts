import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { marshalled } from '../../lambdas/aws/attribute-value.ts'
import { type Check, definitionOf } from '../../lambdas/domain/watching/check.ts'
import { lookupOf } from '../../lambdas/domain/watching/lookup.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import type { Project } from '../../lambdas/domain/people/project.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { registryKeys } from '../../lambdas/store/keys.ts'
import { checkItem, itemOf } from '../../lambdas/store/registry/registry-item.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { Windows } from '../../lambdas/store/registry/windows.ts'
import { Operations } from '../../lambdas/store/watching/operations.ts'
import { makeSyncHandler } from '../../lambdas/sync.ts'
import type { SyncDeps } from '../../lambdas/sync/deps.ts'
import { aCheck, aPing, aWindow, hour, start } from '../support/builders.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'

let engine: TestEngine
let registry: Registry
let heartbeats: Heartbeats
let lookups: Lookups
let windows: Windows
let operations: Operations
let writes: string[]

beforeAll(async () => {
  engine = await makeTables()
  registry = new Registry(engine.database, engine.names.Registry)
})
afterAll(() => engine.stop())
beforeEach(() => {
  writes = []
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  lookups = new Lookups(engine.database, engine.names.Lookups)
  windows = new Windows(engine.database, engine.names.Registry)
  operations = new Operations(engine.database, engine.names.Operations)
})

/** The heartbeats, noting what is written. */
function watched(): SyncDeps['heartbeats'] {
  return {
    versions: (ids) => heartbeats.versions(ids),
    readMany: (ids) => heartbeats.readMany(ids),
    setWindows: (id, assigned, version) => (
      writes.push(`set windows of ${id}`),
      heartbeats.setWindows(id, assigned, version)
    ),
    lookAgain: (id, now) => (writes.push(`look again at ${id}`), heartbeats.lookAgain(id, now)),
    scan: (segment, segments) => heartbeats.scan(segment, segments),
    define: (id, definition, lostAt) => (
      writes.push(`define ${id}`),
      heartbeats.define(id, definition, lostAt)
    ),
    bury: (id, version, now) => (writes.push(`bury ${id}`), heartbeats.bury(id, version, now)),
    remove: (id, version) => (writes.push(`remove ${id}`), heartbeats.remove(id, version)),
  }
}

/** The lookups, noting what is written. */
function watchedLookups(): SyncDeps['lookups'] {
  return {
    readMany: (ids) => lookups.readMany(ids),
    isPingKey: (pingKey) => lookups.isPingKey(pingKey),
    define: (id, lookup) => (writes.push(`define lookups of ${id}`), lookups.define(id, lookup)),
    bury: (id, version, now) => (
      writes.push(`bury lookups of ${id}`),
      lookups.bury(id, version, now)
    ),
    addPingKey: (pingKey, projectId) => (
      writes.push(`add ping key`),
      lookups.addPingKey(pingKey, projectId)
    ),
    removePingKey: (pingKey) => (writes.push(`remove ping key`), lookups.removePingKey(pingKey)),
  }
}

function sync(deps: Partial<SyncDeps> = {}) {
  return makeSyncHandler({
    registry,
    heartbeats: watched(),
    lookups: watchedLookups(),
    windows,
    operations,
    clock: { now: () => start },
    ...deps,
  })
}

function aNewCheck(fields: Partial<Check> = {}): Check {
  return aCheck({ id: random.uuid(), ...fields })
}

async function aStoredProject(): Promise<CreatedProject> {
  const created = await registry.createProject(
    { name: 'Shop', email: 'ops@example.com' },
    start,
    random,
  )
  return created === 'key-taken' ? expect.unreachable() : created
}

/** Lets the first call of each name fail. */
function failingOnce() {
  const failed = new Set<string>()
  return <T>(name: string, call: () => Promise<T>): Promise<T> => {
    if (failed.has(name)) return call()
    failed.add(name)
    return Promise.reject(new Error('throttled'))
  }
}

type Images = { readonly before?: Check; readonly after?: Check }

function aRecord({ before, after }: Images, sequenceNumber = '1'): DynamoDBRecord {
  const image = (check: Check) => marshalled(checkItem(check)) as Record<string, { S: string }>
  const images = {
    ...(before && { OldImage: image(before) }),
    ...(after && { NewImage: image(after) }),
  }
  return { dynamodb: { SequenceNumber: sequenceNumber, ...images } }
}

const none = { batchItemFailures: [] }

describe('a change of the registry', () => {
  it('defines the heartbeat of a new check', async () => {
    const check = aNewCheck()

    const answer = await sync()({ Records: [aRecord({ after: check })] })

    expect(answer).toEqual(none)
    expect(await heartbeats.read(check.id)).toMatchObject({ ...definitionOf(check), status: 'new' })
  })

  it('leaves alone what pings have left', async () => {
    const check = aNewCheck()
    await heartbeats.define(check.id, definitionOf(check))
    await heartbeats.recordPing(check.id, aPing())

    await sync()({
      Records: [aRecord({ before: check, after: { ...check, version: 2, graceSeconds: 60 } })],
    })

    expect(await heartbeats.read(check.id)).toMatchObject({
      version: 2,
      graceSeconds: 60,
      status: 'up',
      pingCount: 1,
    })
  })

  it('writes nothing when the heartbeat has it already', async () => {
    const check = aNewCheck()
    await sync()({ Records: [aRecord({ after: check })] })
    writes = []

    await sync()({ Records: [aRecord({ after: check })] })

    expect(writes).toEqual([])
  })

  it('does not overwrite a newer definition', async () => {
    const check = aNewCheck({ version: 3 })
    await heartbeats.define(check.id, definitionOf(check))
    await lookups.define(check.id, lookupOf(check, undefined))

    await sync()({ Records: [aRecord({ after: { ...check, version: 2, graceSeconds: 60 } })] })

    expect(await heartbeats.read(check.id)).toMatchObject({ version: 3, graceSeconds: 600 })
    expect(writes).toEqual([])
  })

  it('is written once where one batch has several of one check', async () => {
    const check = aNewCheck()
    const next = { ...check, version: 2 }

    await sync()({
      Records: [aRecord({ after: check }, '1'), aRecord({ before: check, after: next }, '2')],
    })

    expect(writes).toEqual([`define ${check.id}`, `define lookups of ${check.id}`])
    expect(await heartbeats.read(check.id)).toMatchObject({ version: 2 })
  })

  it('buries the heartbeat of a deleted check, so that a late change does not bring it back', async () => {
    const check = aNewCheck()
    const deletion = { Records: [aRecord({ before: check })] }
    await sync()({ Records: [aRecord({ after: check })] })

    await sync()(deletion)
    await sync()(deletion)
    await sync()({ Records: [aRecord({ after: check })] })

    expect(await heartbeats.read(check.id)).toBeUndefined()
    expect(writes).toEqual([
      `define ${check.id}`,
      `define lookups of ${check.id}`,
      `bury lookups of ${check.id}`,
      `bury ${check.id}`,
    ])
  })

  it('means nothing when it is not about a check', async () => {
    const Keys = marshall({ pk: 'project#1', sk: 'census' }) as Record<string, { S: string }>

    const answer = await sync()({
      Records: [
        { dynamodb: { SequenceNumber: '1', Keys, NewImage: { ...Keys, checks: { N: '1' } } } },
      ],
    })

    expect(answer).toEqual(none)
    expect(writes).toEqual([])
  })

  it('tells pings of a slug below the ping key of its project, and of rules on bodies', async () => {
    const { project } = await aStoredProject()
    const filters = { ...aCheck().filters, httpBody: true, failureKeywords: 'ERR' }
    const check = aNewCheck({ projectId: project.id, slug: 'backup', filters })

    await sync()({ Records: [aRecord({ after: check })] })

    expect(await lookups.checksBehind({ pingKey: project.pingKey, slug: 'backup' })).toEqual([
      check.id,
    ])
    expect(await lookups.bodyRules(check.id)).toMatchObject({ failureKeywords: 'ERR' })
  })

  it('tells pings of lookups alone where the heartbeat has it already', async () => {
    const check = aNewCheck()
    await heartbeats.define(check.id, definitionOf(check))

    await sync()({ Records: [aRecord({ after: check })] })

    expect(writes).toEqual([`define lookups of ${check.id}`])
  })

  it('adds and removes ping keys, once', async () => {
    const pingKey = random.uuid()
    const image = marshall({ ...registryKeys.pingKey(pingKey), projectId: 'project' }) as Record<
      string,
      { S: string }
    >
    const added = { Records: [{ dynamodb: { SequenceNumber: '1', NewImage: image } }] }
    const removed = { Records: [{ dynamodb: { SequenceNumber: '2', OldImage: image } }] }

    await sync()(added)
    await sync()(added)
    expect(await lookups.isPingKey(pingKey)).toBe(true)
    await sync()(removed)
    await sync()(removed)

    expect(await lookups.isPingKey(pingKey)).toBe(false)
    expect(writes).toEqual(['add ping key', 'remove ping key'])
  })

  it('moves the slugs of a project that has another ping key', async () => {
    const { project } = await aStoredProject()
    const check = aNewCheck({ projectId: project.id, slug: 'backup' })
    await registry.createCheck(check, { limit: 10 })
    const former = { ...project, pingKey: random.uuid() }
    await lookups.define(check.id, lookupOf(check, former.pingKey))
    const image = (each: Project) =>
      marshalled(itemOf(registryKeys.project(project.id), each)) as Record<string, { S: string }>

    await sync()({
      Records: [
        { dynamodb: { SequenceNumber: '1', OldImage: image(former), NewImage: image(project) } },
      ],
    })

    expect(await lookups.checksBehind({ pingKey: former.pingKey, slug: 'backup' })).toEqual([])
    expect(await lookups.checksBehind({ pingKey: project.pingKey, slug: 'backup' })).toEqual([
      check.id,
    ])
  })

  it('comes again when it fails, and keeps no other back', async () => {
    const [bad, good] = [aNewCheck(), aNewCheck()]
    const failing: SyncDeps['heartbeats'] = {
      ...watched(),
      define: (id, definition) =>
        id === bad.id ? Promise.reject(new Error('refused')) : heartbeats.define(id, definition),
    }

    const answer = await sync({ heartbeats: failing })({
      Records: [aRecord({ after: bad }, '7'), aRecord({ after: good }, '8')],
    })

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] })
    expect(await heartbeats.read(good.id)).toBeDefined()
  })

  it('is passed over when it can not be read, named, and keeps nothing behind it from being followed', async () => {
    const warned = vi.spyOn(console, 'warn')
    const good = aNewCheck()
    const unreadable = { ...aNewCheck(), graceSeconds: 'long' } as unknown as Check

    const answer = await sync()({
      Records: [aRecord({ after: unreadable }, '7'), aRecord({ after: good }, '8')],
    })

    expect(answer).toEqual(none)
    expect(warned.mock.calls).toEqual([
      [expect.objectContaining({ event: 'item-unreadable', item: unreadable.id })],
    ])
    expect(await heartbeats.read(good.id)).toBeDefined()
    expect(await heartbeats.read(unreadable.id)).toBeUndefined()
  })
})

describe('a change of windows', () => {
  const planned = (projectId: string) => {
    const image = marshall(registryKeys.windows(projectId)) as Record<string, { S: string }>
    return sync()({ Records: [{ dynamodb: { SequenceNumber: '1', NewImage: image } }] })
  }

  async function aKnownCheck(fields: Partial<Check>): Promise<Check> {
    const check = aNewCheck(fields)
    await registry.createCheck(check, { limit: 10 })
    await heartbeats.define(check.id, definitionOf(check))
    await lookups.define(check.id, lookupOf(check, undefined))
    return check
  }

  it('is copied, and assigned to the checks that it concerns, once', async () => {
    const projectId = (await aStoredProject()).project.id
    const [inside, outside] = [
      await aKnownCheck({ projectId, tags: 'prod db' }),
      await aKnownCheck({ projectId, tags: 'dev' }),
    ]
    const all = { revision: 1, windows: [aWindow({ number: 7, tags: 'db' })] }
    await windows.replace(projectId, all)

    expect(await planned(projectId)).toEqual(none)
    expect(await planned(projectId)).toEqual(none)

    expect(await operations.windows(projectId)).toEqual(all)
    expect(writes).toEqual([`set windows of ${inside.id}`])
    expect((await heartbeats.read(inside.id))?.windows).toEqual({
      projectId,
      revision: 1,
      numbers: [7],
    })
    expect(await heartbeats.read(outside.id)).not.toHaveProperty('windows')
  })

  it('is followed once where one batch has several of one project', async () => {
    const projectId = (await aStoredProject()).project.id
    await aKnownCheck({ projectId })
    await windows.replace(projectId, { revision: 1, windows: [aWindow()] })
    const image = marshall(registryKeys.windows(projectId)) as Record<string, { S: string }>
    let reads = 0
    const counting = { of: (id: string) => ((reads += 1), windows.of(id)) }

    await sync({ windows: counting })({
      Records: ['1', '2'].map((SequenceNumber) => ({
        dynamodb: { SequenceNumber, NewImage: image },
      })),
    })

    expect(reads).toBe(1)
    expect(writes).toHaveLength(1)
  })

  it('is written anew where a younger window has the number of another', async () => {
    const projectId = (await aStoredProject()).project.id
    const check = await aKnownCheck({ projectId })
    await windows.replace(projectId, { revision: 1, windows: [aWindow()] })
    await planned(projectId)

    await windows.replace(projectId, { revision: 2, windows: [aWindow({ since: 2 })] })
    await planned(projectId)

    expect((await heartbeats.read(check.id))?.windows).toMatchObject({ revision: 2, numbers: [0] })
  })

  it('has alert look again at what it may hold no more', async () => {
    const projectId = (await aStoredProject()).project.id
    const check = await aKnownCheck({ projectId })
    await windows.replace(projectId, { revision: 1, windows: [aWindow()] })
    await planned(projectId)
    await heartbeats.recordPing(check.id, aPing({ signal: 'fail' }))
    await heartbeats.lookAgain(check.id, start + hour)

    await windows.replace(projectId, { revision: 2, windows: [aWindow({ lengthSeconds: 60 })] })
    await planned(projectId)

    expect((await heartbeats.read(check.id))?.lookAt).toBe(start)
  })

  it('changes nothing when the same change comes again', async () => {
    const projectId = (await aStoredProject()).project.id
    const check = await aKnownCheck({ projectId })
    await windows.replace(projectId, { revision: 1, windows: [aWindow()] })
    await planned(projectId)
    await heartbeats.recordPing(check.id, aPing({ signal: 'fail' }))
    await heartbeats.lookAgain(check.id, start + hour)

    await planned(projectId)

    expect((await heartbeats.read(check.id))?.lookAt).toBe(start + hour)
  })

  it('is forgotten with its project', async () => {
    const projectId = random.uuid()
    await operations.putWindows(projectId, { revision: 1, windows: [] })

    await planned(projectId)

    expect(await operations.windows(projectId)).toBeUndefined()
  })

  it('reaches a new check, and one with other tags, also where a newer change hides them', async () => {
    const projectId = (await aStoredProject()).project.id
    await windows.replace(projectId, { revision: 1, windows: [aWindow({ tags: 'db' })] })
    const check = aNewCheck({ projectId, tags: 'db' })
    const retagged = { ...check, version: 2, tags: 'dev' }
    const renamed = { ...retagged, version: 3, name: 'other' }

    await sync()({ Records: [aRecord({ after: check })] })
    expect((await heartbeats.read(check.id))?.windows).toMatchObject({ numbers: [0] })
    await heartbeats.define(check.id, definitionOf(renamed))
    await sync()({
      Records: [
        aRecord({ before: check, after: retagged }, '2'),
        aRecord({ before: retagged, after: renamed }, '3'),
      ],
    })

    expect(await heartbeats.read(check.id)).not.toHaveProperty('windows')
  })

  it('comes again when a heartbeat can not be written', async () => {
    const projectId = (await aStoredProject()).project.id
    const check = await aKnownCheck({ projectId })
    await windows.replace(projectId, { revision: 1, windows: [aWindow()] })
    const image = marshall(registryKeys.windows(projectId)) as Record<string, { S: string }>
    const failing: SyncDeps['heartbeats'] = {
      ...watched(),
      setWindows: () => Promise.reject(new Error('refused')),
    }

    const answer = await sync({ heartbeats: failing })({
      Records: [{ dynamodb: { SequenceNumber: '7', NewImage: image } }],
    })

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] })
    expect(await heartbeats.read(check.id)).not.toHaveProperty('windows')
  })
})

describe('a reconcile', () => {
  const reconcile = { reconcile: true } as const
  const clean = {
    checks: 0,
    heartbeats: 0,
    missing: 0,
    stale: 0,
    orphaned: 0,
    lookups: 0,
    windows: 0,
    repaired: 0,
    withoutState: 0,
    failed: 0,
  }
  let own: TestEngine

  // A reconcile looks at everything, so each of these has tables of its own.
  beforeEach(async () => {
    own = await makeTables()
    registry = new Registry(own.database, own.names.Registry)
    heartbeats = new Heartbeats(own.database, own.names.Heartbeats)
    lookups = new Lookups(own.database, own.names.Lookups)
    windows = new Windows(own.database, own.names.Registry)
    operations = new Operations(own.database, own.names.Operations)
    return () => own.stop()
  })

  async function aFollowedProject() {
    const created = await aStoredProject()
    await lookups.addPingKey(created.project.pingKey, created.project.id)
    return created
  }

  async function aStoredCheck(): Promise<Check> {
    const created = await aFollowedProject()
    const check = aNewCheck({ projectId: created.project.id, slug: 'backup' })
    await registry.createCheck(check, { limit: 10 })
    await lookups.define(check.id, lookupOf(check, created.project.pingKey))
    return check
  }

  /** A check of which only the registry knows. */
  async function anUnknownCheck(): Promise<Check> {
    const check = aNewCheck({ projectId: (await aStoredProject()).project.id, slug: 'backup' })
    await registry.createCheck(check, { limit: 10 })
    return check
  }

  it('finds nothing and writes nothing where nothing has drifted', async () => {
    const check = await aStoredCheck()
    await heartbeats.define(check.id, definitionOf(check))

    const report = await sync()(reconcile)

    expect(report).toEqual({ ...clean, checks: 1, heartbeats: 1 })
    expect(writes).toEqual([])
  })

  it('brings back a missing heartbeat', async () => {
    const check = await aStoredCheck()

    const report = await sync()(reconcile)

    expect(report).toEqual({ ...clean, checks: 1, heartbeats: 1, missing: 1, repaired: 1 })
    expect(await heartbeats.read(check.id)).toMatchObject(definitionOf(check))
  })

  it('rebuilds heartbeats that are lost altogether, and counts those without state until their next ping', async () => {
    const check = await aStoredCheck()
    const others = Array.from({ length: 30 }, () => aNewCheck({ projectId: check.projectId }))
    for (const other of others) await registry.createCheck(other, { limit: 100 })
    const later = { clock: { now: () => start + hour } }

    const rebuilt = await sync(later)(reconcile)
    await heartbeats.recordPing(check.id, aPing())
    const again = await sync(later)(reconcile)

    expect(rebuilt).toMatchObject({ checks: 31, missing: 31, withoutState: 31, failed: 0 })
    expect(again).toMatchObject({ missing: 0, withoutState: 30 })
  })

  it('renews a stale definition', async () => {
    const check = await aStoredCheck()
    await heartbeats.define(check.id, definitionOf(check))
    const next = { ...check, version: 2, graceSeconds: 60 }
    await registry.updateCheck(check, next)
    await lookups.define(check.id, {
      ...(await lookups.readMany([check.id])).get(check.id),
      version: 2,
    })

    const report = await sync()(reconcile)

    expect(report).toEqual({ ...clean, checks: 1, heartbeats: 1, stale: 1, repaired: 1 })
    expect(await heartbeats.read(check.id)).toMatchObject({ version: 2, graceSeconds: 60 })
  })

  it('renews a slug, rules and a ping key that pings do not know', async () => {
    const check = await aStoredCheck()
    await heartbeats.define(check.id, definitionOf(check))
    const pingKey = (await registry.project(check.projectId))?.pingKey ?? ''
    await lookups.removePingKey(pingKey)
    await lookups.define(check.id, { version: 1, alias: { pingKey: 'former', slug: 'backup' } })

    const report = await sync()(reconcile)

    expect(report).toEqual({ ...clean, checks: 1, heartbeats: 1, lookups: 2, repaired: 2 })
    expect(await lookups.isPingKey(pingKey)).toBe(true)
    expect(await lookups.checksBehind({ pingKey, slug: 'backup' })).toEqual([check.id])
    expect(await lookups.checksBehind({ pingKey: 'former', slug: 'backup' })).toEqual([])
  })

  it('puts right what is known of windows: copies and heartbeats', async () => {
    const check = await aStoredCheck()
    await heartbeats.define(check.id, definitionOf(check))
    const all = { revision: 1, windows: [aWindow()] }
    await windows.replace(check.projectId, all)

    expect(await sync()(reconcile)).toEqual({
      ...clean,
      checks: 1,
      heartbeats: 1,
      windows: 2,
      repaired: 2,
    })
    expect(await operations.windows(check.projectId)).toEqual(all)
    expect((await heartbeats.read(check.id))?.windows).toMatchObject({ numbers: [0] })
    expect(await sync()(reconcile)).toEqual({ ...clean, checks: 1, heartbeats: 1 })
  })

  it('frees the slug of an orphan', async () => {
    await aFollowedProject()
    const orphan = aNewCheck()
    const alias = { pingKey: random.uuid(), slug: 'backup' }
    await heartbeats.define(orphan.id, definitionOf(orphan))
    await lookups.define(orphan.id, { version: 1, alias })

    await sync()(reconcile)

    expect(await lookups.checksBehind(alias)).toEqual([])
  })

  it('removes a heartbeat whose check is gone, but no tombstone', async () => {
    await aFollowedProject()
    const [orphan, buried] = [aNewCheck(), aNewCheck()]
    await heartbeats.define(orphan.id, definitionOf(orphan))
    await heartbeats.bury(buried.id, 2, start)

    const report = await sync()(reconcile)

    expect(report).toEqual({ ...clean, heartbeats: 1, orphaned: 1, repaired: 1 })
    expect([...(await heartbeats.versions([orphan.id, buried.id])).keys()]).toEqual([buried.id])
  })

  it('keeps all heartbeats when the registry holds nothing, and says so: it was lost, not emptied', async () => {
    const kept = aNewCheck()
    await heartbeats.define(kept.id, definitionOf(kept))

    await expect(sync()(reconcile)).rejects.toThrow(
      'the registry has no project: heartbeats without a check are kept (1)',
    )

    expect(await heartbeats.read(kept.id)).toBeDefined()
  })

  it('leaves a heartbeat that changed after it was looked at', async () => {
    await aFollowedProject()
    const orphan = aNewCheck()
    await heartbeats.define(orphan.id, definitionOf(orphan))
    const renewing: SyncDeps['registry'] = {
      scan: () => registry.scan(),
      projects: () => registry.projects(),
      project: (id) => registry.project(id),
      checks: (projectId) => registry.checks(projectId),
      async existing(ids) {
        const existing = await registry.existing(ids)
        if (ids.includes(orphan.id))
          await heartbeats.define(orphan.id, { ...definitionOf(orphan), version: 2 })
        return existing
      },
    }

    const report = await sync({ registry: renewing })(reconcile)

    expect(report).toEqual({ ...clean, heartbeats: 1 })
    expect(await heartbeats.read(orphan.id)).toMatchObject({ version: 2 })
  })

  it('leaves alone a check that is deleted while it runs', async () => {
    const check = await aStoredCheck()
    await heartbeats.define(check.id, definitionOf(check))
    const deleting: SyncDeps['heartbeats'] = {
      ...watched(),
      async versions(ids) {
        await registry.deleteCheck(check)
        await lookups.bury(check.id, check.version + 1, start)
        await heartbeats.bury(check.id, check.version + 1, start)
        return heartbeats.versions(ids)
      },
    }

    const report = await sync({ heartbeats: deleting })(reconcile)

    expect(report).toEqual({ ...clean, checks: 1 })
    expect(await heartbeats.read(check.id)).toBeUndefined()
  })

  it('repairs the others and fails at the end when it meets a bad check', async () => {
    const check = await aStoredCheck()
    const bad = {
      ...checkItem(aNewCheck({ projectId: check.projectId })),
      graceSeconds: 'long',
    }
    await own.database.put({ table: own.names.Registry, item: bad })

    await expect(sync()(reconcile)).rejects.toThrow(/reconcile failed for 1 .*"repaired":1/)
    expect(await heartbeats.read(check.id)).toBeDefined()
  })

  it('goes on when calls fail in the middle of it, and fails at the end', async () => {
    const checks = [await anUnknownCheck(), await anUnknownCheck()]
    const once = failingOnce()
    const torn = {
      registry: {
        scan: () => registry.scan(),
        projects: () => registry.projects(),
        project: (id: string) => once('project', () => registry.project(id)),
        checks: (projectId: string) => registry.checks(projectId),
        existing: (ids: readonly string[]) => registry.existing(ids),
      },
      lookups: {
        ...watchedLookups(),
        isPingKey: (pingKey: string) => once('isPingKey', () => lookups.isPingKey(pingKey)),
      },
    }

    await expect(sync(torn)(reconcile)).rejects.toThrow('reconcile failed for 2 of 2 checks')

    expect((await heartbeats.versions(checks.map(({ id }) => id))).size).toBe(2)
    expect(writes.filter((write) => write.startsWith('define lookups'))).toHaveLength(1)
  })

  it.each(['versions', 'readMany', 'scan', 'projects', 'existing'] as const)(
    'does the rest where %s fails, and fails at the end',
    async (name) => {
      const check = await anUnknownCheck()
      const orphan = aNewCheck()
      await heartbeats.define(orphan.id, definitionOf(orphan))
      writes = []
      const refuse = () => Promise.reject(new Error('throttled'))
      const torn = {
        registry: {
          scan: () => registry.scan(),
          projects: () => (name === 'projects' ? refuse() : registry.projects()),
          project: (id: string) => registry.project(id),
          checks: (projectId: string) => registry.checks(projectId),
          existing: (ids: readonly string[]) =>
            name === 'existing' ? refuse() : registry.existing(ids),
        },
        heartbeats: {
          ...watched(),
          versions: (ids: readonly string[]) =>
            name === 'versions' ? refuse() : heartbeats.versions(ids),
          async *scan(segment: number, segments: number) {
            if (name === 'scan' && segment === 0) await refuse()
            yield* heartbeats.scan(segment, segments)
          },
        },
        lookups: {
          ...watchedLookups(),
          readMany: (ids: readonly string[]) =>
            name === 'readMany' ? refuse() : lookups.readMany(ids),
        },
      }

      await expect(sync(torn)(reconcile)).rejects.toThrow('reconcile failed')

      expect((await heartbeats.read(check.id)) !== undefined).toBe(name !== 'versions')
      expect(writes.includes(`define lookups of ${check.id}`)).toBe(name !== 'readMany')
      if (name === 'versions') expect(await heartbeats.read(orphan.id)).toBeUndefined()
    },
  )

  it('hides no project and no lookup behind one that cannot be read, and fails at the end', async () => {
    const check = await anUnknownCheck()
    const odd = await aStoredProject()
    const bad = {
      pk: { S: `project#${odd.project.id}` },
      sk: { S: 'project' },
      id: { S: odd.project.id },
    }
    await own.client.send(new PutItemCommand({ TableName: own.names.Registry, Item: bad }))
    await engine.client.send(
      new PutItemCommand({
        TableName: engine.names.Lookups,
        Item: { key: { S: `check#${check.id}` }, version: { S: 'odd' } },
      }),
    )

    await expect(sync()(reconcile)).rejects.toThrow('reconcile failed')

    expect(await heartbeats.read(check.id)).toBeDefined()
    expect(writes).toContain('add ping key')
  })

  it('goes through more than a page', async () => {
    const { projectId } = await aStoredCheck()
    const checks = Array.from({ length: 30 }, () =>
      aNewCheck({ projectId, description: 'x'.repeat(100_000) }),
    )
    for (const check of checks) await registry.createCheck(check, { limit: 100 })

    const report = await sync()(reconcile)

    expect(report).toMatchObject({
      checks: 31,
      heartbeats: 31,
      missing: 31,
      lookups: 30,
      repaired: 61,
    })
  })
})
