import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeMirrorHandler } from '../../lambdas/mirror.ts'
import { followChanges } from '../../lambdas/mirror/follow.ts'
import { beginRun } from '../../lambdas/mirror/run.ts'
import type { MirrorDeps } from '../../lambdas/mirror/deps.ts'
import type { MirrorEvent } from '../../lambdas/mirror/mirror.ts'
import type { SourceRow } from '../../lambdas/mirror/source.ts'
import { pauseCheck } from '../../lambdas/managing/pause-check.ts'
import { createCheck } from '../../lambdas/managing/checks.ts'
import { freeChecks } from '../../lambdas/managing/free-checks.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { AllChecks } from '../../lambdas/store/source/all-checks.ts'
import { Attachments } from '../../lambdas/store/source/attachments.ts'
import { RowFaults } from '../../lambdas/store/source/faults.ts'
import { Holds } from '../../lambdas/store/source/holds.ts'
import { MirrorMarks } from '../../lambdas/store/source/mirror-marks.ts'
import { makeTestApi } from '../support/api.ts'
import { hour, somebody } from '../support/builders.ts'
import { but } from '../support/but.ts'
import { aClock } from '../support/clock.ts'
import { actingAs } from '../support/granted.ts'
import { MemorySource } from '../support/memory-source.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let deps: MirrorDeps
let marks: MirrorMarks
let source: MemorySource
let project: string
let name: string
let logged: { readonly event: string; readonly [field: string]: unknown }[]

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())
beforeEach(async () => {
  const { database, names } = api.engine
  source = new MemorySource()
  logged = []
  for (const { projectId } of await new Attachments(database, names.Registry).all())
    await new Attachments(database, names.Registry).detach(projectId)
  marks = new MirrorMarks(database, names.Operations)
  deps = {
    ...api,
    allChecks: new AllChecks(database, names.Registry),
    attachments: new Attachments(database, names.Registry),
    faults: new RowFaults(database, names.Operations),
    holds: new Holds(database, names.Operations),
    marks,
    openSource: () => Promise.resolve(source),
    log: (event, fields) => void logged.push({ ...fields, event }),
  }
  for (const { row } of await deps.faults.all()) await deps.faults.forget(row)
  for (const { projectId } of await deps.holds.all()) await deps.holds.release(projectId)
  project = await aProject()
})

async function aProject(limit?: number): Promise<string> {
  const id = (await api.project(limit)).project.id
  name = `shop-${id}`
  const { database, names } = api.engine
  await new Attachments(database, names.Registry).attach({ projectId: id, name })
  return id
}

function run(event: MirrorEvent = {}, changed: Partial<MirrorDeps> = {}) {
  return actingAs('Mirror', () => makeMirrorHandler({ ...deps, ...changed })(event))
}

function aRow(fields: SourceRow = {}): SourceRow {
  return { project: name, name: 'backup', timeout: 3600, ...fields }
}

function write(fields: SourceRow | undefined = {}, uuid = random.uuid()): string {
  source.write(uuid, aRow(fields))
  return uuid
}

/** Letters that no other test has. */
function hexOf(): string {
  return `${random.uuid().slice(0, 7).replaceAll(/\d/g, 'b')}a`
}

function gone(...uuids: readonly string[]): void {
  for (const uuid of uuids) source.write(uuid, undefined)
}

/** Rows of which the registry has checks, so that one or the other may go. */
async function many(count: number): Promise<readonly string[]> {
  const uuids = Array.from({ length: count }, () => write())
  await run()
  return uuids
}

async function names(): Promise<readonly string[]> {
  return (await api.registry.checks(project)).map((check) => check.name)
}

