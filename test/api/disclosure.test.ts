import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeApp } from '../../lambdas/api/app.ts'
import { badgeSignature } from '../../lambdas/domain/people/badge.ts'
import { type Json, makeTestApi } from '../support/api.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())

/**
 * A project whose checks have nothing but ids to be called by, and what must stay with its owner.
 */
async function aProjectOfCanaries() {
  const created = await api.project()
  const { apiKey, apiKeyReadonly, project } = created
  const json = { tags: 'canary', channels: '*' }
  const checks = await Promise.all(
    ['', 'start', 'fail'].map(async (signal) => {
      const check = (await api.call('POST', '/api/v3/checks/', { key: apiKey, json }))
        .json as Json & { readonly badge_url: string }
      if (signal !== '') await api.ping(check.uuid, signal as 'start' | 'fail')
      return check
    }),
  )
  const [{ id: channel } = { id: '' }] = await api.registry.channels(project.id)
  const rules = {
    max_runtime: 60,
    escalate: [{ after: 600, channels: channel }],
    depends_on: checks.slice(1).map(({ uuid }) => uuid),
  }
  await api.call('POST', `/api/v3/checks/${checks[0]?.uuid}`, { key: apiKey, json: { rules } })
  const ids = [...checks.map(({ uuid }) => uuid), channel]
  const secrets = [
    ...ids.flatMap((id) => [id, id.replaceAll('-', '')]),
    apiKey,
    created.pingKey,
    project.badgeKey,
  ]
  const listed = (await api.call('GET', '/api/v3/checks/', { key: apiKeyReadonly })).json.checks
  const badgeKeys = checks.map(
    ({ badge_url: url }) => url.split('/').at(-1)?.replace('.svg', '') ?? '',
  )
  const signatures = ['*', 'canary'].map((tag) => badgeSignature(project, tag))
  const files = [...badgeKeys, ...signatures, 'canary'].flatMap((name) =>
    ['svg', 'json', 'shields'].map((format) => `${name}.${format}`),
  )
  const uniqueKeys = listed.map((check) => check.unique_key)
  return {
    key: apiKeyReadonly,
    secrets,
    /** What stands for a parameter of a path. */
    known: new Map<string, readonly string[]>([
      ['version', ['v1', 'v2', 'v3']],
      ['id', [...uniqueKeys, ...ids]],
      ['project', [project.id]],
      ['signature', signatures],
      ['file', files],
      ['states', ['2', '3']],
      ['key', [apiKeyReadonly]],
      ['number', ['1']],
      ['channel', ids.slice(-1)],
      ['monitor', ['shop']],
      ['token', ['x'.repeat(43)]],
    ]),
  }
}

/** All paths that a route takes, of what is known. @throws for a parameter of which nothing is. */
function pathsOf(route: string, known: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const parts = route
    .split('/')
    .map((part) => (part.startsWith(':') ? valuesOf(part, known) : [part]))
  return parts
    .reduce<readonly string[][]>(
      (paths, values) => paths.flatMap((path) => values.map((value) => [...path, value])),
      [[]],
    )
    .map((path) => path.join('/'))
}

function valuesOf(part: string, known: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const [, name = '', pattern = '[^/]+'] = /^:(\w+)(?:\{(.*)\})?$/.exec(part) ?? []
  const values = known.get(name)
  if (values === undefined) throw new Error(`nothing is known for ${part}`)
  return values.filter((value) => new RegExp(`^${pattern}$`).test(value))
}

describe('what is shown to those who may not ping', () => {
  it('gives no id away, by any route, without a key and with the read-only one', async () => {
    const { key, secrets, known } = await aProjectOfCanaries()
    const routes = [...new Set(makeApp(api).routes.map(({ path }) => path))].filter(
      (path) => !path.includes('*'),
    )
    const answered = new Set<string>()

    for (const route of routes) {
      for (const path of pathsOf(route, known)) {
        for (const sent of [{}, { key }, { headers: { authorization: `Bearer ${key}` } }]) {
          const { status, bytes, headers } = await api.call('GET', path, sent)
          const text = `${bytes.toString()} ${JSON.stringify(headers)}`
          expect(
            secrets.filter((secret) => text.includes(secret)),
            `${path}: ${text}`,
          ).toEqual([])
          if (status === 200)
            answered.add(
              route
                .split('/')
                .filter((part) => part !== '' && !part.startsWith(':'))
                .join('/'),
            )
        }
      }
    }

    const shown = [
      'b',
      'badge',
      'api/badges',
      'api/checks',
      'api/checks/flips',
      'api/status',
      'projects/metrics',
      'projects/checks/metrics',
    ]
    expect([...answered]).toEqual(expect.arrayContaining(shown))
  })

  it('calls a check without a name by none of its ids', async () => {
    const { apiKey } = await api.project()
    const { badge_url: url } = (
      await api.call('POST', '/api/v3/checks/', { key: apiKey, json: {} })
    ).json as Json & {
      readonly badge_url: string
    }

    const { json } = await api.call(
      'GET',
      url.replace('https://api.example.com', '').replace('.svg', '.shields'),
    )

    expect(json).toMatchObject({ label: 'unnamed check', message: 'up' })
  })
})
