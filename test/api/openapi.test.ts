import { describe, expect, it } from 'vitest'
import { type ApiDeps, makeApp } from '../../lambdas/api/app.ts'
import { answers } from '../../lambdas/api/answers.ts'
import { kindNames } from '../../lambdas/channels/kinds.ts'
import { describe as describeApi } from '../../lambdas/api/openapi.ts'

// Routes are looked at, and asked for their methods: nothing reaches the world.
const app = makeApp({} as ApiDeps)
const description = describeApi()

const parameter = /:(\w+)(\{(?:[^{}]|\{[^{}]*\})*\})?/g
const hex = (length: number) => 'a'.repeat(length)
const uuid = [8, 4, 4, 4, 12].map(hex).join('-')

/** Methods of all routes, by path as a description writes it. */
async function served(): Promise<Readonly<Record<string, readonly string[]>>> {
  const routes = [...new Set(app.routes.map(({ path }) => path))].filter((path) => path !== '/*')
  const methods = await Promise.all(
    routes.map(async (path) => [path.replace(parameter, '{$1}'), await methodsOf(path)] as const),
  )
  const all: Record<string, readonly string[]> = {}
  for (const [path, some] of methods)
    all[path] = [...new Set([...(all[path] ?? []), ...some])].sort()
  return all
}

async function methodsOf(route: string): Promise<readonly string[]> {
  const path = route.replace(parameter, (_, name: string, pattern = '') =>
    sample(name, String(pattern)),
  )
  const { headers, status } = await app.request(path, { method: 'OPTIONS' })
  expect(status, path).toBe(204)
  return (headers.get('access-control-allow-methods') ?? '')
    .split(', ')
    .filter((method) => method !== 'OPTIONS')
}

function sample(name: string, pattern: string): string {
  if (name === 'version') return 'v3'
  if (pattern.includes('{43}')) return hex(43)
  if (pattern.includes('{40}')) return hex(40)
  return pattern.includes('{12}') ? uuid : '1'
}

describe('the description of the API', () => {
  const described = Object.fromEntries(
    Object.entries(description.paths).map(([path, { parameters: _, ...methods }]) => [
      path,
      Object.keys(methods)
        .map((method) => method.toUpperCase())
        .sort(),
    ]),
  )

  it('has an entry for every route, and none for what is not served', async () => {
    const routes = Object.entries(await served())
    // A collection answers without its last slash, too; once is enough.
    const wanted = routes.filter(([path]) => !routes.some(([other]) => other === `${path}/`))

    expect(wanted.length).toBeGreaterThan(15)
    expect(Object.fromEntries(wanted)).toEqual(described)
  })

  it('leads to no schema that it does not have', () => {
    const references = [
      ...JSON.stringify(description).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g),
    ].map(([, name]) => name)

    expect(references.length).toBeGreaterThan(20)
    expect(
      references.filter((name) => !Object.hasOwn(description.components.schemas, name ?? '')),
    ).toEqual([])
    expect(Object.keys(description.components.schemas)).toEqual(
      expect.arrayContaining(Object.keys(answers)),
    )
  })

  it('states the bounds that requests are validated with', () => {
    expect(description.components.schemas['CheckFields']?.['properties']).toMatchObject({
      name: { type: 'string', maxLength: 100 },
      slug: { type: 'string', maxLength: 100, pattern: '^[a-z0-9-_]*$' },
      grace: { type: 'integer', minimum: 60, maximum: 31_536_000 },
      rules: {
        anyOf: [
          {
            additionalProperties: false,
            properties: {
              max_runtime: { type: 'integer', minimum: 1, maximum: 31_536_000 },
              depends_on: { type: 'array', minItems: 1, maxItems: 10 },
            },
          },
          { type: 'null' },
        ],
      },
      schedule: { type: 'string', maxLength: 100 },
      unique: { type: 'array', items: { enum: ['name', 'slug', 'tags', 'timeout', 'grace'] } },
    })
    expect(description.components.schemas['ChannelFields']?.['properties']).toMatchObject({
      kind: { enum: [...kindNames()] },
      address: { type: 'string', maxLength: 254 },
      down: {
        anyOf: [
          { properties: { url: { type: 'string', maxLength: 1000 } }, required: ['url'] },
          { type: 'null' },
        ],
      },
    })
  })

  it.each([
    ['/api/{version}/checks/{id}', true],
    ['/api/{version}/channels/{id}', false],
  ])('knows whether %s takes a unique key', (path, isTaken) => {
    const [, id] = (description.paths[path]?.['parameters'] ?? []) as {
      schema: { pattern: string }
    }[]

    expect(new RegExp(id?.schema.pattern ?? '').test(uuid)).toBe(true)
    expect(new RegExp(id?.schema.pattern ?? '').test(hex(40))).toBe(isTaken)
  })

  it.each(['v1', 'v2', 'v3'])('is served to everybody under %s', async (version) => {
    const response = await app.request(`/api/${version}/openapi.json`)

    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response.json()).toMatchObject({ openapi: '3.1.0' })
  })
})