describe('a row', () => {
  it('is a check that can be pinged, as soon as it is mirrored', async () => {
    const uuid = write({ slug: 'nightly' })

    await run()

    expect(await api.ping(uuid)).toMatchObject({ number: 1 })
    expect(source.noted).toEqual([])
    const { pingKey } = (await api.registry.project(project)) ?? expect.unreachable()
    expect(await api.lookups.checksBehind({ pingKey, slug: 'nightly' })).toEqual([uuid])
  })

  it('that changes changes the check once, and what pings left stays', async () => {
    const uuid = write()
    await run()
    await api.ping(uuid)

    write({ grace: 60 }, uuid)
    source.note(uuid)
    const report = await run()

    expect(report).toMatchObject({ changes: 2, stale: 1 })
    expect(await api.registry.check(project, uuid)).toMatchObject({ version: 2, graceSeconds: 60 })
    expect(await api.heartbeats.read(uuid)).toMatchObject({ graceSeconds: 60, pingCount: 1 })
  })

  it('that is noted without a change is not written', async () => {
    const uuid = write()
    await run()

    source.note(uuid)

    expect(await run()).toMatchObject({ changes: 1, missing: 0, stale: 0 })
    expect(await api.registry.check(project, uuid)).toMatchObject({ version: 1 })
  })

  it('that is gone is an unknown check, until it comes again', async () => {
    const [uuid] = [write({ slug: 'nightly' }), write()]
    await run()

    gone(uuid)
    await run()
    const pinged = await api.ping(uuid)
    write({ slug: 'nightly', name: 'again' }, uuid)
    await run()

    expect(pinged).toBe('missing')
    expect(await api.ping(uuid)).toMatchObject({ number: 1 })
    expect(await names()).toEqual(expect.arrayContaining(['again']))
    const { pingKey } = (await api.registry.project(project)) ?? expect.unreachable()
    expect(await api.lookups.checksBehind({ pingKey, slug: 'nightly' })).toEqual([uuid])
  })

  it('of another project moves the check there', async () => {
    const [uuid] = [write(), write()]
    await run()
    const before = project
    project = await aProject()

    write({}, uuid)
    await run()

    expect(await api.registry.check(before, uuid)).toBeUndefined()
    const moved = await api.registry.check(project, uuid)
    expect(moved).toMatchObject({ id: uuid, logFrom: moved?.createdAt })
    expect(await api.ping(uuid)).toMatchObject({ number: 1 })
  })

  it('takes over a check that people have made, and neither pause nor channels', async () => {
    const made = await createCheck(api, {
      projectId: project,
      by: somebody,
      change: { description: 'by hand' },
    })
    if ('refusal' in made) return expect.unreachable()
    const { id } = made.check
    await pauseCheck(api, { projectId: project, name: id, by: somebody })

    write({}, id)
    await run()

    expect(await api.registry.check(project, id)).toMatchObject({
      name: 'backup',
      description: 'by hand',
      managedBy: 'source',
      channelIds: [],
    })
    expect(await api.heartbeats.read(id)).toMatchObject({ status: 'paused' })
  })

  it('is noted in the log of changes as the source’s', async () => {
    const uuid = write()
    await run()
    write({ name: 'other' }, uuid)
    write()
    await run()
    gone(uuid)
    await run()

    const entries = await api.audits.since(project, 0, 10)
    expect(entries.map(({ action, actor }) => `${actor.kind} ${action}`).sort()).toEqual([
      'source check-changed',
      'source check-created',
      'source check-created',
      'source check-deleted',
    ])
  })
})

describe('a project that is detached while the mirror runs', () => {
  it.each([false, true])('leaves its checks to people, compared: %s', async (compare) => {
    const [uuid] = await many(1)
    write({ name: 'said again' }, uuid)
    const detaching = but(source, {
      changes: async (after: string | undefined, most: number) => {
        await new Attachments(api.engine.database, api.engine.names.Registry).detach(project)
        await freeChecks(api, project, () => somebody)
        return compare ? [] : source.changes(after, most)
      },
    })

    await run({ compare }, { openSource: () => Promise.resolve(detaching) })

    expect(await api.registry.checks(project)).toMatchObject([{ name: 'backup' }])
    expect((await api.registry.checks(project))[0]).not.toHaveProperty('managedBy')
  })
})

