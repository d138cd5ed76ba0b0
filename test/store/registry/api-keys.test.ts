import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKeyLimit } from '../../../lambdas/domain/people/api-key.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { ApiKeys, type NewApiKey } from '../../../lambdas/store/registry/api-keys.ts'
import { Projects } from '../../../lambdas/store/registry/projects.ts'
import { Registry } from '../../../lambdas/store/registry/registry.ts'
import { start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let registry: Registry
let apiKeys: ApiKeys

beforeAll(async () => {
  engine = await makeTables()
  registry = new Registry(engine.database, engine.names.Registry)
  apiKeys = new ApiKeys(engine.database, engine.names.Registry)
})
afterAll(() => engine.stop())

async function aProject() {
  const wanted = { name: 'Shop', email: 'ops@example.com' }
  const created = await registry.createProject(wanted, start, random)
  return created === 'key-taken' ? expect.unreachable() : created
}

function aKey(name: string): NewApiKey {
  const key = random.uuid()
  return { key, name, access: 'read-write', by: 'ana@example.com', createdAt: start + 1 }
}

describe('API keys', () => {
  it('of a new project are two, which open it', async () => {
    const { project, apiKey } = await aProject()

    expect(await apiKeys.of(project.id)).toMatchObject([
      { name: 'read-only', access: 'read-only', by: 'operator', createdAt: start },
      { name: 'read-write', access: 'read-write', by: 'operator', createdAt: start },
    ])
    expect(await registry.access(apiKey)).toMatchObject({ name: 'read-write' })
  })

  it('are added by name, and open the project until they are revoked', async () => {
    const { project } = await aProject()
    const wanted = aKey('deploys')

    const added = await apiKeys.add(project.id, wanted)

    if (typeof added === 'string') return expect.unreachable()
    const opened = { projectId: project.id, access: 'read-write', name: 'deploys' }
    expect(await registry.access(wanted.key)).toEqual(opened)
    expect(await apiKeys.of(project.id)).toContainEqual(added)
    expect(await apiKeys.revoke(project.id, added.id)).toEqual(added)
    expect(await registry.access(wanted.key)).toBeUndefined()
    expect(await apiKeys.revoke(project.id, added.id)).toBe('missing')
  })

  it('say nothing of the key', async () => {
    const { project, apiKey } = await aProject()

    expect(JSON.stringify(await apiKeys.stored(project.id))).not.toContain(apiKey)
  })

  it('have a name of their own', async () => {
    const { project } = await aProject()

    expect(await apiKeys.add(project.id, aKey('read-write'))).toBe('name-taken')
  })

  it('are replaced by one of the same name', async () => {
    const { project, apiKey } = await aProject()
    const old = (await apiKeys.of(project.id)).find(({ access }) => access === 'read-write')
    const wanted = { ...aKey('read-write') }

    await apiKeys.replace(project.id, { id: old?.id ?? '', wanted })

    expect(await registry.access(apiKey)).toBeUndefined()
    expect(await registry.access(wanted.key)).toMatchObject({ name: 'read-write' })
    expect(await apiKeys.of(project.id)).toHaveLength(2)
  })

  it('are bounded in number, so that all of them go in one transaction', async () => {
    const { project } = await aProject()
    for (let count = 2; count < apiKeyLimit; count += 1)
      await apiKeys.add(project.id, aKey(`key ${count}`))

    expect(await apiKeys.add(project.id, aKey('one more'))).toBe('full')
    const projects = new Projects(engine.database, engine.names.Registry)
    expect(await projects.close(project.id)).toBe('closed')
    expect(await apiKeys.of(project.id)).toEqual([])
  })

  it('are not given to a project that is being deleted, or that is not there', async () => {
    const { project } = await aProject()
    await new Projects(engine.database, engine.names.Registry).close(project.id)

    expect(await apiKeys.add(project.id, aKey('late'))).toBe('missing')
    expect(await apiKeys.add('nothing', aKey('late'))).toBe('missing')
  })
})
