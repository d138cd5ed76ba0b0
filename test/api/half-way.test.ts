import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiDeps } from '../../lambdas/api/app.ts'
import { makeTestApi } from '../support/api.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())

type Used = Pick<
  ApiDeps,
  | 'registry'
  | 'heartbeats'
  | 'lookups'
  | 'channels'
  | 'deliveries'
  | 'notices'
  | 'addresses'
  | 'allowances'
>

/** The API's stores and queue, of which the call with this number fails before it does anything. */
function failingAt(number: number): { readonly deps: Used; readonly count: () => number } {
  let count = 0
  const wrapped = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return (...args: unknown[]): unknown => {
          count += 1
          if (count === number) throw new Error('crashed')
          return Reflect.apply(value, target, args) as unknown
        }
      },
    })
  const { registry, heartbeats, lookups, channels, deliveries, notices, addresses, allowances } =
    api
  const deps = {
    registry: wrapped(registry),
    heartbeats: wrapped(heartbeats),
    lookups: wrapped(lookups),
    channels: wrapped(channels),
    deliveries: wrapped(deliveries),
    notices: wrapped(notices),
    addresses: wrapped(addresses),
    allowances: wrapped(allowances),
  }
  return { deps, count: () => count }
}

/**
 * How many of them a project has after a create failed at each of its steps in turn and was sent
 * again.
 */
async function madeAfterEachFailure(
  path: string,
  fieldsOf: (step: number) => object,
): Promise<readonly number[]> {
  const made: number[] = []
  for (let step = 1; ; step += 1) {
    const { apiKey: key, project } = await api.project()
    const json = fieldsOf(step)
    const kept = path.includes('channels') ? (await api.registry.channels(project.id)).length : 0
    const { deps, count } = failingAt(step)
    const hasFailed = await api
      .makeCall(deps)('POST', path, { key, json })
      .then(
        () => false,
        () => true,
      )
    if (!hasFailed) {
      expect(count()).toBeLessThan(step)
      return made
    }
    expect((await api.call('POST', path, { key, json })).status).toBe(201)
    const all = path.includes('channels')
      ? await api.registry.channels(project.id)
      : await api.registry.checks(project.id)
    made.push(all.length - kept)
  }
}

describe('a create that failed at any of its steps and is sent again', () => {
  it.each([
    [
      'a check',
      '/api/v3/checks/',
      { name: 'backup', slug: 'backup', channels: '*', filter_http_body: true, success_kw: 'done' },
    ],
    ['a check that is meant by its name', '/api/v3/checks/', { name: 'backup', unique: ['name'] }],
    ['a webhook', '/api/v3/channels/', { kind: 'webhook', down: { url: 'https://example.com/' } }],
    ['an address', '/api/v3/channels/', { kind: 'email' }],
  ])('has made %s once', async (_, path, json) => {
    // An address gets one link in ten minutes, from whatever project.
    const made = await madeAfterEachFailure(path, (step) => ({
      ...json,
      address: `${step}@example.com`,
    }))

    expect(made.length).toBeGreaterThan(2)
    expect(made).toEqual(made.map(() => 1))
  })

  it('has made a check that pings find by its UUID and its slug', async () => {
    const { apiKey: key, pingKey } = await api.project()

    const { json } = await api.call('POST', '/api/v3/checks/', {
      key,
      json: { slug: 'known', filter_http_body: true, success_kw: 'done' },
    })

    expect(await api.lookups.checksBehind({ pingKey, slug: 'known' })).toEqual([json.uuid])
    expect(await api.lookups.bodyRules(json.uuid)).toMatchObject({ successKeywords: 'done' })
    expect(await api.heartbeats.read(json.uuid)).toMatchObject({
      status: 'new',
      hasBodyRules: true,
    })
  })
})
