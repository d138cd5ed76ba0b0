import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { windowLimit } from '../../lambdas/domain/watching/window.ts'
import { changeWindow, createWindow, deleteWindow } from '../../lambdas/managing/windows.ts'
import { makeTestApi } from '../support/api.ts'
import { somebody as by, start } from '../support/builders.ts'

let deps: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  deps = await makeTestApi()
})
afterAll(() => deps.stop())

const fields = {
  name: 'patching',
  tags: '',
  lengthSeconds: 60,
  times: { kind: 'once', startAt: start },
} as const

async function aProjectId() {
  return (await deps.project()).project.id
}

async function aWindowOf(projectId: string) {
  const made = await createWindow(deps, { projectId, by }, fields)
  return 'refusal' in made ? expect.unreachable() : made
}

describe('a window', () => {
  it('has the lowest number that is free, and is younger than who had it before', async () => {
    const projectId = await aProjectId()
    const [first, second] = [await aWindowOf(projectId), await aWindowOf(projectId)]

    await deleteWindow(deps, { projectId, by, windowId: first.id })
    const third = await aWindowOf(projectId)

    expect([first, second, third].map(({ number, since }) => [number, since])).toEqual([
      [0, 1],
      [1, 2],
      [0, 4],
    ])
  })

  it('is no younger after a change', async () => {
    const projectId = await aProjectId()
    const window = await aWindowOf(projectId)
    const place = { projectId, by, windowId: window.id }

    const changed = await changeWindow(deps, place, () => ({ ...fields, name: 'moving' }))

    expect(changed).toEqual({ ...window, name: 'moving' })
    expect(await changeWindow(deps, place, ({ name }) => ({ ...fields, name }))).toEqual(changed)
    expect(await deps.windows.of(projectId)).toEqual({ revision: 2, windows: [changed] })
  })

  it('is one of a hundred at most, also of those that are made at the same time', async () => {
    const projectId = await aProjectId()
    for (let count = 0; count < windowLimit - 2; count += 1) await aWindowOf(projectId)

    const outcomes = await Promise.all(
      [1, 2, 3].map(() => createWindow(deps, { projectId, by }, fields)),
    )

    expect(outcomes.filter((outcome) => 'refusal' in outcome)).toEqual([
      { refusal: 'windows-full' },
    ])
    const { windows } = await deps.windows.of(projectId)
    expect(new Set(windows.map(({ number }) => number)).size).toBe(windowLimit)
  })
})