describe('a row that can’t be taken', () => {
  it('is named, and others are taken; it is forgotten once it is mended', async () => {
    const [bad, good] = [write({ schedule: '61 * * * *' }), write()]

    const report = await run()

    expect(report).toMatchObject({ missing: 1, faults: 1, failed: 0 })
    expect(await deps.faults.all()).toMatchObject([
      { row: bad, project: name, words: 'schedule is not a valid cron or OnCalendar expression' },
    ])
    expect(await api.registry.check(project, good)).toBeDefined()
    write({}, bad)
    expect(await run()).toMatchObject({ faults: 0, missing: 1 })
    expect(await deps.faults.all()).toEqual([])
  })

  it('leaves the last good definition as it is', async () => {
    const uuid = write()
    await run()

    write({ tz: 'Europe/Nowhere' }, uuid)
    await run({ compare: true })

    expect(await api.registry.check(project, uuid)).toMatchObject({ version: 1, timeZone: 'UTC' })
    expect(await deps.faults.all()).toMatchObject([
      { row: uuid, words: 'tz is not a valid timezone' },
    ])
  })

  it('is one of a project that is not attached, or that is full', async () => {
    project = await aProject(1)
    const [first, second, third] = [write(), write(), write({ project: 'other' })]

    await run()

    expect(await api.registry.check(project, first)).toBeDefined()
    expect(await deps.faults.all()).toMatchObject(
      [
        { row: second, words: 'is one more than the 1 checks that the project may have' },
        { row: third, words: 'is of a project that is not attached' },
      ].sort((one, other) => (one.row < other.row ? -1 : 1)),
    )
  })

  it('is one of many that a full project has no room for, and is tried no more', async () => {
    project = await aProject(20)
    Array.from({ length: 40 }, () => write())
    let tries = 0
    const registry = but(api.registry, {
      createChecks: (...args: Parameters<typeof api.registry.createChecks>) => {
        tries += 1
        return api.registry.createChecks(...args)
      },
    })

    const report = await run({}, { registry })

    expect(report).toMatchObject({ missing: 20, faults: 20 })
    // Groups of fourteen, fourteen and twelve; and six alone before the one that finds no room.
    expect(tries).toBe(3 + 7)
  })

  it('has slugs and rules of its own beside others', async () => {
    const rules = JSON.stringify({ repeat: 3600 })
    write({ slug: 'same' })
    write({ slug: 'same' })
    write({ rules })
    write()

    expect(await run()).toMatchObject({ missing: 4, faults: 0 })
  })

  it('is taken once the one is there that it depends on, whichever was written first', async () => {
    const [parent, other] = [random.uuid(), random.uuid()]
    const dependsOn = (id: string) => ({ rules: JSON.stringify({ depends_on: [id] }) })
    const child = write()
    await run()

    write(dependsOn(parent), child)
    write({}, parent)
    expect(await run()).toMatchObject({ missing: 1, stale: 1, faults: 0 })
    write(dependsOn(other), child)
    expect(await run()).toMatchObject({ stale: 0, faults: 1 })
    write({}, other)
    expect(await run()).toMatchObject({ missing: 1, stale: 1, faults: 0 })

    const { rules } = (await api.registry.check(project, child)) ?? expect.unreachable()
    expect(rules?.dependsOn).toEqual([other])
  })

  it('has been one since it was first refused', async () => {
    const bad = write({ rules: JSON.stringify({ depends_on: [random.uuid()] }) })
    await run()
    const [before] = await deps.faults.all()

    write()
    await run({ compare: true }, { clock: aClock(api.clock.now() + hour) })

    expect(before?.row).toBe(bad)
    expect(await deps.faults.all()).toEqual([before])
  })

  it.each([
    ['is noted', { compare: false }],
    ['is compared', { compare: true }],
  ])('is one of several of one UUID, whose check stays where it is: it %s', async (_how, event) => {
    const uuid = write({}, 'abcdefab-cdef-4abc-8def-abcdefabcdef'.replace(/^.{8}/, hexOf))
    write()
    await run()
    const before = project
    project = await aProject()
    source.hasTriggers = !event.compare
    for (const other of [uuid.toUpperCase(), uuid.replace(/^.{8}/, (some) => some.toUpperCase())]) {
      write({}, other)

      expect(await run(event)).toMatchObject({ orphaned: 0, missing: 0, faults: 1 })

      expect(await api.registry.check(before, uuid)).toMatchObject({ version: 1 })
      expect(await deps.faults.all()).toMatchObject([
        { row: uuid, words: 'is the UUID of several rows' },
      ])
      gone(other)
      await run({ compare: true })
    }
  })

  it('may have the name of the key of the faults', async () => {
    for (const uuid of ['key', '#row', 'row:key', '']) source.note(uuid)
    const good = write()

    expect(await run()).toMatchObject({ faults: 4, missing: 1, failed: 0 })
    expect((await deps.faults.all()).map(({ row }) => row)).toContain('key')
    expect(await api.registry.check(project, good)).toBeDefined()
    source.note('key')
    expect(await run({ compare: true })).toMatchObject({ faults: 0 })
  })

  it('is told in few words, however long its texts are, and once', async () => {
    const uuid = write({ channels: `😀${'x'.repeat(9000)}` })
    write({ rules: { ['r'.repeat(19_000)]: 1 } })
    write({ project: '😀'.repeat(9000) })
    source.note('😀'.repeat(9000))
    await run()

    const faults = await deps.faults.all()
    source.note(uuid)
    await run()

    expect(faults).toHaveLength(4)
    for (const fault of faults) expect(JSON.stringify(fault).length).toBeLessThan(650)
    expect(logged.filter(({ check }) => check === uuid)).toHaveLength(1)
  })

  it('is one of the first twenty of its project that are named, beside those of others', async () => {
    Array.from({ length: 30 }, () => write({ timeout: 1 }))
    const other = write({ project: 'other' })

    expect(await run()).toMatchObject({ faults: 21 })
    expect(await deps.faults.all()).toContainEqual(expect.objectContaining({ row: other }))
  })

  it('keeps no others from being taken when it can’t be noted', async () => {
    write({ timeout: 1 })
    const good = write()
    const faults = but(deps.faults, { note: () => Promise.reject(new Error('too large')) })

    await expect(run({}, { faults })).rejects.toThrow('1 checks of the source failed')

    expect(await api.registry.check(project, good)).toBeDefined()
    expect(source.noted).toEqual([])
  })

  it('is forgotten when it is gone, by the comparison at the latest', async () => {
    const uuid = write({ timeout: null })
    source.note('no uuid at all')
    write()
    await run()

    source.hasTriggers = false
    gone(uuid)

    expect(await run({ compare: true })).toMatchObject({ faults: 0 })
    expect(await deps.faults.all()).toEqual([])
  })
})

