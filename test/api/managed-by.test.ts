import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { makeTestApi } from '../support/api.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let own: CreatedProject

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())
beforeEach(async () => {
  own = await api.project()
})

type Shown = {
  readonly id?: string
  readonly uuid?: string
  readonly unique_key?: string
  readonly managed_by?: string
  readonly error?: string
}

async function call(method: string, path: string, json?: object, key = own.apiKey) {
  const answer = await api.call(method, path, { key, ...(json && { json }) })
  return { status: answer.status, json: answer.json as unknown as Shown }
}

const kinds = [
  ['check', 'checks', { name: 'nightly' }],
  ['channel', 'channels', { kind: 'ntfy', topic: 'backups' }],
  ['window', 'windows', { seconds: 3600, schedule: '0 2 * * 0' }],
] as const

async function made(kind: string, fields: object) {
  const path = `/api/v3/${kind}/`
  const { json } = await call('POST', path, fields)
  return { json, path: `${path}${json.uuid ?? json.id ?? ''}` }
}

describe.each(kinds)('a %s', (_, kind, fields) => {
  it('says who keeps it, where somebody does', async () => {
    const { json, path } = await made(kind, { ...fields, managed_by: 'apply:Backups' })
    const plain = await made(kind, fields)

    expect(json).toMatchObject({ managed_by: 'apply:Backups' })
    expect((await call('GET', path)).json).toEqual(json)
    expect((await call('GET', path.replace('v3', 'v1'))).json).toMatchObject({
      managed_by: 'apply:Backups',
    })
    expect(plain.json).not.toHaveProperty('managed_by')
  })

  it('keeps what a change does not name, and is nobody’s after null or nothing', async () => {
    const { path } = await made(kind, { ...fields, managed_by: 'apply:Backups' })

    const renamed = await call('POST', path, { name: 'other' })
    const taken = await call('POST', path, { managed_by: 'apply:Others' })
    const cleared = await call('POST', path, { managed_by: null })
    await call('POST', path, { managed_by: 'apply:Backups' })
    const emptied = await call('POST', path, { managed_by: '' })

    expect(renamed.json).toMatchObject({ name: 'other', managed_by: 'apply:Backups' })
    expect(taken.json).toMatchObject({ managed_by: 'apply:Others' })
    for (const { json } of [cleared, emptied]) expect(json).not.toHaveProperty('managed_by')
  })

  it.each(['source', 'Backups', 'apply:', `apply:${'x'.repeat(101)}`, 'apply:a\tb'])(
    'is not kept by %j',
    async (managed_by) => {
      const { path } = await made(kind, fields)
      const error = 'json validation error: managed_by is not apply: and a name of 1–100 characters'

      expect(await call('POST', path, { managed_by })).toEqual({ status: 400, json: { error } })
      expect((await call('POST', `/api/v3/${kind}/`, { ...fields, managed_by })).status).toBe(400)
    },
  )

  it('notes who came to keep it', async () => {
    const { path } = await made(kind, fields)

    api.time.now += 1000

    await call('POST', path, { managed_by: 'apply:Backups' })

    const [entry] = await api.audits.of(own.project.id, { limit: 1 }, api.time.now)
    expect(entry?.changes).toEqual({ managedBy: ['', 'apply:Backups'] })
  })
})

it('who may only read sees who keeps a check, too', async () => {
  const { json } = await made('checks', { managed_by: 'apply:Backups' })
  const [check] = await api.registry.checks(own.project.id)
  const { json: listed } = await call('GET', '/api/v3/checks/', undefined, own.apiKeyReadonly)

  expect(check?.id).toBe(json.uuid)
  expect(listed).toMatchObject({ checks: [{ managed_by: 'apply:Backups' }] })
})

describe('a check that a database keeps', () => {
  async function kept() {
    const { path } = await made('checks', { name: 'nightly' })
    const [before] = await api.registry.checks(own.project.id)
    if (before === undefined) return expect.unreachable()
    const check = { ...before, managedBy: 'source', version: before.version + 1 } as const
    await api.registry.updateCheck(before, check)
    return { check, path }
  }

  it.each([
    ['changed', (path: string) => call('POST', path, { grace: 60 })],
    ['handed over', (path: string) => call('POST', path, { managed_by: 'apply:Backups' })],
    ['given to nobody', (path: string) => call('POST', path, { managed_by: null })],
    [
      'changed by its name',
      () => call('POST', '/api/v3/checks/', { name: 'nightly', unique: ['name'], grace: 60 }),
    ],
    ['deleted', (path: string) => call('DELETE', path)],
  ])('is not %s', async (_, act) => {
    const { check, path } = await kept()

    const { status, json } = await act(path)

    expect(status).toBe(409)
    expect(json.error).toMatch(/^check is kept by a database/)
    expect(await api.registry.checks(own.project.id)).toEqual([check])
  })

  it.each([
    ['paused', 'pause', {}],
    ['snoozed', 'snooze', { seconds: 3600 }],
    ['given rules and channels', '', { rules: { successes: 2 }, channels: '*' }],
    ['sent as it is', '', { name: 'nightly' }],
  ])('is %s', async (_, deed, json) => {
    const { path } = await kept()

    const answer = await call('POST', deed === '' ? path : `${path}/${deed}`, json)

    expect(answer).toMatchObject({ status: 200, json: { managed_by: 'source' } })
  })
})
