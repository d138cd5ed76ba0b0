import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KindName, kindNames } from '../../lambdas/channels/kinds.ts'
import { occasions } from '../../lambdas/domain/telling/channel.ts'
import { makeTestApi } from '../support/api.ts'
import { countedWrites } from '../support/counted-writes.ts'
import { exampleOfKind } from '../support/services.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let writes: () => number

beforeAll(async () => {
  api = await makeTestApi()
  writes = countedWrites(api.engine.database)
})
afterAll(() => api.stop())

/** Makes something and changes it, and says what each wrote. */
async function writesOf(kind: string, fields: object, changes: readonly object[]) {
  const { apiKey: key, channel } = await api.project()
  const path = `/api/v3/${kind}/`
  const made = await api.call('POST', path, { key, json: { channels: channel.id, ...fields } })
  const { id = made.json.uuid } = made.json as unknown as { readonly id?: string }
  const counts: number[] = []
  for (const json of changes) {
    const before = writes()
    expect(await api.call('POST', `${path}${id}`, { key, json })).toMatchObject({ status: 200 })
    counts.push(writes() - before)
  }
  return { made: made.status, counts }
}

const managed_by = 'apply:Backups'

describe('a change that changes nothing writes nothing', () => {
  it.each([
    [
      'a period',
      { name: 'nightly', slug: 'nightly', timeout: 3600, tags: 'a b', desc: 'see wiki' },
    ],
    [
      'a schedule',
      { schedule: '30 3 * * *', tz: 'Europe/Riga', start_kw: 'begin', filter_http_body: true },
    ],
    ['rules', { rules: { max_runtime: 7200, failures: { count: 2 }, repeat: 3600 } }],
    ['words of old', { subject: 'ok', subject_fail: 'error' }],
    ['a keeper', { name: 'nightly', managed_by }],
  ])('of a check with %s', async (_, fields) => {
    const { made, counts } = await writesOf('checks', fields, [fields, { tags: 'other' }])

    expect(made).toBe(201)
    expect(counts[0]).toBe(0)
    expect(counts[1]).toBeGreaterThan(0)
  })

  const others = kindNames().filter((kind) => kind !== 'email')
  it.each(others)('of a channel of kind %s, with its secrets', async (kind: KindName) => {
    const fields = { kind, name: 'ops', on: [...occasions], ...exampleOfKind(kind), managed_by }

    const { made, counts } = await writesOf('channels', fields, [
      fields,
      { on: null },
      { name: '' },
    ])

    expect(made).toBe(201)
    expect(counts).toEqual([0, 0, 1])
  })

  it('of an address that is not named again, verified or not', async () => {
    const fields = { kind: 'email', address: 'ops@example.com', name: 'ops', on: ['down'] }

    const { made, counts } = await writesOf('channels', fields, [{ name: 'ops', on: ['down'] }])

    expect(made).toBe(201)
    expect(counts).toEqual([0])
  })

  it('of an address that is verified, though it is named again', async () => {
    const { apiKey: key, project, channel } = await api.project()
    const json = { address: channel.address, name: channel.name }
    const before = writes()

    await api.call('POST', `/api/v3/channels/${channel.id}`, { key, json })

    expect(writes() - before).toBe(0)
    expect(await api.channels.read(project.id, channel.id)).toMatchObject({ version: 1 })
  })

  it.each([
    ['once', { name: 'move', seconds: 3600, start: '2026-01-01T01:00:00Z', tags: 'db' }],
    ['again', { seconds: 3600, schedule: '0 2 * * SUN', tz: 'Europe/Riga', managed_by }],
  ])('of a window that is %s', async (_, fields) => {
    const { made, counts } = await writesOf('windows', fields, [fields, { name: 'other' }])

    expect(made).toBe(201)
    expect(counts).toEqual([0, 1])
  })
})
