import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashOfSecret } from '../../lambdas/domain/people/secret.ts'
import { newSession } from '../../lambdas/domain/people/session-life.ts'
import { canonicalTimeZone } from '../../lambdas/domain/schedule/schedule.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let projectId: string
let ana: Person

beforeAll(async () => {
  web = await makeTestWeb()
  projectId = (await web.project()).project.id
})
afterAll(() => web.stop())
beforeEach(async () => {
  ana = await web.person(projectId)
})

async function stored() {
  return (await web.users.visit(ana.user.id))?.user
}

/** A second session of the same person. */
async function elsewhere(): Promise<{ readonly person: Person; readonly id: string }> {
  const token = Buffer.from(web.random.bytes(32)).toString('base64url')
  const agent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Safari/604.1'
  await web.sessions.begin(
    token,
    newSession(ana.user, { method: 'mail', agent, now: web.time.now }),
  )
  return { person: { ...ana, cookie: `__Host-session=${token}` }, id: hashOfSecret(token) }
}

const filled = { name: ' Ana  Berzina ', timeZone: 'Europe/Riga', theme: 'dark', shortcuts: 'on' }

describe('the account', () => {
  it('keeps what a person sets', async () => {
    const saved = await web.post('/app/account', filled, ana)

    expect([saved.status, saved.headers['location']]).toEqual([303, '/app/account?saved'])
    expect(await stored()).toMatchObject({
      name: 'Ana Berzina',
      timeZone: 'Europe/Riga',
      theme: 'dark',
      hasShortcuts: true,
    })
    const { text } = await web.get('/app/account?saved', ana)
    expect(text).toContain('data-theme="dark"')
    expect(text).toContain('value="Europe/Riga"')
    expect(text).toContain('Saved.')
  })

  it('proposes zones that it takes', async () => {
    const { text } = await web.get('/app/account', ana)

    const proposed = [...text.matchAll(/<option value="(\w+\/[^"]+)">/g)].map(([, name]) => name)
    expect(proposed).toContain('Europe/Riga')
    expect(proposed.filter((name) => canonicalTimeZone(name ?? '') === undefined)).toEqual([])
    expect(gzipSync(text).length).toBeLessThan(10_000)
  })

  it('forgets what is emptied', async () => {
    await web.post('/app/account', filled, ana)
    await web.post('/app/account', { name: '', timeZone: '', theme: 'system' }, ana)

    expect(await stored()).toMatchObject({ name: '', theme: 'system', hasShortcuts: false })
    expect(await stored()).not.toHaveProperty('timeZone')
  })

  it.each([
    [
      'a zone that is none',
      { timeZone: 'Mars/<Olympus>' },
      'There is no time zone Mars/&lt;Olympus&gt;',
    ],
    ['a name that is long', { name: 'a'.repeat(101) }, 'A name may have 100 characters'],
  ])('says what is wrong with %s, and keeps what was typed', async (_, wrong, words) => {
    const { status, text } = await web.post('/app/account', { ...filled, ...wrong }, ana)

    expect(status).toBe(422)
    expect(text).toContain(words)
    expect(text).toContain('aria-invalid="true"')
    expect(await stored()).toEqual(ana.user)
  })

  it('takes neither address, id nor epoch from a form', async () => {
    const forged = { email: 'eve@example.com', id: 'eve', sessionEpoch: '7', version: '9' }

    await web.post('/app/account', { ...filled, ...forged }, ana)

    const { email, id, sessionEpoch } = ana.user
    expect(await stored()).toMatchObject({ email, id, sessionEpoch, version: 2 })
  })

  it('shows what a person wrote as text', async () => {
    await web.post('/app/account', { ...filled, name: '<img src=x onerror=alert(1)>' }, ana)

    const { text } = await web.get('/app/account', ana)
    expect(text).not.toContain('<img')
    expect(text).toContain('&lt;img')
  })
})

describe('the sessions of the account', () => {
  it('are listed by their browsers, without what opens them', async () => {
    const { person, id } = await elsewhere()

    const { text } = await web.get('/app/account', ana)

    expect(text).toContain('Safari on iOS')
    expect(text).toContain('this browser')
    expect(text).toContain(id)
    expect(text).not.toContain(person.cookie.split('=')[1])
  })

  it('end one by one', async () => {
    const { person, id } = await elsewhere()

    expect((await web.post(`/app/account/sessions/${id}`, {}, ana)).status).toBe(303)

    expect((await web.get('/app/account', person)).status).toBe(303)
    expect((await web.get('/app/account', ana)).status).toBe(200)
  })

  it('are ended by nobody else', async () => {
    const { person, id } = await elsewhere()
    const eve = await web.person(projectId)

    await web.post(`/app/account/sessions/${id}`, {}, eve)

    expect((await web.get('/app/account', person)).status).toBe(200)
  })

  it('end everywhere at once, and stay ended', async () => {
    const { person } = await elsewhere()

    const out = await web.post('/app/account/sign-out-everywhere', {}, ana)

    expect([out.status, out.headers['location']]).toEqual([303, '/app/sign-in'])
    for (const each of [ana, person]) expect((await web.get('/app/account', each)).status).toBe(303)
  })

  it('end everywhere while the account is changed, with nothing lost', async () => {
    const { person } = await elsewhere()

    await Promise.all([
      web.post('/app/account', filled, person),
      web.post('/app/account/sign-out-everywhere', {}, ana),
    ])

    expect((await web.get('/app/account', person)).status).toBe(303)
    expect((await stored())?.sessionEpoch).toBe(1)
  })
})
