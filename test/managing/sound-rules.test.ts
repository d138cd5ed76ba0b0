import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Rules } from '../../lambdas/domain/watching/rules.ts'
import { createCheck, updateCheck } from '../../lambdas/managing/checks.ts'
import { makeTestApi } from '../support/api.ts'
import { somebody as by } from '../support/builders.ts'
import { but } from '../support/but.ts'
import { breakCheck } from '../support/unreadable.ts'

let deps: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  deps = await makeTestApi()
})
afterAll(() => deps.stop())

const hourly = { kind: 'cron', expression: '0 * * * *' } as const

async function aProject() {
  const { project, channel } = await deps.project()
  const make = async (rules: Rules = {}) => {
    const made = await createCheck(deps, { projectId: project.id, by, change: { rules } })
    return 'refusal' in made ? made : made.check.id
  }
  const anId = async (rules: Rules = {}) => {
    const made = await make(rules)
    return typeof made === 'string' ? made : expect.unreachable()
  }
  const depend = (id: string, ...dependsOn: readonly string[]) =>
    updateCheck(deps, id, { projectId: project.id, by, change: { rules: { dependsOn } } })
  const revision = async () => (await deps.registry.census(project.id)).revision
  return { projectId: project.id, channelId: channel.id, make, anId, depend, revision }
}

describe('early', () => {
  const create = async (change: object) => {
    const { projectId } = await aProject()
    return createCheck(deps, { projectId, by, change: { graceSeconds: 3000, ...change } })
  }

  it('needs a schedule', async () => {
    expect(await create({ rules: { earlySeconds: 60 } })).toEqual({
      refusal: 'early-without-schedule',
    })
  })

  it('and grace together are shorter than the time between two runs', async () => {
    const rules = (earlySeconds: number) => ({ schedule: hourly, rules: { earlySeconds } })

    expect(await create(rules(599))).not.toHaveProperty('refusal')
    expect(await create(rules(600))).toEqual({ refusal: 'early-too-long', gapSeconds: 3600 })
  })

  it.each([
    ['a schedule', { schedule: { kind: 'cron', expression: '*/30 * * * *' } }, 'early-too-long'],
    ['a period', { schedule: { kind: 'simple', periodSeconds: 60 } }, 'early-without-schedule'],
    ['a grace time', { graceSeconds: 3001 }, 'early-too-long'],
  ] as const)('refuses %s that leaves no room for it', async (_, change, refusal) => {
    const { projectId } = await aProject()
    const made = await createCheck(deps, {
      projectId,
      by,
      change: { schedule: hourly, graceSeconds: 3000, rules: { earlySeconds: 599 } },
    })
    const { id } = 'check' in made ? made.check : expect.unreachable()

    expect(await updateCheck(deps, id, { projectId, by, change })).toMatchObject({ refusal })
    expect(await deps.registry.check(projectId, id)).toMatchObject({ version: 1 })
    expect(
      await updateCheck(deps, id, { projectId, by, change: { ...change, rules: {} } }),
    ).not.toHaveProperty('refusal')
  })

  it('refuses a time zone whose clocks leave no room for it', async () => {
    const { projectId } = await aProject()
    const made = await createCheck(deps, {
      projectId,
      by,
      change: {
        schedule: { kind: 'cron', expression: '0 1,4 * * *' },
        graceSeconds: 3600,
        rules: { earlySeconds: 3600 },
      },
    })
    const { id } = 'check' in made ? made.check : expect.unreachable()

    expect(
      await updateCheck(deps, id, { projectId, by, change: { timeZone: 'Europe/Riga' } }),
    ).toEqual({ refusal: 'early-too-long', gapSeconds: 7200 })
  })
})

describe('escalations', () => {
  it('name channels of the project', async () => {
    const { channelId, make } = await aProject()
    const foreign = (await aProject()).channelId
    const escalate = (id: string) => ({ escalate: [{ afterSeconds: 60, channelIds: [id] }] })

    expect(await make(escalate(channelId))).toBeTypeOf('string')
    expect(await make(escalate(foreign))).toEqual({
      refusal: 'escalation-unknown',
      channelId: foreign,
    })
  })
})

