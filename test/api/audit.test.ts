import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { start } from '../support/builders.ts'
import { makeTestApi } from '../support/api.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())

async function aProject() {
  const { project, apiKey: key } = await api.project()
  const entries = () => api.audits.of(project.id, { limit: 20 }, start)
  const actions = async () => {
    // Entries of one instant are in the order of their requests, which is none.
    return (await entries()).map(({ action }) => action).toSorted()
  }
  const last = async (action: string) => (await entries()).find((each) => each.action === action)
  return { project, key, entries, actions, last }
}

async function aCheckOf(key: string, json: object = { name: 'backup' }) {
  return (await api.call('POST', '/api/v3/checks/', { key, json })).json
}

describe('a change by the API is noted', () => {
  it('with the key that made it, and each field as it was and is', async () => {
    const { key, last } = await aProject()
    const { uuid } = await aCheckOf(key)

    await api.call('POST', `/api/v3/checks/${uuid}`, { key, json: { grace: 60 } })

    const entry = await last('check-changed')
    expect(entry).toMatchObject({
      at: start,
      actor: { kind: 'key', name: 'read-write' },
      subject: { kind: 'check', id: uniqueKeyOf(uuid), name: 'backup' },
      changes: { grace: ['3600 s', '60 s'] },
    })
    expect(entry?.address).toBeDefined()
  })

  it('whatever is done with a check', async () => {
    const { key, actions } = await aProject()
    const { uuid } = await aCheckOf(key)
    const path = `/api/v3/checks/${uuid}`

    await api.call('POST', `${path}/pause`, { key })
    await api.call('POST', `${path}/resume`, { key })
    await api.call('POST', `${path}/snooze`, { key, json: { seconds: 3600 } })
    await api.call('DELETE', `${path}/snooze`, { key })
    await api.call('DELETE', path, { key })

    expect(await actions()).toEqual([
      'check-created',
      'check-deleted',
      'check-paused',
      'check-resumed',
      'check-snoozed',
      'check-unsnoozed',
    ])
  })

  it('but not where it changes nothing', async () => {
    const { key, actions } = await aProject()
    const { uuid } = await aCheckOf(key)
    const path = `/api/v3/checks/${uuid}`

    await api.call('POST', path, { key, json: { name: 'backup' } })
    await api.call('POST', `${path}/resume`, { key })
    await api.call('DELETE', `${path}/snooze`, { key })
    await api.call('POST', `${path}/pause`, { key })
    await api.call('POST', `${path}/pause`, { key })

    expect(await actions()).toEqual(['check-created', 'check-paused'])
  })

  it('of a channel, without its secrets', async () => {
    const { key, entries, actions } = await aProject()
    const down = { method: 'POST', url: 'https://chat.example.com/hook/s3cret-path' }
    const json = { kind: 'webhook', down: { ...down, headers: { Authorization: 'Bearer t0ken' } } }
    const made = (await api.call('POST', '/api/v3/channels/', { key, json })).json as unknown as {
      readonly id: string
      readonly signing_secret: string
    }
    const path = `/api/v3/channels/${made.id}`

    const changed = { down: { ...down, headers: { Authorization: 'Bearer another' } } }
    await api.call('POST', path, { key, json: changed })
    await api.call('POST', `${path}/secret`, { key })
    await api.call('DELETE', path, { key })

    expect(await actions()).toEqual([
      'channel-changed',
      'channel-created',
      'channel-deleted',
      'channel-secret-renewed',
    ])
    const text = JSON.stringify(await entries())
    for (const secret of ['s3cret', 't0ken', 'another"}', made.signing_secret])
      expect(text).not.toContain(secret)
    const change = (await entries()).find(({ action }) => action === 'channel-changed')
    expect(change?.changes).toEqual({ down: ['POST https://chat.example.com/…', 'another'] })
  })

  it('of a window', async () => {
    const { key, actions, last } = await aProject()
    const json = { name: 'patches', start: '2026-02-01T00:00:00Z', seconds: 3600 }
    const { json: made } = await api.call('POST', '/api/v3/windows/', { key, json })
    const path = `/api/v3/windows/${(made as unknown as { readonly id: string }).id}`

    await api.call('POST', path, { key, json: { seconds: 7200 } })
    await api.call('DELETE', path, { key })

    expect(await actions()).toEqual(['window-changed', 'window-created', 'window-deleted'])
    expect((await last('window-changed'))?.changes).toEqual({ length: ['3600 s', '7200 s'] })
  })

  it('without the id of any check, which is its ping URL', async () => {
    const { key, entries } = await aProject()
    const { uuid: parent } = await aCheckOf(key)
    const { uuid } = await aCheckOf(key, { name: 'child', rules: { depends_on: [parent] } })

    const text = JSON.stringify(await entries())

    expect(text).not.toContain(parent)
    expect(text).not.toContain(uuid)
  })
})