describe('the comparison', () => {
  it('finds and repairs what no trigger noted', async () => {
    const [stale, orphan] = [write(), write()]
    await run()
    source.hasTriggers = false
    const missing = write()
    write({ grace: 60 }, stale)
    gone(orphan)

    const { comparison } = await run({ compare: true })

    expect(comparison).toMatchObject({ rows: 2, missing: 1, stale: 1, orphaned: 1 })
    expect((await api.registry.checks(project)).map(({ id }) => id).sort()).toEqual(
      [stale, missing].sort(),
    )
    expect((await marks.last()).comparison).toEqual(comparison)
  })

  it('goes through all pages, and writes nothing where nothing differs', async () => {
    await many(1100)
    const written: string[] = []
    const registry = but(api.registry, {
      createChecks: () => (written.push('create'), Promise.resolve('raced' as const)),
      updateCheck: () => (written.push('update'), Promise.resolve('changed' as const)),
      deleteCheck: () => (written.push('delete'), Promise.resolve('changed' as const)),
    })

    const { comparison } = await run({ compare: true }, { registry })

    expect(comparison).toMatchObject({ rows: 1100, missing: 0, stale: 0, orphaned: 0 })
    expect(written).toEqual([])
  })
})

describe('where more is gone than anybody means', () => {
  it('deletes nothing, and says so, until somebody says that it is meant', async () => {
    const uuids = await many(41)

    gone(...uuids.slice(0, 21))
    const report = await run()

    expect(report).toMatchObject({ orphaned: 0, kept: 21, held: 1 })
    expect(source.noted).toEqual([])
    expect(await names()).toHaveLength(41)
    expect(await run({ compare: true })).toMatchObject({ orphaned: 0, held: 1 })
    expect(await run({ compare: true, isMeant: true })).toMatchObject({ orphaned: 21, held: 0 })
    expect(await names()).toHaveLength(20)
    gone(...uuids.slice(21, 23))
    expect(await run()).toMatchObject({ orphaned: 2, held: 0 })
  })

  it('counts what went within the hour', async () => {
    const uuids = await many(41)

    gone(...uuids.slice(0, 20))
    await run()
    gone(...uuids.slice(20, 21))

    expect(await run()).toMatchObject({ orphaned: 0, kept: 1, held: 1 })
    expect(await deps.holds.all()).toMatchObject([{ projectId: project, why: 'most-gone' }])
  })

  it('lets as many go in the next hour', async () => {
    const uuids = await many(41)

    gone(...uuids.slice(0, 20))
    await run()
    api.time.now += hour
    gone(...uuids.slice(20, 40))

    expect(await run()).toMatchObject({ orphaned: 20, held: 0 })
  })

  it('deletes in other projects, and writes what is new', async () => {
    const other = await many(41)
    const before = project
    project = await aProject()
    const [uuid] = await many(1)
    gone(...other, uuid ?? '')
    write()

    expect(await run()).toMatchObject({ orphaned: 1, kept: 41, missing: 1, held: 1 })
    expect(await api.registry.checks(before)).toHaveLength(41)
  })

  it('deletes nothing because of a view that is empty', async () => {
    const uuids = await many(3)

    gone(...uuids)

    expect(await run({ compare: true })).toMatchObject({ orphaned: 0, held: 1 })
    expect(await deps.holds.all()).toMatchObject([{ why: 'view-empty' }])
  })
})

