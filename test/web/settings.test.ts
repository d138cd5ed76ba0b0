import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let projectId: string
let manager: Person
let path: string

beforeAll(async () => {
  web = await makeTestWeb()
})
afterAll(() => web.stop())
beforeEach(async () => {
  projectId = (await web.project()).project.id
  manager = await web.person(projectId, 'manager')
  path = `/app/p/${projectId}/settings`
})

async function actionsNoted(): Promise<readonly string[]> {
  const entries = await web.audits.of(projectId, { limit: 10 }, web.time.now)
  return entries.map(({ action, actor }) => `${action} ${'email' in actor ? actor.email : ''}`)
}

describe('the settings of a project', () => {
  it('give it another name, and note who did', async () => {
    const answer = await web.post(path, { name: ' Press ' }, manager)

    expect([answer.status, answer.headers['location']]).toEqual([303, path])
    expect((await web.get(path, manager)).text).toContain('Press – Overdue')
    expect(await actionsNoted()).toContain(`project-changed ${manager.user.email}`)
  })

  it.each(['', ' ', 'a'.repeat(101), 'two\nlines'])('refuse the name %j', async (name) => {
    const { status, text } = await web.post(path, { name }, manager)

    expect(status).toBe(422)
    expect(text).toContain('aria-invalid="true"')
    expect((await web.registry.project(projectId))?.name).toBe('Shop')
  })
})

describe('the keys of a project', () => {
  it('are shown once, and open the project from then on', async () => {
    const form = { name: 'ci', access: 'read-only' }
    const made = await web.post(`${path}/keys/add`, form, manager)
    const key = /<pre id="new-key">(\w{32})<\/pre>/.exec(made.text)?.[1] ?? ''

    expect((await web.call('GET', '/api/v3/checks/', { key })).status).toBe(200)
    const listed = await web.get(`${path}/keys`, manager)
    expect(listed.text).toContain('<td>ci</td>')
    expect(listed.text).not.toContain(key)
    expect(await actionsNoted()).toContain(`key-added ${manager.user.email}`)
  })

  it('are replaced and revoked', async () => {
    await web.post(`${path}/keys/add`, { name: 'ci' }, manager)
    const idOf = async () => (await web.apiKeys.of(projectId)).find((key) => key.name === 'ci')?.id
    const id = (await idOf()) ?? ''

    const replaced = await web.post(`${path}/keys/replace`, { id }, manager)
    expect(replaced.text).toContain('new-key')
    const next = (await idOf()) ?? ''
    expect(next).not.toBe(id)
    const revoked = await web.post(`${path}/keys/revoke`, { id: next }, manager)
    expect([revoked.status, await idOf()]).toEqual([303, undefined])
  })

  it.each([
    [{ name: '' }, 'A key needs a name'],
    [{ name: 'read-write' }, 'Another key has this name'],
  ])('are not made of %j', async (form, words) => {
    const name = form.name === '' ? '' : ((await web.apiKeys.of(projectId))[0]?.name ?? '')
    const { status, text } = await web.post(`${path}/keys/add`, { name }, manager)

    expect(status).toBe(422)
    expect(text).toContain(words)
  })

  it('are never all revoked', async () => {
    const keys = await web.apiKeys.of(projectId)
    const answers = []
    for (const { id } of keys) answers.push(await web.post(`${path}/keys/revoke`, { id }, manager))

    expect(answers.at(-1)?.text).toContain('The last key stays')
    expect(await web.apiKeys.of(projectId)).toHaveLength(1)
  })

  it('are changed only by who has signed in a moment ago', async () => {
    web.time.now += 16 * 60_000
    const { status, headers } = await web.post(`${path}/keys/add`, { name: 'ci' }, manager)

    expect(status).toBe(303)
    expect(headers['location']).toMatch(/^\/app\/confirm\?to=/)
    expect((await web.apiKeys.of(projectId)).some(({ name }) => name === 'ci')).toBe(false)
  })
})
