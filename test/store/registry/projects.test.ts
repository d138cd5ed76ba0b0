import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import type { CreatedProject } from '../../../lambdas/domain/people/new-project.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { ApiKeys } from '../../../lambdas/store/registry/api-keys.ts'
import { Projects } from '../../../lambdas/store/registry/projects.ts'
import { newUser } from '../../../lambdas/domain/people/user.ts'
import { Users } from '../../../lambdas/store/people/users.ts'
import { noWindows } from '../../../lambdas/domain/watching/window.ts'
import { Windows } from '../../../lambdas/store/registry/windows.ts'
import { Registry } from '../../../lambdas/store/registry/registry.ts'
import { aCheck, aWindow, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let registry: Registry
let projects: Projects
let apiKeys: ApiKeys

beforeAll(async () => {
  engine = await makeTables()
  registry = new Registry(engine.database, engine.names.Registry)
  projects = new Projects(engine.database, engine.names.Registry)
  apiKeys = new ApiKeys(engine.database, engine.names.Registry)
})
afterAll(() => engine.stop())

async function aProject(): Promise<CreatedProject> {
  const created = await registry.createProject(
    { name: 'Shop', email: 'ops@example.com' },
    start,
    random,
  )
  return created === 'key-taken' ? expect.unreachable() : created
}

async function aStoredCheck(projectId: string): Promise<Check> {
  const check = aCheck({ id: random.uuid(), projectId })
  expect(await registry.createCheck(check, { limit: 10 })).toBe('created')
  return check
}

describe('the ping key', () => {
  it('is replaced, and its project names the new one', async () => {
    const { project, pingKey } = await aProject()

    const outcome = await projects.rotatePingKey(project.id, { key: 'new', now: start + 1 })

    expect(outcome).toBe('replaced')
    expect(await registry.project(project.id)).toMatchObject({ pingKey: 'new' })
    expect(await registry.projectOf('new')).toMatchObject({ id: project.id })
    expect(await registry.projectOf(pingKey)).toBeUndefined()
    expect(await projects.pingKeySince({ pingKey: 'new' })).toBe(start + 1)
    expect(await projects.pingKeySince(project)).toBeUndefined()
  })

  it('is replaced once by two who do so at the same time', async () => {
    const { project } = await aProject()
    const keys = [random.uuid(), random.uuid()]

    const outcomes = await Promise.all(
      keys.map((key) => projects.rotatePingKey(project.id, { key, now: start })),
    )

    const current = (await registry.project(project.id))?.pingKey ?? ''
    expect(keys).toContain(current)
    for (const [index, key] of keys.entries())
      if (key !== current && outcomes[index] === 'changed')
        expect(await registry.projectOf(key)).toBeUndefined()
  })

  it('is not made for a project that does not exist', async () => {
    expect(await projects.rotatePingKey('none', { key: 'k', now: start })).toBe('missing')
  })
})

describe('a name of a project', () => {
  it('is replaced where it is as it was read, and nowhere else', async () => {
    const { project } = await aProject()

    expect(await projects.rename(project, 'Press')).toBe('renamed')
    expect(await projects.rename(project, 'Late')).toBe('changed')
    expect(await projects.rename({ ...project, id: 'none' }, 'Late')).toBe('changed')
    expect((await registry.project(project.id))?.name).toBe('Press')
    expect(await registry.project('none')).toBeUndefined()
  })
})

describe('a closed project', () => {
  it('has no key and takes no check, also from a request that was under way', async () => {
    const { project, apiKey } = await aProject()
    const { revision } = await registry.census(project.id)

    expect(await projects.close(project.id)).toBe('closed')

    const check = aCheck({ id: random.uuid(), projectId: project.id })
    expect(await registry.createCheck(check, { limit: 10 })).toBe('full')
    expect(await registry.createCheck(check, { limit: 10, revision })).toBe('full')
    expect(await registry.access(apiKey)).toBeUndefined()
    expect(await apiKeys.of(project.id)).toEqual([])
    expect(await registry.projectOf(project.pingKey)).toBeUndefined()
  })

  it('may be closed again, one that is gone may not', async () => {
    const { project } = await aProject()

    expect([await projects.close(project.id), await projects.close(project.id)]).toEqual([
      'closed',
      'closed',
    ])
    expect(await projects.close('none')).toBe('missing')
  })
})

describe('checks of a project', () => {
  it('are deleted together, and counted', async () => {
    const { project } = await aProject()
    const checks = [
      await aStoredCheck(project.id),
      await aStoredCheck(project.id),
      await aStoredCheck(project.id),
    ]

    expect(await projects.deleteChecks(project.id, checks.slice(0, 2))).toBe('deleted')

    expect(await registry.checks(project.id)).toEqual(checks.slice(2))
    expect(await registry.census(project.id)).toMatchObject({ checks: 1 })
    expect(await registry.existing(checks.map(({ id }) => id))).toEqual(new Set([checks[2]?.id]))
  })

  it('stay, all of them, when one has changed meanwhile', async () => {
    const { project } = await aProject()
    const [one, other] = [await aStoredCheck(project.id), await aStoredCheck(project.id)]
    await registry.updateCheck(one, { ...one, version: 2, name: 'renamed' })

    expect(await projects.deleteChecks(project.id, [one, other])).toBe('changed')

    expect(await registry.checks(project.id)).toHaveLength(2)
    expect(await registry.census(project.id)).toMatchObject({ checks: 2 })
  })
})

describe('a project', () => {
  it('is removed with its channels and windows, once it has no check', async () => {
    const { project } = await aProject()
    const check = await aStoredCheck(project.id)
    const windows = new Windows(engine.database, engine.names.Registry)
    await windows.replace(project.id, { revision: 1, windows: [aWindow()] })

    expect(await projects.remove(project.id)).toBe('has-checks')
    expect(await registry.project(project.id)).toBeDefined()
    await projects.deleteChecks(project.id, [check])
    expect(await projects.remove(project.id)).toBe('removed')

    expect(await registry.project(project.id)).toBeUndefined()
    expect(await registry.channels(project.id)).toEqual([])
    expect(await windows.of(project.id)).toEqual(noWindows)
    expect((await registry.projects()).map(({ id }) => id)).not.toContain(project.id)
  })

  it('leaves nobody a role in it once it is removed', async () => {
    const { project, apiKey } = await aProject()
    const users = new Users(engine.database, engine.names.Registry)
    const user = newUser({ id: random.uuid(), email: 'ana@example.com', createdAt: start })
    const membership = { userId: user.id, projectId: project.id, since: start }
    await users.create(user, { ...membership, role: 'owner' })

    await projects.remove(project.id)

    expect(await users.visit(user.id)).toEqual({ user, memberships: [] })
    expect(await registry.access(apiKey)).toBeUndefined()
  })

  it('gets no census back from a deletion that comes late', async () => {
    const { project } = await aProject()
    const check = await aStoredCheck(project.id)
    await projects.deleteChecks(project.id, [check])
    await projects.remove(project.id)

    expect(await registry.deleteCheck(check)).toBe('missing')

    await expect(registry.census(project.id)).rejects.toThrow('no census')
  })
})
