import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Check, uniqueKeyOf } from '../../../lambdas/domain/watching/check.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import type { CreatedProject, NewProject } from '../../../lambdas/domain/people/new-project.ts'
import { Registry } from '../../../lambdas/store/registry/registry.ts'
import { aCheck } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let registry: Registry

beforeAll(async () => {
  engine = await makeTables()
  registry = new Registry(engine.database, engine.names.Registry)
})
afterAll(() => engine.stop())

async function aProject(wanted: Partial<NewProject> = {}): Promise<CreatedProject> {
  const created = await registry.createProject(
    { name: 'Shop', email: 'ops@example.com', ...wanted },
    1000,
    random,
  )
  if (created === 'key-taken') throw new Error('a key is taken')
  return created
}

function aNewCheck(fields: Partial<Check>): Check {
  return aCheck({ id: random.uuid(), ...fields })
}

async function aStoredCheck(fields: Partial<Check> = {}): Promise<Check> {
  const check = aNewCheck({ projectId: (await aProject()).project.id, ...fields })
  await registry.createCheck(check, { limit: 10 })
  return check
}

describe('projects', () => {
  it('come with keys of the forms that clients know, and an e-mail channel', async () => {
    const created = await aProject({ name: 'Backups', email: 'dba@example.com', checkLimit: 3 })

    expect(created.apiKey).toMatch(/^hcw_[a-zA-Z0-9]{28}$/)
    expect(created.apiKeyReadonly).toMatch(/^hcr_[a-zA-Z0-9]{28}$/)
    expect(created.pingKey).toMatch(/^[a-z0-9]{22}$/)
    expect(await registry.project(created.project.id)).toMatchObject({
      name: 'Backups',
      checkLimit: 3,
      pingKey: created.pingKey,
    })
    expect(await registry.channels(created.project.id)).toEqual([created.channel])
    expect(created.channel).toMatchObject({ kind: 'email', address: 'dba@example.com' })
    expect(await registry.census(created.project.id)).toEqual({ checks: 0, revision: 0 })
  })

  it('are listed oldest first', async () => {
    const { project } = await aProject()
    const older = await registry.createProject(
      { name: 'Older', email: 'ops@example.com' },
      1,
      random,
    )

    const ids = (await registry.projects()).map(({ id }) => id)

    expect(ids[0]).toBe(older !== 'key-taken' && older.project.id)
    expect(ids).toContain(project.id)
  })

  it('are opened by their API keys, each with its access', async () => {
    const { project, apiKey, apiKeyReadonly, pingKey } = await aProject()

    const projectId = project.id
    const opened = { projectId, access: 'read-write', name: 'read-write' }
    expect(await registry.access(apiKey)).toEqual(opened)
    expect(await registry.access(apiKeyReadonly)).toMatchObject({
      projectId,
      access: 'read-only',
    })
    expect(await registry.access(pingKey)).toBeUndefined()
  })

  it.each(['apiKey', 'apiKeyReadonly', 'pingKey'] as const)(
    'leave nothing behind when their %s is taken',
    async (name) => {
      const { [name]: key } = await aProject()
      const before = await registry.projects()

      const second = await registry.createProject(
        { name: 'Second', email: 'b@example.com', keys: { [name]: key } },
        1000,
        random,
      )

      expect(second).toBe('key-taken')
      expect(await registry.projects()).toEqual(before)
    },
  )

  it('have only those channels that exist', async () => {
    const { project, channel } = await aProject()

    const channels = await registry.channelsOf({
      projectId: project.id,
      channelIds: [channel.id, random.uuid(), channel.id],
    })

    expect(channels).toEqual([channel])
  })

  it('do not exist under unknown ids', async () => {
    expect(await registry.project('none')).toBeUndefined()
    expect(await registry.channels('none')).toEqual([])
    expect(await registry.checks('none')).toEqual([])
    await expect(registry.census('none')).rejects.toThrow('no census')
  })
})

