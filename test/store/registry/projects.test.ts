import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeyKind } from '../../../lambdas/domain/people/api-key.ts'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import type { CreatedProject } from '../../../lambdas/domain/people/new-project.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { Projects } from '../../../lambdas/store/registry/projects.ts'
import { noWindows } from '../../../lambdas/domain/watching/window.ts'
import { Windows } from '../../../lambdas/store/registry/windows.ts'
import { Registry } from '../../../lambdas/store/registry/registry.ts'
import { aCheck, aWindow, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let registry: Registry
let projects: Projects

beforeAll(async () => {
  engine = await makeTables()
  registry = new Registry(engine.database, engine.names.Registry)
  projects = new Projects(engine.database, engine.names.Registry)
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

async function keysOf(id: string) {
  return (await projects.keys()).filter(({ projectId }) => projectId === id)
}

describe('keys', () => {
  it('are known by kind, without an age while they are those of the first day', async () => {
    const { project } = await aProject()

    const keys = await keysOf(project.id)

    expect(new Set(keys.map(({ kind, createdAt }) => [kind, createdAt]))).toEqual(
      new Set([
        ['read-write', undefined],
        ['read-only', undefined],
        ['ping', undefined],
      ]),
    )
  })

  it.each<KeyKind>(['read-write', 'read-only', 'ping'])(
    'of kind %s are replaced, one by one',
    async (kind) => {
      const { project, ...before } = await aProject()

      const rotated = await projects.rotateKey(project.id, kind, start + 1, random)

      const keys = await keysOf(project.id)
      expect(keys).toHaveLength(3)
      expect(
        keys.filter(({ createdAt }) => createdAt === start + 1).map((each) => each.kind),
      ).toEqual([kind])
      const opened = await Promise.all(
        [before.apiKey, before.apiKeyReadonly].map((key) => registry.access(key)),
      )
      expect(opened.map((each) => each?.access)).toEqual([
        kind === 'read-write' ? undefined : 'read-write',
        kind === 'read-only' ? undefined : 'read-only',
      ])
      const key = typeof rotated === 'string' ? expect.unreachable() : rotated.key
      if (kind === 'ping')
        expect(await registry.project(project.id)).toMatchObject({ pingKey: key })
      else expect(await registry.access(key)).toEqual({ projectId: project.id, access: kind })
    },
  )

  it('are replaced once by two who do so at the same time', async () => {
    const { project } = await aProject()

    const outcomes = await Promise.all(
      [1, 2].map((at) => projects.rotateKey(project.id, 'ping', start + at, random)),
    )

    const made = outcomes.flatMap((each) => (typeof each === 'string' ? [] : [each.key]))
    expect(await keysOf(project.id)).toHaveLength(3)
    expect(made).toContain((await registry.project(project.id))?.pingKey)
  })

  it('are not made for a project that does not exist', async () => {
    expect(await projects.rotateKey('none', 'read-write', start, random)).toBe('missing')
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
    expect(await keysOf(project.id)).toEqual([])
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

  it('gets no census back from a deletion that comes late', async () => {
    const { project } = await aProject()
    const check = await aStoredCheck(project.id)
    await projects.deleteChecks(project.id, [check])
    await projects.remove(project.id)

    expect(await registry.deleteCheck(check)).toBe('missing')

    await expect(registry.census(project.id)).rejects.toThrow('no census')
  })
})