describe('a check', () => {
  it('depends on checks of its project', async () => {
    const { anId, depend, make } = await aProject()
    const foreign = await (await aProject()).anId()
    const unknown = { refusal: 'parent-unknown', checkId: foreign }

    expect(await depend(await anId(), await anId())).not.toHaveProperty('refusal')
    expect(await depend(await anId(), foreign)).toEqual(unknown)
    expect(await make({ dependsOn: [foreign] })).toEqual(unknown)
  })

  it('does not depend on itself, by whatever way round', async () => {
    const { anId, depend } = await aProject()
    const first = await anId()
    const second = await anId({ dependsOn: [first] })
    const third = await anId({ dependsOn: [second] })

    for (const parent of [first, second, third])
      expect(await depend(first, parent)).toEqual({ refusal: 'parent-circular' })
    expect(await depend(third, first)).not.toHaveProperty('refusal')
  })

  it('closes no circle with another that is changed at the same time', async () => {
    const { anId, depend } = await aProject()
    const ids = [await anId(), await anId(), await anId()] as const

    const outcomes = await Promise.all(
      ids.map((id, index) => depend(id, ids[(index + 1) % 3] ?? '')),
    )

    expect(outcomes.filter((outcome) => 'refusal' in outcome)).toEqual([
      { refusal: 'parent-circular' },
    ])
  })

  it('grows the revision of the census when it depends on others, and only then', async () => {
    const { projectId, anId, depend, revision } = await aProject()
    const [parent, child] = [await anId(), await anId()]

    const revisions = [await revision()]
    for (const change of [{ name: 'x' }, { rules: { dependsOn: [parent] } }, { name: 'y' }]) {
      await updateCheck(deps, child, { projectId, by, change })
      revisions.push(await revision())
    }
    await depend(child)
    revisions.push(await revision())

    expect(revisions).toEqual([0, 0, 1, 1, 1])
  })

  it('keeps a parent that was deleted since, until it is changed', async () => {
    const { projectId, anId } = await aProject()
    const parent = await anId()
    const child = await anId({ dependsOn: [parent] })
    const before = (await deps.registry.check(projectId, parent)) ?? expect.unreachable()
    await deps.registry.deleteCheck(before)

    expect(await updateCheck(deps, child, { projectId, by, change: { name: 'x' } })).toMatchObject({
      check: { rules: { dependsOn: [parent] } },
    })
  })

  it('does not depend on what may depend on it, for all that can be read', async () => {
    const { projectId, anId, depend } = await aProject()
    const [odd, other] = [await anId(), await anId()]
    await breakCheck(deps.engine, projectId, odd)

    expect(await depend(other, odd)).toEqual({ refusal: 'unreadable', checks: [odd] })
    expect(await depend(other, await anId())).not.toHaveProperty('refusal')
  })
})

describe('the outage of a check', () => {
  it('is looked at again when a change can have it told otherwise', async () => {
    const { projectId, anId } = await aProject()
    const [plain, told] = [await anId(), await anId()]
    for (const id of [plain, told]) await deps.ping(id, 'fail')

    await updateCheck(deps, plain, { projectId, by, change: { rules: { successes: 2 } } })
    await updateCheck(deps, told, { projectId, by, change: { rules: { repeatSeconds: 600 } } })

    expect(await deps.heartbeats.read(plain)).not.toHaveProperty('lookAt')
    expect(await deps.heartbeats.read(told)).toMatchObject({ lookAt: deps.time.now })
  })

  it('is looked at again by the second try of a change that died half-way', async () => {
    const { projectId, anId } = await aProject()
    const id = await anId()
    await deps.ping(id, 'fail')
    const change = { projectId, by, change: { rules: { repeatSeconds: 600 } } }
    const lookAgain = () => Promise.reject(new Error('crashed'))
    const dying = { ...deps, heartbeats: but(deps.heartbeats, { lookAgain }) }

    await expect(updateCheck(dying, id, change)).rejects.toThrow('crashed')
    await updateCheck(deps, id, change)

    expect(await deps.heartbeats.read(id)).toMatchObject({ lookAt: deps.time.now })
  })
})