describe('an item of the registry that cannot be read', () => {
  it('hides no other in a list, and is named', async () => {
    const { project, channel } = await aProject()
    const check = aNewCheck({ projectId: project.id })
    await registry.createCheck(check, { limit: 10 })
    for (const [sk, id] of [
      ['channel#odd', 'odd channel'] as const,
      ['check#odd', 'odd check'] as const,
    ]) {
      const Item = { pk: { S: `project#${project.id}` }, sk: { S: sk }, id: { S: id } }
      await engine.client.send(new PutItemCommand({ TableName: engine.names.Registry, Item }))
    }
    const named: string[] = []
    const note = (item: string) => named.push(item)

    expect(await registry.checks(project.id, note)).toEqual([check])
    expect(await registry.channels(project.id, note)).toEqual([channel])
    expect(
      await registry.channelsOf({ projectId: project.id, channelIds: ['odd', channel.id] }, note),
    ).toEqual([channel])
    expect(named).toEqual(['odd check', 'odd channel', 'odd channel'])
    expect((await registry.channelNames(project.id)).map(({ id }) => id).sort()).toEqual(
      [channel.id, 'odd'].sort(),
    )
  })
})

describe('checks', () => {
  it.each<Partial<Check>>([
    { schedule: { kind: 'simple', periodSeconds: 60 } },
    {
      schedule: { kind: 'cron', expression: '0 3 * * *' },
      timeZone: 'Europe/Riga',
      methods: 'POST',
    },
    {
      schedule: { kind: 'oncalendar', expression: 'daily' },
      name: '',
      tags: '',
      channelIds: ['a', 'b'],
      manualResume: true,
    },
  ])('are read as they were written', async (fields) => {
    const check = await aStoredCheck(fields)

    expect(await registry.check(check.projectId, check.id)).toEqual(check)
    expect(await registry.checkByUniqueKey(check.projectId, uniqueKeyOf(check.id))).toEqual(check)
    expect(await registry.checkByBadgeKey(check.badgeKey)).toEqual(check)
    expect(await registry.ownerOf(check.id)).toBe(check.projectId)
  })

  it('are unknown to another project', async () => {
    const check = await aStoredCheck()
    const { project } = await aProject()

    expect(await registry.check(project.id, check.id)).toBeUndefined()
    expect(await registry.ownerOf(random.uuid())).toBeUndefined()
  })

  it('are not found by a UUID that only begins alike', async () => {
    const check = await aStoredCheck()
    const alike = `${check.id.slice(0, 24)}${'0'.repeat(12)}`

    expect(await registry.check(check.projectId, alike)).toBeUndefined()
  })

  it('are listed in the order of their creation', async () => {
    const { project } = await aProject()
    const created = [5, 1, 3].map((createdAt) => aNewCheck({ projectId: project.id, createdAt }))
    for (const check of created) await registry.createCheck(check, { limit: 10 })

    expect((await registry.checks(project.id)).map(({ createdAt }) => createdAt)).toEqual([1, 3, 5])
  })

  it('are created up to the limit, also by many at once', async () => {
    const { project } = await aProject()
    const wanted = Array.from({ length: 6 }, () => aNewCheck({ projectId: project.id }))

    const outcomes = await Promise.all(
      wanted.map((check) => registry.createCheck(check, { limit: 4 })),
    )

    expect(outcomes.toSorted()).toEqual([
      'created',
      'created',
      'created',
      'created',
      'full',
      'full',
    ])
    expect(await registry.checks(project.id)).toHaveLength(4)
    expect(await registry.census(project.id)).toEqual({ checks: 4, revision: 0 })
  })

  it('are created once by upserts that found no match at the same time', async () => {
    const { project } = await aProject()
    const { revision } = await registry.census(project.id)
    const wanted = Array.from({ length: 5 }, () => aNewCheck({ projectId: project.id }))

    const outcomes = await Promise.all(
      wanted.map((check) => registry.createCheck(check, { limit: 1, revision })),
    )

    expect(outcomes.toSorted()).toEqual(['created', 'raced', 'raced', 'raced', 'raced'])
    expect(await registry.census(project.id)).toEqual({ checks: 1, revision: 1 })
  })

  it('are refused to an upsert that found no match in a full project', async () => {
    const { projectId } = await aStoredCheck()

    const outcome = await registry.createCheck(aNewCheck({ projectId }), { limit: 1, revision: 0 })

    expect(outcome).toBe('full')
  })

  it('are not created twice under one id', async () => {
    const check = await aStoredCheck()

    const again = await registry.createCheck({ ...check, name: 'second' }, { limit: 10 })

    expect(again).toBe('raced')
    expect(await registry.check(check.projectId, check.id)).toEqual(check)
    expect(await registry.census(check.projectId)).toMatchObject({ checks: 1 })
  })

  it('are replaced by their next version', async () => {
    const check = await aStoredCheck()
    const next = { ...check, version: 2, name: 'next' }

    expect(await registry.updateCheck(check, next)).toBe('written')
    expect(await registry.check(check.projectId, check.id)).toEqual(next)
  })

  it('are replaced by one of two concurrent updates', async () => {
    const check = await aStoredCheck()

    const outcomes = await Promise.all(
      ['a', 'b'].map((name) => registry.updateCheck(check, { ...check, version: 2, name })),
    )

    expect(outcomes.toSorted()).toEqual(['changed', 'written'])
  })

  it('are replaced at a revision of the census, which grows', async () => {
    const check = await aStoredCheck()
    const { revision } = await registry.census(check.projectId)
    const next = (version: number) => ({ ...check, version })

    expect(await registry.updateCheck(check, next(2), { revision: revision + 1 })).toBe('changed')
    expect(await registry.updateCheck(check, next(2), { revision })).toBe('written')
    expect(await registry.updateCheck(next(2), next(3), { revision })).toBe('changed')
    expect(await registry.updateCheck(check, next(2), { revision: revision + 1 })).toBe('changed')
    expect(await registry.check(check.projectId, check.id)).toEqual(next(2))
    expect(await registry.census(check.projectId)).toMatchObject({ revision: revision + 1 })
  })

  it('are not found by their UUID as a badge key', async () => {
    const check = await aStoredCheck()

    expect(await registry.checkByBadgeKey(check.id)).toBeUndefined()
  })

  it('are not updated past a version', async () => {
    const check = await aStoredCheck()

    await expect(registry.updateCheck(check, { ...check, version: 3 })).rejects.toThrow(
      'version must be 2, got 3',
    )
  })

  it('leave room, and nothing to update, when they are deleted', async () => {
    const check = await aStoredCheck()

    expect(await registry.deleteCheck(check)).toBe('deleted')
    expect(await registry.check(check.projectId, check.id)).toBeUndefined()
    expect(await registry.ownerOf(check.id)).toBeUndefined()
    expect(await registry.checkByBadgeKey(check.badgeKey)).toBeUndefined()
    expect(await registry.census(check.projectId)).toMatchObject({ checks: 0 })
    expect(await registry.updateCheck(check, { ...check, version: 2 })).toBe('missing')
  })

  it('are not counted down by a second deletion', async () => {
    const check = await aStoredCheck()

    const outcomes = [await registry.deleteCheck(check), await registry.deleteCheck(check)]

    expect(outcomes).toEqual(['deleted', 'missing'])
    expect(await registry.census(check.projectId)).toMatchObject({ checks: 0 })
  })

  it('are not deleted once they have changed', async () => {
    const check = await aStoredCheck()
    await registry.updateCheck(check, { ...check, version: 2 })

    expect(await registry.deleteCheck(check)).toBe('changed')
    expect(await registry.ownerOf(check.id)).toBe(check.projectId)
  })

  it('are told from those that do not exist', async () => {
    const check = await aStoredCheck()
    const [known, ...unknown] = [check.id, ...Array.from({ length: 120 }, () => random.uuid())]

    expect(await registry.existing([...unknown, known])).toEqual(new Set([check.id]))
  })
})
