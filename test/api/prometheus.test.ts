import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { zoneDataVersion } from '../../lambdas/domain/schedule/schedule.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { makeTestApi } from '../support/api.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())

describe('the gauges of a project', () => {
  it('say of each check how it is, and since when', async () => {
    const { project, apiKey, apiKeyReadonly } = await api.project()
    const { uuid } = (
      await api.call('POST', '/api/v3/checks/', {
        key: apiKey,
        json: { name: 'a\\b"c\nd', tags: 'web db' },
      })
    ).json
    await api.call('POST', '/api/v3/checks/', { key: apiKey, json: { tags: 'web' } })
    await api.ping(uuid, 'start')
    api.time.now += 1500
    await api.ping(uuid, 'fail')
    api.time.now += 500
    await api.ping(uuid, 'start')
    api.time.now += 250

    const { bytes, headers } = await api.call(
      'GET',
      `/projects/${project.id}/metrics/${apiKeyReadonly}`,
    )

    const labels = `{name="a\\\\b\\"c\\nd", tags="web db", unique_key="${uniqueKeyOf(uuid)}"}`
    const lines = bytes.toString().split('\n')
    expect(headers['content-type']).toMatch(/^text\/plain/)
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE hc_check_up gauge',
        `hc_check_up${labels} 0`,
        `hc_check_started${labels} 1`,
        `hc_check_grace${labels} 0`,
        `hc_check_paused${labels} 0`,
        `hc_check_running_seconds${labels} 0.25`,
        `hc_check_last_duration_seconds${labels} 1.5`,
        `hc_check_last_ping_age_seconds${labels} 0.75`,
        'hc_tag_up{tag="db"} 0',
        'hc_tag_up{tag="web"} 0',
        'hc_checks_total 2',
        'hc_checks_down_total 1',
      ]),
    )
    expect(lines.filter((line) => line.startsWith('hc_check_last_ping_age_seconds{'))).toHaveLength(
      1,
    )
    expect(bytes.toString()).not.toContain(uuid)
  })

  it('open to the read-only key alone, in the path or as a bearer token', async () => {
    const { project, apiKey, apiKeyReadonly } = await api.project()
    const base = `/projects/${project.id}`
    const status = async (path: string, authorization?: string) =>
      (
        await api.call(
          'GET',
          `${base}${path}`,
          authorization === undefined ? {} : { headers: { authorization } },
        )
      ).status

    expect(await status(`/metrics/${apiKeyReadonly}`)).toBe(200)
    expect(await status(`/checks/metrics/${apiKeyReadonly}`)).toBe(200)
    expect(await status('/metrics/', `Bearer ${apiKeyReadonly}`)).toBe(200)
    expect(await status('/metrics/')).toBe(401)
    expect(await status('/metrics/', `Basic ${apiKeyReadonly}`)).toBe(401)
    expect(await status('/metrics/', 'Bearer short')).toBe(400)
    expect(await status('/metrics/short')).toBe(400)
    expect(await status(`/metrics/${apiKey}`)).toBe(403)
    expect(await status(`/metrics/${'W'.repeat(32)}`)).toBe(403)
    expect(await status('/metrics/', `Bearer ${apiKey}`)).toBe(403)
  })
})

describe('the service', () => {
  it('is well while the store answers, and says so without a key', async () => {
    const { status, bytes } = await api.call('GET', '/api/v1/status/')

    expect({ status, text: bytes.toString() }).toEqual({ status: 200, text: 'OK' })
  })

  it('says which release of the time zones it judges by', async () => {
    const { headers } = await api.call('GET', '/api/v3/status/')

    expect(headers['time-zone-data']).toBe(zoneDataVersion)
  })

  it('fails while the store does', async () => {
    const heartbeats = Object.assign(Object.create(api.heartbeats), {
      read: () => Promise.reject(new Error('store is down')),
    }) as typeof api.heartbeats

    await expect(api.makeCall({ heartbeats })('GET', '/api/v3/status/')).rejects.toThrow(
      'store is down',
    )
  })

  it('shows its metrics to nobody', async () => {
    expect(
      (await api.call('GET', '/api/v3/metrics/', { headers: { 'x-metrics-key': 'any' } })).status,
    ).toBe(403)
  })

  it('takes reports about notifications, and does nothing with them', async () => {
    const path = `/api/v3/notifications/${random.uuid()}/status`

    expect(await api.call('POST', path, { raw: 'MessageStatus=failed' })).toMatchObject({
      status: 200,
      bytes: Buffer.alloc(0),
    })
    expect((await api.call('GET', path)).status).toBe(405)
  })
})
