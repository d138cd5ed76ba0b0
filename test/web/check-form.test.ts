import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../lambdas/domain/watching/check.ts'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import type { ManagedBy } from '../../lambdas/domain/watching/managed-by.ts'
import { makeTestWeb, type Person, type TestWeb, type WebAnswer } from '../support/web.ts'

let web: TestWeb
let projectId: string
let member: Person
let path: string

beforeAll(async () => {
  web = await makeTestWeb()
})
afterAll(() => web.stop())
beforeEach(async () => {
  projectId = (await web.project()).project.id
  member = await web.person(projectId, 'member')
  path = `/app/p/${projectId}`
})

/** What a browser would send of the form on a page as it stands, with some fields changed. */
function filled({ text }: WebAnswer, changes: Readonly<Record<string, string>> = {}) {
  const form = /<form[^>]*check-form[\s\S]*?<\/form>/.exec(text)?.[0] ?? ''
  const fields: Record<string, string[]> = {}
  const add = (name: string, value: string) =>
    (fields[name] = [...(fields[name] ?? []), unescaped(value)])
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const isBox = input.includes('type="checkbox"')
    if (isBox && !/\schecked/.test(input)) continue
    add(attribute(input, 'name'), attribute(input, 'value'))
  }
  for (const [, name = '', value = ''] of form.matchAll(
    /<textarea[^>]*name="([^"]*)"[^>]*>\n?([^<]*)/g,
  ))
    add(name, value)
  for (const [, name = '', options = ''] of form.matchAll(
    /<select[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g,
  )) {
    const chosen = /<option[^>]*value="([^"]*)"[^>]*selected/.exec(options)?.[1]
    add(name, chosen ?? /<option[^>]*value="([^"]*)"/.exec(options)?.[1] ?? '')
  }
  return { ...fields, ...changes }
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

async function aKeptCheck(managedBy: ManagedBy): Promise<Check> {
  await web.post(`${path}/new`, { name: 'nightly', schedule: '1 day' }, member)
  const made = await only()
  const kept = { ...made, managedBy, version: made.version + 1 }
  await web.registry.updateCheck(made, kept)
  return kept
}

async function only(): Promise<Check> {
  const [check, ...others] = await web.registry.checks(projectId)
  if (check === undefined || others.length > 0) return expect.unreachable()
  return check
}

