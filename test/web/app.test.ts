import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDashboard } from '../../lambdas/web/app.ts'
import { html } from '../../lambdas/web/html.ts'
import { respond } from '../../lambdas/web/respond.ts'
import type { Route } from '../../lambdas/web/route.ts'
import { type AppDeps } from '../../lambdas/web/app.ts'
import { makeTestWeb, testAssets, testRoot, type TestWeb } from '../support/web.ts'

let web: TestWeb
let projectId: string

beforeAll(async () => {
  web = await makeTestWeb()
  projectId = (await web.project()).project.id
})
afterAll(() => web.stop())

const routes: readonly Route<AppDeps>[] = [
  {
    method: 'GET',
    path: '/p/:project/name',
    needs: 'see',
    act: (_, call) =>
      Promise.resolve(
        respond(call, { title: 'Name', content: html`<p>${call.query.text('name')}</p>` }),
      ),
  },
  {
    method: 'POST',
    path: '/p/:project/name',
    needs: 'change',
    act: (_, { context, form }) => Promise.resolve(context.text(form.text('name'))),
  },
  {
    method: 'POST',
    path: '/p/:project/end',
    needs: 'own',
    isFresh: true,
    act: (_, { context }) => Promise.resolve(context.text('ended')),
  },
  {
    method: 'GET',
    path: '/fails',
    needs: 'nobody',
    act: () => Promise.reject(new Error('a secret')),
  },
]

