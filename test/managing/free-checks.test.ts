import { afterAll, beforeAll, expect, it } from 'vitest'
import { updateCheck } from '../../lambdas/managing/checks.ts'
import { freeChecks } from '../../lambdas/managing/free-checks.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { makeTestApi } from '../support/api.ts'
import { aCheck, somebody } from '../support/builders.ts'
import { but } from '../support/but.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())

async function aMirroredProject(): Promise<{ readonly projectId: string; readonly id: string }> {
  const projectId = (await api.project()).project.id
  const id = random.uuid()
  const check = aCheck({ id, projectId, managedBy: 'source' })
  await api.registry.createCheck(check, { limit: 10 })
  return { projectId, id }
}

it('checks of a database are given to people, who may change them then', async () => {
  const { projectId, id } = await aMirroredProject()
  const rename = () =>
    updateCheck(api, id, { projectId, by: somebody, change: { name: 'by hand' } })
  const before = await rename()

  const freed = await freeChecks(api, projectId, () => somebody)

  expect(before).toEqual({ refusal: 'kept-by-source' })
  expect(freed).toEqual({ freed: 1, left: 0 })
  expect(await rename()).toMatchObject({ check: { name: 'by hand', version: 3 } })
  expect(await freeChecks(api, projectId, () => somebody)).toEqual({ freed: 0, left: 0 })
  expect((await api.audits.since(projectId, 0, 10)).map(({ action }) => action)).toContain(
    'check-changed',
  )
})

it('a check that changes meanwhile is left, and told of', async () => {
  const { projectId } = await aMirroredProject()
  const registry = but(api.registry, { updateCheck: () => Promise.resolve('changed' as const) })

  expect(await freeChecks({ ...api, registry }, projectId, () => somebody)).toEqual({
    freed: 0,
    left: 1,
  })
})
