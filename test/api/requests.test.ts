import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../lambdas/runtime/random.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { makeTestApi } from '../support/api.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let project: CreatedProject
let id: string

beforeAll(async () => {
  api = await makeTestApi()
  project = await api.project()
  id = (await api.call('POST', '/api/v3/checks/', { key: project.apiKey })).json.uuid
})
afterAll(() => api.stop())

const resources = () => [
  '/api/v3/checks/',
  `/api/v3/checks/${id}`,
  `/api/v3/checks/${id}/pause`,
  `/api/v3/checks/${id}/pings/`,
  `/api/v3/checks/${id}/pings/1/body`,
  `/api/v3/checks/${id}/flips/`,
  '/api/v3/channels/',
]

describe('a key', () => {
  it.each(['', 'x'.repeat(31), 'x'.repeat(33)])('is missing when it is "%s"', async (key) => {
    const answer = await api.call('GET', '/api/v3/checks/', { key })

    expect(answer).toMatchObject({ status: 401, json: { error: 'missing api key' } })
  })

  it('is missing without a header and without a body', async () => {
    expect(await api.call('GET', '/api/v3/checks/')).toMatchObject({
      status: 401,
      json: { error: 'missing api key' },
    })
    expect(await api.call('POST', '/api/v3/checks/')).toMatchObject({
      status: 401,
      json: { error: 'missing api key' },
    })
  })

  it('that nobody has is wrong', async () => {
    const answer = await api.call('GET', '/api/v3/checks/', { key: 'W'.repeat(32) })

    expect(answer).toMatchObject({ status: 401, json: { error: 'wrong api key' } })
    expect(answer.headers['access-control-allow-origin']).toBe('*')
  })

  it('may come in the body of a POST, and yields to the header', async () => {
    const json = { api_key: project.apiKey }

    expect((await api.call('POST', `/api/v3/checks/${id}`, { json })).status).toBe(200)
    expect(
      await api.call('POST', `/api/v3/checks/${id}`, { json, key: 'W'.repeat(32) }),
    ).toMatchObject({ status: 401 })
    expect(await api.call('POST', `/api/v3/checks/${id}`, { json: { api_key: 5 } })).toMatchObject({
      status: 401,
    })
  })

  it('that is read-only opens what shows no ping URL, and changes nothing', async () => {
    const key = project.apiKeyReadonly
    const refused = { status: 401, json: { error: 'wrong api key' } }

    for (const path of ['/api/v3/checks/', `/api/v3/checks/${id}`, `/api/v3/checks/${id}/flips/`]) {
      expect((await api.call('GET', path, { key })).status, path).toBe(200)
    }
    for (const path of [
      '/api/v3/channels/',
      `/api/v3/checks/${id}/pings/`,
      `/api/v3/checks/${id}/pings/1/body`,
    ]) {
      expect(await api.call('GET', path, { key }), path).toMatchObject(refused)
    }
    for (const path of [
      '/api/v3/checks/',
      `/api/v3/checks/${id}`,
      `/api/v3/checks/${id}/pause`,
      `/api/v3/checks/${id}/resume`,
    ]) {
      expect(await api.call('POST', path, { key }), path).toMatchObject(refused)
    }
    expect(await api.call('DELETE', `/api/v3/checks/${id}`, { key })).toMatchObject(refused)
    expect((await api.call('GET', '/api/v3/checks/', { key })).json.checks).toHaveLength(1)
  })

  it('does not reach into another project', async () => {
    const { apiKey: key } = await api.project()

    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['GET', '/pings/'],
      ['GET', '/pings/1/body'],
      ['GET', '/flips/'],
    ] as const) {
      const answer = await api.call(method, `/api/v3/checks/${id}${path}`, { key })
      expect(answer, `${method} ${path}`).toMatchObject({
        status: 403,
        json: { error: 'check belongs to another project' },
      })
    }
  })
})

