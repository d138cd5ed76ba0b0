import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import type { ListStatus } from '../../lambdas/domain/watching/listing.ts'
import { ListedChecks } from '../../lambdas/web/listed-checks.ts'
import { hour, minute } from '../support/builders.ts'
import { makeTestWeb, type TestWeb } from '../support/web.ts'

let web: TestWeb
let [projectId, apiKey, upId] = ['', '', '']

beforeAll(async () => {
  web = await makeTestWeb()
})
beforeEach(async () => {
  const made = await web.project()
  ;[projectId, apiKey] = [made.project.id, made.apiKey]
  upId = await create('fine')
  await create('other')
})
afterAll(() => web.stop())

async function create(name: string): Promise<string> {
  const json = { name, timeout: 86_400 }
  return (await web.call('POST', '/api/v3/checks/', { key: apiKey, json })).json.uuid
}

/** Notes so many changes of a check that is not there. */
async function note(count: number): Promise<void> {
  const subject = { kind: 'check', id: uniqueKeyOf(randomUUID()), name: '' } as const
  const entry = { projectId, at: web.time.now, action: 'check-changed', subject } as const
  const actor = { kind: 'operator' } as const
  const all = Array.from({ length: count }, () => ({ ...entry, actor, changes: {} }))
  await Promise.all(all.map((each) => web.audits.put({ ...each, requestId: randomUUID() })))
}

/** The lists of another instance, whose reads of whole projects are counted. */
function anInstance(readsByKeys = false) {
  const checks = vi.fn((id: string) => web.registry.checks(id))
  const checksByUniqueKeys = vi.fn((id: string, keys: readonly string[]) =>
    web.registry.checksByUniqueKeys(id, keys),
  )
  const registry = { checks, checksByUniqueKeys }
  const readList = vi.fn((ids: readonly string[]) => web.heartbeats.readList(ids, true))
  const heartbeats = {
    readList,
    readsByKeys: () => readsByKeys,
    readMany: (ids: readonly string[]) => web.heartbeats.readMany(ids),
  }
  const lists = new ListedChecks({ ...web, registry, heartbeats })
  const listed = async (): Promise<Record<string, ListStatus>> => {
    const all = await lists.of(projectId, web.time.now)
    return Object.fromEntries(all.map(({ check, status }) => [check.name, status]))
  }
  return { lists, listed, checks, checksByUniqueKeys, readList }
}

describe('the definitions of a list', () => {
  it('are read once, and show what is changed elsewhere at once', async () => {
    const { listed, checks } = anInstance()
    const before = await listed()

    web.time.now += minute
    await create('third')
    const added = await listed()
    await web.call('POST', `/api/v3/checks/${upId}`, { key: apiKey, json: { name: 'renamed' } })
    const renamed = await listed()
    await web.call('DELETE', `/api/v3/checks/${upId}`, { key: apiKey })
    const deleted = await listed()

    expect(Object.keys(before).toSorted()).toEqual(['fine', 'other'])
    expect(Object.keys(added).toSorted()).toEqual(['fine', 'other', 'third'])
    expect(Object.keys(renamed).toSorted()).toEqual(['other', 'renamed', 'third'])
    expect(Object.keys(deleted).toSorted()).toEqual(['other', 'third'])
    expect(checks).toHaveBeenCalledOnce()
  })

  it('show a change whose time was taken before the look that missed it', async () => {
    const { listed } = anInstance()
    await listed()
    web.time.now += 5 * minute
    await listed()

    web.time.now -= minute / 2
    await create('late')
    web.time.now += minute

    expect(await listed()).toHaveProperty('late')
  })

  it('ask for a change once', async () => {
    const { listed, checksByUniqueKeys } = anInstance()
    await listed()
    await create('third')
    await listed()
    checksByUniqueKeys.mockClear()

    await listed()

    expect(checksByUniqueKeys).not.toHaveBeenCalled()
  })

  it('are read anew after ten minutes, and after many changes', async () => {
    const { listed, checks } = anInstance()
    await listed()

    web.time.now += 9 * minute
    await listed()
    expect(checks).toHaveBeenCalledTimes(1)
    web.time.now += minute
    await listed()
    expect(checks).toHaveBeenCalledTimes(2)
    await note(101)
    await listed()
    expect(checks).toHaveBeenCalledTimes(3)
  })
})

describe('where a scan costs more than the keys of a list', () => {
  it('counts are a minute old, and rows are as they are now', async () => {
    const { lists, listed, readList } = anInstance(true)
    web.time.now += 2 * minute
    const before = await listed()

    web.time.now += minute / 2
    await web.ping(upId)
    const meanwhile = await lists.of(projectId, web.time.now)
    const rows = await lists.asNow(projectId, meanwhile, web.time.now)

    const statuses = (some: typeof rows) =>
      Object.fromEntries(some.map(({ check, status }) => [check.name, status]))
    expect(before).toEqual({ fine: 'new', other: 'new' })
    expect(statuses(meanwhile)).toEqual({ fine: 'new', other: 'new' })
    expect(statuses(rows)).toEqual({ fine: 'up', other: 'new' })
    expect(readList).toHaveBeenCalledOnce()
    web.time.now += minute / 2
    expect(await listed()).toEqual({ fine: 'up', other: 'new' })
    expect(readList).toHaveBeenCalledTimes(2)
  })

  it('what somebody has just paused is shown paused', async () => {
    const { listed } = anInstance(true)
    await listed()

    await web.call('POST', `/api/v3/checks/${upId}/pause`, { key: apiKey })

    expect(await listed()).toEqual({ fine: 'paused', other: 'new' })
    web.time.now += hour
    expect(await listed()).toEqual({ fine: 'paused', other: 'new' })
  })
})
