import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCheck, editCheck, updateCheck, upsertCheck } from '../../lambdas/managing/checks.ts'
import { deleteCheck } from '../../lambdas/managing/delete-check.ts'
import { pauseCheck, resumeCheck } from '../../lambdas/managing/pause-check.ts'
import { makeTestApi } from '../support/api.ts'
import { somebody as by } from '../support/builders.ts'
import { but } from '../support/but.ts'
import { breakCheck } from '../support/unreadable.ts'

let deps: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  deps = await makeTestApi()
})
afterAll(() => deps.stop())

async function aProject(checkLimit?: number) {
  const { project, channel } = await deps.project(checkLimit)
  return { projectId: project.id, channelId: channel.id }
}

async function aCheckOf(projectId: string, name = 'backup') {
  const made = await createCheck(deps, { projectId, by, change: { name } })
  return 'refusal' in made ? expect.unreachable() : made.check
}

describe('a check', () => {
  it('is edited only as long as it is as it was seen', async () => {
    const { projectId } = await aProject()
    const seen = await aCheckOf(projectId)
    const edit = (name: string) =>
      editCheck(
        deps,
        { checkId: seen.id, version: seen.version },
        { projectId, by, change: { name } },
      )

    expect(await edit('first')).toMatchObject({ check: { name: 'first', version: 2 } })
    expect(await edit('second')).toMatchObject({
      refusal: 'check-changed',
      check: { name: 'first', version: 2 },
    })
  })

  it('is made once by its identity, and changed from then on', async () => {
    const { projectId, channelId } = await aProject()
    const wanted = (graceSeconds: number) =>
      upsertCheck(
        deps,
        { name: 'backup' },
        { projectId, by, change: { name: 'backup', graceSeconds }, firstChannels: 'all' },
      )

    const made = await wanted(60)
    const changed = await wanted(120)

    expect(made).toMatchObject({ isNew: true, check: { channelIds: [channelId] } })
    expect(changed).toMatchObject({ isNew: false, check: { graceSeconds: 120, version: 2 } })
    expect(await deps.registry.checks(projectId)).toHaveLength(1)
  })

  it('keeps the channels that it has when it is changed', async () => {
    const { projectId } = await aProject()
    const { id } = await aCheckOf(projectId)

    const change = { projectId, by, change: { tags: 'db' }, firstChannels: 'all' } as const

    expect(await updateCheck(deps, id, change)).toMatchObject({ check: { channelIds: [] } })
  })

  it('is refused in a project that is full, which is told its limit', async () => {
    const { projectId } = await aProject(1)
    await aCheckOf(projectId)

    const outcome = await createCheck(deps, { projectId, by, change: {} })

    expect(outcome).toEqual({ refusal: 'full', limit: 1 })
  })

  it('is not made beside one that can’t be read, and may be the one that is meant', async () => {
    const { projectId } = await aProject()
    const { id } = await aCheckOf(projectId)
    await breakCheck(deps.engine, projectId, id)

    const outcome = await upsertCheck(deps, { name: 'backup' }, { projectId, by, change: {} })

    expect(outcome).toMatchObject({ refusal: 'unreadable' })
  })

  it.each([
    ['unknown-channel', 'nobody'],
    ['unknown-channel', ''],
  ])('is refused with %s "%s"', async (refusal, name) => {
    const { projectId } = await aProject()

    const outcome = await createCheck(deps, { projectId, by, change: {}, channels: [name] })

    expect(outcome).toEqual({ refusal, name })
  })

  it('is refused while others get in the way each time', async () => {
    const { projectId } = await aProject()
    const { id } = await aCheckOf(projectId)
    const registry = { updateCheck: () => Promise.resolve('changed' as const) }
    const contended = { ...deps, registry: but(deps.registry, registry) }

    const outcome = await updateCheck(contended, id, { projectId, by, change: { name: 'other' } })

    expect(outcome).toEqual({ refusal: 'contended' })
  })

  it.each([
    [
      'update',
      (id: string, projectId: string) => updateCheck(deps, id, { projectId, by, change: {} }),
    ],
    [
      'delete',
      (id: string, projectId: string) => deleteCheck(deps, { projectId, by, checkId: id }),
    ],
    ['pause', (id: string, projectId: string) => pauseCheck(deps, { projectId, by, name: id })],
    ['resume', (id: string, projectId: string) => resumeCheck(deps, { projectId, by, name: id })],
  ])('of another project is foreign, and one of nobody missing, to %s', async (_, act) => {
    const [own, other] = [await aProject(), await aProject()]
    const { id } = await aCheckOf(other.projectId)

    expect(await act(id, own.projectId)).toEqual({ refusal: 'foreign' })
    expect(await act(deps.random.uuid(), own.projectId)).toEqual({ refusal: 'missing' })
  })

  it('that is not paused is not resumed', async () => {
    const { projectId } = await aProject()
    const { id } = await aCheckOf(projectId)

    expect(await resumeCheck(deps, { projectId, by, name: id })).toBe('not-paused')
    expect(await pauseCheck(deps, { projectId, by, name: id })).toMatchObject({
      heartbeat: { status: 'paused' },
    })
    expect(await resumeCheck(deps, { projectId, by, name: id })).toMatchObject({
      heartbeat: { status: 'new' },
    })
  })
})