describe('a request', () => {
  it('is read before its key, and its key before its fields', async () => {
    expect((await api.call('POST', '/api/v3/checks/', { raw: 'no json' })).json.error).toBe(
      'could not parse request body',
    )
    expect((await api.call('POST', '/api/v3/checks/', { raw: '[]' })).json.error).toBe(
      'json validation error: value is not an object',
    )
    expect((await api.call('POST', '/api/v3/checks/', { json: { name: 5 } })).json.error).toBe(
      'missing api key',
    )
    expect(
      (
        await api.call('POST', `/api/v3/checks/${random.uuid()}`, {
          key: project.apiKey,
          json: { name: 5 },
        })
      ).status,
    ).toBe(400)
  })

  it.each(['/pause', '/resume', ''])(
    'to a check%s with null as its body says as much as one without',
    async (path) => {
      const [without, withNull] = await Promise.all(
        [{}, { raw: 'null' }].map(async (body) => {
          const { uuid } = (await api.call('POST', '/api/v3/checks/', { key: project.apiKey })).json
          if (path === '/resume')
            await api.call('POST', `/api/v3/checks/${uuid}/pause`, { key: project.apiKey })
          return api.call('POST', `/api/v3/checks/${uuid}${path}`, { key: project.apiKey, ...body })
        }),
      )

      expect([withNull?.status, withNull?.json['status']]).toEqual([
        without?.status,
        without?.json['status'],
      ])
      expect(withNull?.status).toBe(200)
    },
  )

  it('by OPTIONS tells a browser what it may do', async () => {
    for (const path of resources()) {
      const { status, headers, bytes } = await api.call('OPTIONS', path)

      expect(status).toBe(204)
      expect(bytes).toHaveLength(0)
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'X-Api-Key',
        'access-control-max-age': '600',
      })
    }
    const { headers } = await api.call('OPTIONS', `/api/v3/checks/${id}`)
    expect(headers['access-control-allow-methods']).toBe('GET, POST, DELETE, OPTIONS')
  })

  it.each(['HEAD', 'PUT', 'PATCH', 'TRACE', 'constructor'])(
    'by %s is not allowed, with or without a key',
    async (method) => {
      for (const path of resources()) {
        const { status, headers } = await api.call(method, path)

        expect(status, path).toBe(405)
        expect(headers).toMatchObject({ 'access-control-allow-origin': '*' })
      }
    },
  )

  it('may leave out the slash of a collection, and may not add one to a resource', async () => {
    const { apiKey: key } = project

    expect((await api.call('GET', '/api/v3/checks', { key })).status).toBe(200)
    expect((await api.call('POST', '/api/v3/checks', { key, json: {} })).status).toBe(201)
    expect((await api.call('GET', `/api/v3/checks/${id}/`, { key })).status).toBe(404)
    expect((await api.call('POST', `/api/v3/checks/${id}/pause/`, { key })).status).toBe(404)
  })

  it.each([
    '/api/v4/checks/',
    '/api/v3/',
    '/api/v3/checks/not-a-uuid',
    '/api/v3/checks/11111111-1111-4111-8111-11111111111A',
    `/api/v3/checks/${'A'.repeat(40)}`,
    '/elsewhere',
  ])('to %s finds nothing, key or not', async (path) => {
    const answer = await api.call('GET', path)

    expect(answer).toMatchObject({ status: 404, json: { error: 'not found' } })
    expect(answer.headers['access-control-allow-origin']).toBe('*')
  })

  it('with a body on a GET, or odd headers, is answered', async () => {
    const { status } = await api.call('GET', '/api/v3/checks/', {
      key: project.apiKey,
      raw: 'x',
      headers: { 'x-odd': '日本', accept: 'a/b' },
    })

    expect(status).toBe(200)
  })

  it('finds the scheme in what the trusted front says', async () => {
    const headers = { 'x-forwarded-proto': 'http' }
    const { json } = await api.call('GET', `/api/v3/checks/${id}`, { key: project.apiKey, headers })

    expect(json.update_url).toBe(`http://api.example.com/api/v3/checks/${id}`)
  })

  it('that meets a failing store fails, so that Lambda reports it', async () => {
    const registry = Object.assign(Object.create(api.registry), {
      access: () => Promise.reject(new Error('store is down')),
    }) as typeof api.registry
    const call = api.makeCall({ registry })

    await expect(call('GET', '/api/v3/checks/', { key: project.apiKey })).rejects.toThrow(
      'store is down',
    )
  })
})
