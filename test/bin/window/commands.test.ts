import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { CreatedProject } from '../../../lambdas/domain/people/new-project.ts'
import { withKey } from '../../support/keyed-command.ts'
import { makeServedApi } from '../../support/served-api.ts'

const { api, served, stop } = await makeServedApi()
let project: CreatedProject

afterAll(stop)
beforeEach(async () => {
  project = await api.project()
})

const overdue = (...args: readonly string[]) =>
  withKey({ url: served.url, apiKey: project.apiKey }, ['window', ...args])
const weekly = ['--schedule', '0 2 * * SUN', '--tz', 'Europe/Riga', '--seconds', '2h']

async function windows() {
  return (await api.windows.of(project.project.id)).windows
}

describe('overdue window', () => {
  it('plans time that comes again, and lists it', async () => {
    const run = await overdue('add', 'patch', ...weekly, '--tags', 'prod db')
    const [window] = await windows()
    const { out } = await overdue('list')

    const id = window?.id ?? expect.unreachable()
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toContain(
      `The window "patch" (${id}) is made: for checks with the tag prod or db`,
    )
    expect(run.out).toMatch(/, next at 20\S+, 2 h long\.\n$/)
    expect(out).toMatch(new RegExp(`\n${id} +20\\S+ +2 h +prod db +patch\n$`))
    expect(window).toMatchObject({
      lengthSeconds: 7200,
      times: { schedule: { expression: '0 2 * * SUN' }, timeZone: 'Europe/Riga' },
    })
  })

  it('plans time that is once, and answers in JSON as the API does', async () => {
    const start = new Date(api.time.now + 3_600_000).toISOString()

    const made = await overdue('add', '--start', start, '--seconds', '90s', '--json')
    const listed = await overdue('list', '--json')

    const { window } = JSON.parse(made.out) as { readonly window: object }
    expect(window).toMatchObject({
      name: '',
      seconds: 90,
      next_start: start.replace('.000Z', '+00:00'),
    })
    expect(JSON.parse(listed.out)).toEqual({ windows: [window] })
  })

  it('is changed where that is said, by name or id', async () => {
    await overdue('add', 'patch', ...weekly)
    const [before] = await windows()

    const run = await overdue('edit', 'patch', '--seconds', '3h')
    await overdue('edit', before?.id ?? '', '--name', 'upgrade')

    expect(run.out).toMatch(
      /^The window "patch" .* is changed: for all checks, next at .*, 3 h long/,
    )
    expect(await windows()).toEqual([{ ...before, name: 'upgrade', lengthSeconds: 10_800 }])
    expect(await overdue('edit', 'upgrade')).toMatchObject({ status: 2, out: '' })
  })

  it('is shown, and says where a file keeps it', async () => {
    const json = { name: 'patch', schedule: '0 2 * * SUN', seconds: 7200 }
    const kept = { ...json, managed_by: 'apply:Shop' }
    await api.call('POST', '/api/v3/windows/', { key: project.apiKey, json: kept })

    const shown = await overdue('show', 'patch')
    const changed = await overdue('edit', 'patch', '--seconds', '1h')

    expect(shown.out).toMatch(/^The window "patch" .* is for all checks, next at 20\S+, 2 h long/)
    expect(changed.err).toBe(
      'overdue: it is kept by apply:Shop, whose next apply may undo this change\n',
    )
  })

  it('has a name for itself', async () => {
    await overdue('add', 'patch', ...weekly)
    await overdue('add', 'other', ...weekly)

    const twin = await overdue('add', 'patch', ...weekly)
    const renamed = await overdue('edit', 'other', '--name', 'patch')
    const same = await overdue('edit', 'patch', '--name', 'patch')

    expect(twin).toMatchObject({ status: 1, out: '' })
    expect(twin.err).toMatch(/^overdue: the window "patch" \(.*\) has this name already/)
    expect(renamed.err).toBe(twin.err)
    expect(same).toMatchObject({ status: 0, err: '' })
    expect((await windows()).map(({ name }) => name).sort()).toEqual(['other', 'patch'])
  })

  it('is deleted where that is meant', async () => {
    await overdue('add', 'patch', ...weekly)

    const asked = await overdue('delete', 'patch')
    const left = await windows()
    const meant = await overdue('delete', 'patch', '--yes')

    expect(asked).toMatchObject({ status: 1, out: '' })
    expect(asked.err).toContain('to delete it, add --yes')
    expect(left).toHaveLength(1)
    expect(meant.out).toMatch(/^The window "patch" \(.*\) is deleted\.\n$/)
    expect(await windows()).toEqual([])
  })

  it.each([
    [['add', '--seconds', 'long'], 2, 'It takes a time such as 90s, 30m or 2h.'],
    [['add', '--seconds', '31d'], 2, 'It takes 1 min at least, and 30 d at most.'],
    [['add', 'patch'], 1, 'seconds is missing'],
    [['add', 'patch', '--seconds', '2h'], 1, 'start or schedule is missing'],
    [['edit', 'none', '--seconds', '2h'], 1, 'there is no window none; overdue window list'],
  ])('refuses %j', async (args, status, said) => {
    const run = await overdue(...args)

    expect(run).toMatchObject({ status, out: '', err: expect.stringContaining(said) as string })
  })

  it('asks for an id where several have a name', async () => {
    const json = { name: 'patch', schedule: '0 2 * * SUN', seconds: 7200 }
    for (let twin = 0; twin < 2; twin += 1)
      await api.call('POST', '/api/v3/windows/', { key: project.apiKey, json })

    expect((await overdue('delete', 'patch', '--yes')).err).toContain(
      'several windows are called patch',
    )
    expect(await windows()).toHaveLength(2)
  })

  it('says how to plan the first time', async () => {
    expect((await overdue('list')).out).toBe('No window yet. Make one with overdue window add.\n')
  })
})