describe('two mirrors at the same time', () => {
  it('write each check once', async () => {
    const uuids = Array.from({ length: 30 }, () => write())

    const reports = await Promise.all([run(), run()])

    expect(reports.reduce((sum, { missing }) => sum + missing, 0)).toBe(30)
    expect(await names()).toHaveLength(30)
    const entries = await api.audits.since(project, 0, 50)
    expect(entries).toHaveLength(30)
    gone(...uuids.slice(0, 10))
    const deleted = await Promise.all([run(), run()])
    expect(deleted.reduce((sum, { orphaned }) => sum + orphaned, 0)).toBe(10)
    expect(deleted.map(({ held }) => held)).toEqual([0, 0])
  })

  it('end with what the source says, even if one has read an older row', async () => {
    const uuid = write({ name: 'A' })
    await run()
    write({ name: 'B' }, uuid)
    // One reads the row B. Until it writes, the row becomes A again, and another mirror takes that.
    const slow = but(api.registry, {
      updateCheck: async (...args: Parameters<typeof api.registry.updateCheck>) => {
        if (args[1].name === 'B') {
          write({ name: 'A' }, uuid)
          await run()
        }
        return api.registry.updateCheck(...args)
      },
    })

    await run({}, { registry: slow })

    expect(await names()).toEqual(['A'])
    expect(await api.heartbeats.read(uuid)).toMatchObject({ version: 3 })
  })

  it('do not bring back what is gone, even if one has read the row before', async () => {
    write()
    const uuid = write()
    const slow = but(api.registry, {
      createChecks: async (...args: Parameters<typeof api.registry.createChecks>) => {
        if (source.all.has(uuid)) {
          await run()
          gone(uuid)
          await run()
        }
        return api.registry.createChecks(...args)
      },
    })

    await run({}, { registry: slow })

    expect(await api.registry.check(project, uuid)).toBeUndefined()
    expect(await api.ping(uuid)).toBe('missing')
  })
})

describe('a project with many changes', () => {
  it('does not keep others waiting, and has its turn again', async () => {
    const made: string[] = []
    const uuids = Array.from({ length: 520 }, () => write())
    project = await aProject()
    const single = write()
    const registry = but(api.registry, {
      createChecks: (...args: Parameters<typeof api.registry.createChecks>) => {
        made.push(...args[1].checks.map(({ id }) => id))
        return api.registry.createChecks(...args)
      },
    })
    const begun = await beginRun({ ...deps, registry }, source, false)

    await followChanges({ ...begun, shareOfProject: 30 })

    expect(made.indexOf(single)).toBe(30)
    expect(made).toHaveLength(521)
    expect(new Set(made)).toEqual(new Set([...uuids, single]))
    expect(source.noted).toEqual([])
  })
})

describe('a run that fails', () => {
  it('keeps the changes that it did not take, and fails after the others', async () => {
    const [bad, good] = [write(), write()]
    const registry = but(api.registry, {
      createChecks: (...args: Parameters<typeof api.registry.createChecks>) =>
        args[1].checks.some(({ id }) => id === bad)
          ? Promise.reject(new Error('away'))
          : api.registry.createChecks(...args),
    })

    await expect(run({}, { registry })).rejects.toThrow('1 checks of the source failed')

    expect(await api.registry.check(project, good)).toBeDefined()
    expect(source.noted).toMatchObject([{ uuid: bad }])
    expect(await run()).toMatchObject({ missing: 1 })
  })
})