async function asked(path: string, init: RequestInit & { readonly cookie?: string } = {}) {
  const { cookie, ...rest } = init
  const app = makeDashboard<AppDeps>(web, routes)
  const headers = {
    'Sec-Fetch-Site': 'same-origin',
    ...(cookie === undefined ? {} : { Cookie: cookie }),
    ...(rest.body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
    ...(rest.headers as Record<string, string> | undefined),
  }
  const request = new Request(`${testRoot}/app${path}`, { ...rest, headers })
  const response = await app.fetch(request, { address: '192.0.2.1', requestId: 'request-7' })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe('the dashboard', () => {
  it('shows a page to who has a role in its project, and to nobody else', async () => {
    const other = (await web.project()).project.id
    const { cookie } = await web.person(projectId, 'read-only')
    const stranger = await web.person(other)

    const seen = await asked(`/p/${projectId}/name?name=Shop`, { cookie })
    expect(seen.status).toBe(200)
    expect(seen.text).toContain('<p>Shop</p>')
    const notSeen = await asked(`/p/${projectId}/name`, { cookie: stranger.cookie })
    const notThere = await asked('/p/nothing/name', { cookie: stranger.cookie })
    expect([notSeen.status, notThere.status]).toEqual([404, 404])
    expect(notSeen.text).toBe(notThere.text)
  })

  it('escapes what it shows', async () => {
    const { cookie } = await web.person(projectId)

    const { text } = await asked(`/p/${projectId}/name?name=%3Cscript%3E%26%22`, { cookie })

    expect(text).toContain('<p>&lt;script&gt;&amp;&quot;</p>')
  })

  it('asks who has not signed in to do so, and leads back', async () => {
    const { status, headers } = await asked(`/p/${projectId}/name?name=a`)

    const to = encodeURIComponent(`/app/p/${projectId}/name?name=a`)
    expect([status, headers.get('location')]).toEqual([303, `/app/sign-in?to=${to}`])
  })

  it('answers a script that lost its session with a status', async () => {
    const { status } = await asked(`/p/${projectId}/name`, {
      headers: { 'Sec-Fetch-Dest': 'empty' },
    })

    expect(status).toBe(401)
  })

  it('does what a role may, and says what it may not', async () => {
    const member = await web.person(projectId, 'member')
    const reader = await web.person(projectId, 'read-only')
    const send = (cookie: string) =>
      asked(`/p/${projectId}/name`, { method: 'POST', body: 'name=+Shop+', cookie })

    expect(await send(member.cookie)).toMatchObject({ status: 200, text: 'Shop' })
    expect((await send(reader.cookie)).status).toBe(403)
  })

  it.each([
    ['from another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['from a neighbour of the site', { 'Sec-Fetch-Site': 'same-site' }],
    ['typed in', { 'Sec-Fetch-Site': 'none' }],
  ])('refuses a form that was sent %s', async (_, headers) => {
    const { cookie } = await web.person(projectId)
    const path = `/p/${projectId}/name`

    expect((await asked(path, { method: 'POST', body: 'name=a', cookie, headers })).status).toBe(
      403,
    )
  })

  it.each([
    [testRoot, 200],
    ['https://elsewhere.example.com', 403],
    ['null', 403],
    [undefined, 403],
  ])('takes a form of an old browser by its origin: %s', async (origin, status) => {
    const { cookie } = await web.person(projectId)
    const app = makeDashboard<AppDeps>(web, routes)
    const request = new Request(`${testRoot}/app/p/${projectId}/name`, {
      method: 'POST',
      body: new URLSearchParams({ name: 'a' }),
      headers: { Cookie: cookie, ...(origin === undefined ? {} : { Origin: origin }) },
    })

    const answer = await app.fetch(request, { address: '192.0.2.1', requestId: 'request-7' })
    expect(answer.status).toBe(status)
  })

  it('takes forms up to a length, and no other bodies', async () => {
    const { cookie } = await web.person(projectId)
    const send = (body: string, headers = {}) =>
      asked(`/p/${projectId}/name`, { method: 'POST', body, cookie, headers })

    expect((await send(`name=${'a'.repeat(65_531)}`)).status).toBe(200)
    expect((await send(`name=${'a'.repeat(65_532)}`)).status).toBe(413)
    expect((await send('{}', { 'Content-Type': 'application/json' })).status).toBe(415)
  })

  it('lets do what is grave only who has signed in a moment ago', async () => {
    const { cookie } = await web.person(projectId)
    const send = () => asked(`/p/${projectId}/end`, { method: 'POST', cookie })

    expect((await send()).status).toBe(200)
    web.time.now += 15 * 60_000
    const late = await send()
    const to = encodeURIComponent(`/app/p/${projectId}/`)
    expect([late.status, late.headers.get('location')]).toEqual([303, `/app/confirm?to=${to}`])
  })

  it.each([
    ['/p/one/c/key/pause', '/app/p/one/c/key'],
    ['/p/one/new', '/app/p/one/'],
    ['/p/one/settings/keys/add', '/app/p/one/settings/keys'],
  ])('leads from a form at %s to the page that it stood on', async (path, above) => {
    const paths = ['/p/:project/c/:key/pause', '/p/:project/new', '/p/:project/settings/keys/add']
    const act = () => Promise.reject(new Error('nobody has signed in'))
    const forms = paths.map((each) => ({ method: 'POST', path: each, needs: 'see', act }) as const)
    const request = new Request(`${testRoot}/app${path}`, {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'same-origin' },
    })

    const answer = await makeDashboard<AppDeps>(web, forms).fetch(request, {
      address: '192.0.2.1',
      requestId: 'request-7',
    })

    const location = new URL(answer.headers.get('location') ?? '', testRoot)
    expect(location.searchParams.get('to')).toBe(above)
  })

  it('says a number and nothing else of what failed', async () => {
    const { status, text } = await asked('/fails')

    expect(status).toBe(500)
    expect(text).toContain('request-7')
    expect(text).not.toContain('secret')
  })

  it('forbids on every answer what could run or frame it', async () => {
    const answers = [await asked('/fails'), await asked('/nowhere'), await asked('/')]

    for (const { headers, text } of answers) {
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'/,
      )
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(text).not.toMatch(/ style=| on[a-z]+=/)
    }
  })

  it('lets what never changes be kept', async () => {
    const answer = await web.get(testAssets.style.path)

    expect(answer).toMatchObject({ status: 200, text: 'style' })
    expect(answer.headers['cache-control']).toContain('immutable')
  })
})
