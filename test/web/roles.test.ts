import { parseFragment } from 'parse5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { may, type Right, type Role, roles } from '../../lambdas/domain/people/role.ts'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { routes, type WebDeps } from '../../lambdas/web/routes.ts'
import type { Route } from '../../lambdas/web/route.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

type ProjectRoute = Route<WebDeps> & { readonly needs: Right }

const open: readonly string[] = ['nobody', 'signed-in']
const ofProjects = routes.filter((route): route is ProjectRoute => !open.includes(route.needs))
const names = ofProjects.map((route) => [`${route.method} ${route.path}`, route] as const)

let web: TestWeb
let own: CreatedProject
/** What a reader must not see. */
let secrets: readonly string[]
let values: Readonly<Record<string, string>>
let people: ReadonlyMap<Role, Person>
let stranger: Person

beforeAll(async () => {
  web = await makeTestWeb()
  own = await web.project()
  const uuid = await aStoredCheck()
  await web.ping(uuid)
  secrets = [uuid, own.pingKey, own.channel.address, own.project.badgeKey]
  values = {
    project: own.project.id,
    key: uniqueKeyOf(uuid),
    channel: own.channel.id,
    id: own.channel.id,
    kind: 'crontab',
    n: '1',
    number: '1',
  }
  const each = await Promise.all(
    roles.map(async (role) => [role, await web.person(own.project.id, role)] as const),
  )
  people = new Map(each)
  stranger = await web.person((await web.project()).project.id)
})
afterAll(() => web.stop())

async function aStoredCheck(): Promise<string> {
  const json = { name: 'nightly', tags: 'db', channels: '*' }
  return (await web.call('POST', '/api/v3/checks/', { key: own.apiKey, json })).json.uuid
}

/** The path of a route; that of a form, which may end what it is about, to a check of its own. */
async function pathOf({ method, path }: ProjectRoute): Promise<string> {
  const key = method === 'POST' && path.includes(':key') ? uniqueKeyOf(await aStoredCheck()) : ''
  const known = key === '' ? values : { ...values, key }
  return `/app${path.replace(/:(\w+)(\{[^/]*\})?/g, (_, name: string) => known[name] ?? 'none')}`
}

/** What a person gets; a form is sent empty. */
async function asked(route: ProjectRoute, as?: Person) {
  const form = route.method === 'POST' ? { form: {} } : {}
  const path = await pathOf(route)
  return web.visit(route.method, path, { ...form, ...(as === undefined ? {} : { as }) })
}

function personIn(role: Role): Person {
  const person = people.get(role)
  if (person === undefined) throw new Error(`nobody is ${role}`)
  return person
}

describe('the routes for people, of no project', () => {
  const posts = routes.filter(({ method, needs }) => method === 'POST' && open.includes(needs))

  it.each(posts.map(({ path }) => path))('%s takes no form of another site', async (path) => {
    const to = `/app${path.replace(':token{[A-Za-z0-9_-]{43}}', 'a'.repeat(43)).replace(':id{[0-9a-f]{64}}', 'a'.repeat(64))}`
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example.com' }

    for (const headers of [foreign, { 'sec-fetch-site': undefined }]) {
      const sent = { as: personIn('owner'), form: {}, headers }
      expect((await web.visit('POST', to, sent)).status).toBe(403)
    }
    expect((await web.get('/app/account', personIn('owner'))).status).toBe(200)
  })
})

describe('the routes of a project', () => {
  it('are known to this test', () => {
    expect(ofProjects.length).toBeGreaterThan(5)
    for (const route of ofProjects) expect(route.path).toMatch(/^\/p\/:project(\/|$)/)
  })

  it.each(names)('%s asks everybody to sign in', async (_, route) => {
    const { status, headers } = await asked(route)

    expect([status, headers['location']?.replace(/\?.*/, '')]).toEqual([303, '/app/sign-in'])
  })

  it.each(names)('%s is not there for who has no role in the project', async (_, route) => {
    expect((await asked(route, stranger)).status).toBe(404)
  })

  it.each(names)('%s is refused to each role that may not, and to no other', async (_, route) => {
    for (const role of roles.toReversed()) {
      const { status } = await asked(route, personIn(role))

      expect(status, role).toBeLessThan(500)
      if (may(role, route.needs)) expect(status, role).not.toBe(403)
      else expect(status, role).toBe(403)
    }
  })

  it.each(names)('%s shows a reader no secret', async (_, route) => {
    const { text, headers } = await asked(route, personIn('read-only'))

    for (const secret of secrets) expect(`${text} ${JSON.stringify(headers)}`).not.toContain(secret)
  })

  it.each(names)('%s answers nothing that its policy would stop', async (_, route) => {
    const { text } = await asked(route, personIn('owner'))

    for (const name of attributesIn(parseFragment(text))) expect(name).not.toMatch(/^(style|on.+)$/)
  })

  it.each(names.filter(([, { method }]) => method === 'POST'))(
    '%s takes no form of another site',
    async (_, route) => {
      const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example.com' }
      const as = personIn('owner')

      const sent = await web.visit('POST', await pathOf(route), { as, form: {}, headers })
      const unsaid = await web.visit('POST', await pathOf(route), {
        as,
        form: {},
        headers: { 'sec-fetch-site': undefined },
      })
      expect([sent.status, unsaid.status]).toEqual([403, 403])
    },
  )
})

type Node = {
  readonly attrs?: readonly { readonly name: string }[]
  readonly childNodes?: readonly unknown[]
}

function attributesIn({ attrs = [], childNodes = [] }: Node): readonly string[] {
  return [
    ...attrs.map(({ name }) => name),
    ...(childNodes as readonly Node[]).flatMap(attributesIn),
  ]
}