describe('the form of a new check', () => {
  it.each([
    ['15 min', { kind: 'simple', periodSeconds: 900 }],
    ['1 day', { kind: 'simple', periodSeconds: 86_400 }],
    ['30 3 * * *', { kind: 'cron', expression: '30 3 * * *' }],
    ['Mon..Fri 03:30', { kind: 'oncalendar', expression: 'Mon..Fri 03:30' }],
  ])('makes a check that is due by %s, and tells all channels', async (schedule, stored) => {
    const page = await web.get(`${path}/new`, member)
    const form = filled(page, { name: 'db01 backup', schedule, grace: '30 min' })
    const { status, headers } = await web.post(`${path}/new`, form, member)

    const check = await only()
    expect([status, headers['location']]).toEqual([303, `${path}/c/${uniqueKeyOf(check.id)}`])
    expect(check).toMatchObject({
      name: 'db01 backup',
      slug: 'db01-backup',
      schedule: stored,
      graceSeconds: 1800,
    })
    expect(check.channelIds).toHaveLength(1)
  })

  it('lists what is wrong by the order of the fields, with what would be right', async () => {
    const page = await web.get(`${path}/new`, member)
    const wrong = filled(page, { schedule: '99 3 * * *', tz: 'Europe/Nowhere', grace: 'a while' })

    const { text } = await web.post(`${path}/new`, wrong, member)

    const listed = [...text.matchAll(/<li><a href="#(\w+)">/g)].map(([, field]) => field)
    expect(listed).toEqual(['schedule', 'tz', 'grace'])
    expect(text).toContain('Time zone is not known: name one like Europe/Riga or UTC')
  })

  it('takes name and schedule alone', async () => {
    const form = { name: 'nightly', schedule: '1 day' }
    await web.post(`${path}/new`, form, member)

    expect(await only()).toMatchObject({ name: 'nightly', graceSeconds: 3600 })
  })

  it.each([
    [{ schedule: 'sometimes' }, 'schedule'],
    [{ schedule: '99 3 * * *' }, 'schedule'],
    [{ schedule: '' }, 'schedule'],
    [{ schedule: '1 day', grace: 'a while' }, 'grace'],
    [{ schedule: '1 day', tz: 'Europe/Nowhere' }, 'tz'],
  ])('refuses %j beside the field, and keeps what was typed', async (wrong, field) => {
    const page = await web.get(`${path}/new`, member)
    const form = filled(page, { name: '<b>nightly', ...wrong })
    const { status, text } = await web.post(`${path}/new`, form, member)

    expect(status).toBe(422)
    expect(text).toContain(`href="#${field}"`)
    expect(text).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`))
    expect(text).toContain('value="&lt;b&gt;nightly"')
    expect(await web.registry.checks(projectId)).toEqual([])
  })

  it('begins as a copy, without the slug', async () => {
    await web.post(`${path}/new`, { name: 'nightly', schedule: '30 3 * * *' }, member)
    const { id } = await only()

    const page = await web.get(`${path}/new?copy=${uniqueKeyOf(id)}`, member)

    expect(filled(page)).toMatchObject({ name: ['nightly copy'], schedule: ['30 3 * * *'] })
    expect(filled(page)).toMatchObject({ slug: [''] })
  })

  it('of a check that a file keeps, which nobody keeps', async () => {
    const { id } = await aKeptCheck('apply:Backups')
    const page = await web.get(`${path}/new?copy=${uniqueKeyOf(id)}`, member)

    await web.post(`${path}/new`, filled(page), member)

    const copy = (await web.registry.checks(projectId)).find((check) => check.id !== id)
    expect(page.text).not.toContain('Managed by')
    expect(copy).toMatchObject({ name: 'nightly copy' })
    expect(copy).not.toHaveProperty('managedBy')
  })
})

describe('the form of a check', () => {
  async function aCheck(): Promise<string> {
    await web.post(`${path}/new`, { name: 'nightly', schedule: '1 day' }, member)
    return `${path}/c/${uniqueKeyOf((await only()).id)}/edit`
  }

  it('changes nothing when it is sent as it stands', async () => {
    const edit = await aCheck()
    const before = await only()

    const { status } = await web.post(edit, filled(await web.get(edit, member)), member)

    expect(status).toBe(303)
    expect(await only()).toEqual(before)
  })

  it('says that a file keeps the check, and leaves that so', async () => {
    const { id } = await aKeptCheck('apply:<b>Backups</b>')
    const page = `${path}/c/${uniqueKeyOf(id)}`
    const form = await web.get(`${page}/edit`, member)

    const { status } = await web.post(`${page}/edit`, filled(form, { tags: 'db' }), member)

    expect(status).toBe(303)
    expect(await only()).toMatchObject({ tags: 'db', managedBy: 'apply:<b>Backups</b>' })
    for (const { text } of [form, await web.get(page, member)])
      expect(text).toContain(
        'Managed by apply: &lt;b&gt;Backups&lt;/b&gt; – changes here are undone by the next apply',
      )
  })

  it('refuses to change what a database keeps, but for its rules and channels', async () => {
    const kept = await aKeptCheck('source')
    const page = `${path}/c/${uniqueKeyOf(kept.id)}`
    const form = await web.get(`${page}/edit`, member)

    const refused = await web.post(`${page}/edit`, filled(form, { tags: 'db' }), member)
    const deletion = await web.post(`${page}/delete`, {}, member)
    const untouched = await only()
    const told = filled(form, { 'rules.successes': '2', channels: '' })
    const accepted = await web.post(`${page}/edit`, told, member)

    expect(refused).toMatchObject({ status: 409 })
    expect(deletion).toMatchObject({ status: 409 })
    for (const { text } of [refused, deletion])
      expect(text).toContain('A database keeps this check')
    expect(untouched).toEqual(kept)
    expect(accepted.status).toBe(303)
    expect(await only()).toMatchObject({ rules: { successes: 2 }, channelIds: [] })
  })

  it('changes what was changed, and notes who did', async () => {
    const edit = await aCheck()
    const changes = { grace: '2 h', tags: 'prod db', 'rules.max_runtime': '4 h' }
    await web.post(edit, filled(await web.get(edit, member), changes), member)

    expect(await only()).toMatchObject({
      graceSeconds: 7200,
      tags: 'prod db',
      rules: { maxRuntimeSeconds: 14_400 },
    })
    const [entry] = await web.audits.of(projectId, { limit: 1 }, web.time.now)
    expect(entry).toMatchObject({
      action: 'check-changed',
      actor: { kind: 'user', email: member.user.email },
    })
  })

  it('loses no change of somebody else', async () => {
    const edit = await aCheck()
    const mine = filled(await web.get(edit, member), { name: 'mine' })
    const theirs = filled(await web.get(edit, member), { name: 'theirs' })
    await web.post(edit, theirs, member)

    const conflict = await web.post(edit, mine, member)

    expect(conflict.status).toBe(409)
    expect(conflict.text).toContain('theirs')
    expect((await only()).name).toBe('theirs')
    expect((await web.post(edit, filled(conflict), member)).status).toBe(303)
    expect((await only()).name).toBe('mine')
  })
})

describe('the preview', () => {
  it('says when one would be told, and names what is wrong', async () => {
    const query = new URLSearchParams({
      schedule: '30 3 * * *',
      tz: 'Europe/Riga',
      grace: '30 min',
    })
    const good = await web.get(`/app/preview?${query.toString()}`, member)
    const bad = await web.get('/app/preview?schedule=sometimes', member)

    expect(good.text).toContain('04:00')
    expect([bad.status, bad.text.includes('A period like 15 min')]).toEqual([200, true])
    expect(good.text).toMatch(/A ping\s+before 03:30 counts for the run before/)
  })

  it('says from when on a ping is early, and not of the run before', async () => {
    const fields = { schedule: '30 3 * * *', tz: 'UTC', grace: '30 min', 'rules.early': '15 min' }
    const early = await web.get(`/app/preview?${new URLSearchParams(fields).toString()}`, member)

    expect(early.text).toMatch(
      /between\s+03:15\s+and\s+04:00\.\s+A\s+ping\s+before\s+03:15\s+counts/,
    )
    const page = await web.get(`${path}/new`, member)
    const timing = /data-preview=[\s\S]*?data-preview-result/.exec(page.text)?.[0]
    for (const name of Object.keys(fields)) expect(timing).toContain(`name="${name}"`)
  })
})
