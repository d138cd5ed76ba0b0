import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { formOf, isKindName, kindNames } from '../../lambdas/channels/kinds.ts'
import { isEmail } from '../../lambdas/domain/telling/channel.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { uniqueKeyOf } from '../../lambdas/domain/watching/check.ts'
import { exampleOfKind } from '../support/services.ts'
import { makeTestWeb, type Person, type TestWeb } from '../support/web.ts'

let web: TestWeb
let own: CreatedProject
let path: string
let owner: Person

beforeAll(async () => {
  web = await makeTestWeb()
})
beforeEach(async () => {
  own = await web.project()
  path = `/app/p/${own.project.id}/channels`
  owner = await web.person(own.project.id)
})
afterAll(() => web.stop())

const all = ['down', 'up', 'still-down']
const slackUrl = 'https://hooks.slack.com/services/T0/B0/secretsecretsecret'

async function made(json: object): Promise<string> {
  const answer = await web.call('POST', '/api/v3/channels/', { key: own.apiKey, json })
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.json.error}`)
  return (answer.json as unknown as { readonly id: string }).id
}

/** The channel as the API shows it. */
async function shown(id: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await web.call('GET', `/api/v3/channels/${id}`, { key: own.apiKey })
  return { ...answer.json }
}

async function suppress(address: string, reason: 'bounce' | 'complaint') {
  const at = web.time.now
  const mail = { projectId: own.project.id, channelId: own.channel.id, address, mailedAt: at }
  const failure = { reason, isPermanent: true, isOfLink: false, detail: 'gone', at }
  await web.addresses.suppress({ ...mail, ...failure })
}

async function madeChannels() {
  return (await web.registry.channels(own.project.id)).filter(({ id }) => id !== own.channel.id)
}

async function lastAudit() {
  return (await web.audits.of(own.project.id, { limit: 1 }, web.time.now))[0]
}

const version = async (id: string) =>
  String((await web.channels.read(own.project.id, id))?.version ?? '')

describe('the list of channels', () => {
  it('shows where alerts go, and addresses to those only who may see them', async () => {
    const member = await web.get(path, await web.person(own.project.id, 'member'))
    const reader = await web.get(path, await web.person(own.project.id, 'read-only'))

    expect(member.text).toContain(`E-mail ${own.channel.address}`)
    expect(member.text).toContain('never')
    expect(reader.status).toBe(200)
    expect(reader.text).toContain('E-mail')
    expect(reader.text).not.toContain(own.channel.address)
    expect(reader.text).not.toContain('<form method="post" action="/app/p/')
  })

  it('calls none by its address for who may only look, though its name is that', async () => {
    const address = `${web.random.uuid()}@example.com`
    await made({ kind: 'email', address, name: address.toUpperCase() })
    const reader = await web.get(path, await web.person(own.project.id, 'read-only'))

    expect(reader.text.toLowerCase()).not.toContain(address)
    expect((await web.get(path, owner)).text).toContain(`E-mail ${address}`)
  })

  it('tells how many checks use each, by rules as well', async () => {
    const id = await made({ kind: 'slack', name: 'chat', url: slackUrl })
    const rules = { escalate: [{ after: 600, channels: id }] }
    for (const json of [
      { name: 'one', channels: id },
      { name: 'two', channels: '', rules },
    ])
      await web.call('POST', '/api/v3/checks/', { key: own.apiKey, json })

    const { text } = await web.get(path, owner)

    expect(text).toMatch(/Slack chat<\/a>[\s\S]*?data-label="Checks" class="number">2</)
    const deletion = await web.get(`${path}/${id}/delete`, owner)
    for (const words of ['2 checks tell it:', '>one<', '>two<'])
      expect(deletion.text.replaceAll(/\s+/g, '')).toContain(words.replaceAll(' ', ''))
  })

  it('has a shape and a word for each state, and says what failed', async () => {
    const [works, fails, waits] = await Promise.all(
      ['works', 'fails', 'waits'].map((name) => made({ kind: 'slack', name, url: slackUrl })),
    )
    const at = web.time.now
    await web.deliveries.noteOutcome(works ?? '', { state: 'sent', at, error: '' })
    await web.deliveries.noteOutcome(fails ?? '', { state: 'failed', at, error: '404 <b>' })
    await web.deliveries.noteOutcome(waits ?? '', { state: 'waiting', at, error: '502' })
    await made({ kind: 'email', address: `${web.random.uuid()}@example.com` })
    await suppress(own.channel.address, 'bounce')

    const { text } = await web.get(path, owner)

    expect(text).toMatch(/class="status up"[^<]*><span class="shape"[^>]*><\/span>Works/)
    expect(text).toMatch(/class="status down"[^<]*><span class="shape"[^>]*><\/span>Failed/)
    expect(text).toContain('404 &lt;b&gt;')
    expect(text).toMatch(/<\/span>Failing<\/span/)
    expect(text).toMatch(/<\/span>Waiting<\/span/)
    expect(text).toContain('Send again in 10 min')
    expect(text).toMatch(/<\/span>Suppressed<\/span/)
    expect(text).toContain('One address gets no mail any more')
  })

  it('names channels that can not be read, and shows the others', async () => {
    const id = await made({ kind: 'slack', name: 'odd one', url: slackUrl })
    const stored = await web.channels.read(own.project.id, id)
    if (stored === undefined) throw new Error('it is gone')
    const after = { ...stored, kind: 'carrier-pigeon', version: 2 }
    await web.channels.update(own.project.id, { before: stored, after })

    const list = await web.get(path, owner)
    const audit = await web.get(`/app/p/${own.project.id}/settings/audit`, owner)

    expect(list.text).toContain('carrier-pigeon odd one')
    expect(list.text).toContain(own.channel.address)
    expect([list.status, audit.status]).toEqual([200, 200])
  })
})

describe('adding a channel', () => {
  it.each(kindNames())('asks for what %s needs', async (kind) => {
    const { status, text } = await web.get(`${path}/new?kind=${kind}`, owner)

    expect(status).toBe(200)
    const { questions } = formOf(kind)
    for (const { field } of questions) expect(text).toContain(`name="${field}"`)
    expect(questions.map(({ field }) => field)).not.toContain('name')
    expect(questions.map(({ field }) => field)).not.toContain('on')
  })

  it('offers all kinds, and knows no others', async () => {
    const { text } = await web.get(`${path}/new`, owner)

    for (const kind of kindNames()) expect(text).toContain(`?kind=${kind}"`)
    expect((await web.get(`${path}/new?kind=carrier-pigeon`, owner)).status).toBe(404)
  })

  it('makes what the API would make of the same, and notes who did', async () => {
    const form = { kind: 'slack', name: 'chat', url: slackUrl, on: ['down', 'up'] }
    const { status, headers } = await web.post(`${path}/new`, form, owner)

    const [channel] = await madeChannels()
    expect([status, headers['location']]).toEqual([303, `${path}/${channel?.id}?made`])
    expect(await shown(channel?.id ?? '')).toMatchObject({ name: 'chat', on: ['down', 'up'] })
    const entry = await lastAudit()
    expect(entry).toMatchObject({
      action: 'channel-created',
      actor: { kind: 'user', email: owner.user.email },
    })
    expect(JSON.stringify(entry?.changes)).not.toContain('another')
  })

  it.each<[string, Readonly<Record<string, string | string[]>>, string, string]>([
    ['what is missing', { kind: 'slack', on: all }, 'url', 'URL is needed.'],
    ['what is wrong', { kind: 'slack', url: 'http://a.test/', on: all }, 'url', 'URL is not'],
    ['no occasion', { kind: 'slack', url: slackUrl }, 'on', 'Choose what it is told of.'],
    ['no address', { kind: 'email', address: 'x', on: all }, 'address', 'Address is not an e-mail'],
    [
      'no number',
      { kind: 'ntfy', topic: 'a', priority_up: 'high', on: all },
      'priority_up',
      'Prio',
    ],
    [
      'a part of a request',
      { kind: 'webhook', down_url: 'ftp://a.test', on: all },
      'down_url',
      'Down',
    ],
    [
      'a bad header',
      { kind: 'webhook', down_url: 'https://a.test', header: 'Host: a', on: all },
      'header',
      'Header has a header',
    ],
    ['no request at all', { kind: 'webhook', on: all }, 'form', 'one of down and up'],
    ['an alien topic', { kind: 'sns', topic_arn: 'arn:x', on: all }, 'topic_arn', 'Topic ARN is'],
  ])('shows %s beside its field, and makes nothing', async (_, form, field, words) => {
    const { status, text } = await web.post(`${path}/new`, form, owner)

    expect(status).toBe(422)
    expect(text).toContain('role="alert" tabindex="-1" autofocus')
    expect(text).toMatch(new RegExp(`<a href="#${field}">${words}`))
    expect(text).toContain(`id="${field}"`)
    expect(await madeChannels()).toEqual([])
  })

  it('mails a link to a new address, which leads to the API, and says that it waits', async () => {
    const address = `${web.random.uuid()}@example.com`
    const { headers } = await web.post(`${path}/new`, { kind: 'email', address, on: all }, owner)

    const { text } = await web.get(headers['location'] ?? '', owner)
    expect(text).toContain('A link was mailed there.')
    const notice = web.sent.at(-1)
    expect(notice).toMatchObject({ channel: { address } })
    expect(JSON.stringify(notice)).toContain('https://api.example.com/api/v3/verify/')
    expect(JSON.stringify(notice)).not.toContain('overdue.example.com/api')
  })

  it('shows the secret that signs a webhook once, and never again', async () => {
    const url = 'https://hooks.example.com/a'
    const answer = await web.post(`${path}/new`, { kind: 'webhook', down_url: url, on: all }, owner)

    const [secret = ''] = /whsec_[\w+/=]+/.exec(answer.text) ?? []
    const [channel] = await madeChannels()
    expect([answer.status, secret.length > 30]).toEqual([200, true])
    for (const rest of ['', `/${channel?.id}`, `/${channel?.id}/delete`])
      expect((await web.get(`${path}${rest}`, owner)).text).not.toContain(secret)
  })
})

describe('editing a channel', () => {
  it('keeps a secret that is left empty, and shows its end only', async () => {
    const id = await made({ kind: 'slack', name: 'chat', url: slackUrl })
    const page = await web.get(`${path}/${id}`, owner)

    const form = { version: await version(id), name: 'talk', url: '', on: all }
    const saved = await web.post(`${path}/${id}`, form, owner)

    expect(page.text).toContain('…cret')
    expect(page.text).not.toContain('secretsecret')
    expect(saved.headers['location']).toBe(`${path}/${id}?saved`)
    expect(await web.channels.read(own.project.id, id)).toMatchObject({
      name: 'talk',
      url: slackUrl,
    })
    expect(await lastAudit()).toMatchObject({ changes: { name: ['chat', 'talk'] } })
  })

  it.each(kindNames())('saves nothing new of %s where nothing was changed', async (kind) => {
    const example = exampleOfKind(kind)
    const id = await made({ kind, name: 'it', ...example })
    const before = await web.channels.read(own.project.id, id)
    if (before === undefined || !isKindName(before.kind)) throw new Error('it is not there')
    const { text } = await web.get(`${path}/${id}`, owner)

    const saved = await web.post(`${path}/${id}`, fieldsIn(text), owner)

    expect([saved.status, saved.headers['location']]).toEqual([303, `${path}/${id}?saved`])
    const after = await web.channels.read(own.project.id, id)
    expect({ ...after, version: 0 }).toEqual({ ...before, version: 0 })
  })

  it('takes a secret away when it is told to', async () => {
    const id = await made({ kind: 'ntfy', topic: 'overdue-topic', token: 'tk_0123456789abc' })
    const { text } = await web.get(`${path}/${id}`, owner)

    await web.post(`${path}/${id}`, { ...fieldsIn(text), without: 'token' }, owner)

    const stored = await web.channels.read(own.project.id, id)
    expect(stored).toMatchObject({ topic: 'overdue-topic' })
    expect(stored).not.toHaveProperty('token')
  })

  it('tells no other host what was told to one', async () => {
    const down = { url: 'https://a.example.com/', headers: { Authorization: 'Bearer 0123456789' } }
    const id = await made({ kind: 'webhook', down })
    const ntfy = await made({ kind: 'ntfy', topic: 'overdue-topic' })
    const fields = fieldsIn((await web.get(`${path}/${id}`, owner)).text)
    const others = fieldsIn((await web.get(`${path}/${ntfy}`, owner)).text)

    const elsewhere = { ...fields, down_url: 'https://b.example.com/' }
    const refused = await web.post(`${path}/${id}`, elsewhere, owner)
    const alien = { ...others, server: 'https://ntfy.example.com' }
    const alsoRefused = await web.post(`${path}/${ntfy}`, alien, owner)
    const same = { ...fields, down_url: 'https://a.example.com/other' }
    const saved = await web.post(`${path}/${id}`, same, owner)

    expect([refused.status, alsoRefused.status, saved.status]).toEqual([422, 422, 303])
    expect(refused.text).toContain('what was told to one host is not told to another')
    expect(await shown(id)).toMatchObject({ down: { ...down, url: same.down_url } })
  })

  it('takes one of two requests away', async () => {
    const call = { url: 'https://a.example.com/' }
    const id = await made({ kind: 'webhook', down: call, up: call })
    const fields = fieldsIn((await web.get(`${path}/${id}`, owner)).text)

    await web.post(`${path}/${id}`, { ...fields, up_url: '' }, owner)

    expect(await shown(id)).toMatchObject({ down: call, up: null })
  })

  it('leaves requests alone that differ in more than their URLs', async () => {
    const down = { url: 'https://a.example.com/', method: 'POST', body: 'down' }
    const up = { url: 'https://a.example.com/', method: 'POST', body: 'up' }
    const id = await made({ kind: 'webhook', name: 'hook', down, up })
    const { text } = await web.get(`${path}/${id}`, owner)

    await web.post(`${path}/${id}`, { ...fieldsIn(text), name: 'hooked' }, owner)

    expect(text).toContain('the\n          API changes them')
    expect(await shown(id)).toMatchObject({ name: 'hooked', down, up })
  })

  it('shows both versions where somebody else was faster', async () => {
    const id = await made({ kind: 'slack', name: 'chat', url: slackUrl })
    const fields = fieldsIn((await web.get(`${path}/${id}`, owner)).text)
    const json = { name: 'theirs' }
    await web.call('POST', `/api/v3/channels/${id}`, { key: own.apiKey, json })

    const late = await web.post(`${path}/${id}`, { ...fields, name: 'yours' }, owner)
    const again = await web.post(`${path}/${id}`, fieldsIn(late.text), owner)

    expect([late.status, again.status]).toEqual([409, 303])
    expect(late.text).toContain('theirs')
    expect(await shown(id)).toMatchObject({ name: 'yours' })
  })

  it('has another address verified, and leaves the same one as it is', async () => {
    const { id } = own.channel
    const fields = fieldsIn((await web.get(`${path}/${id}`, owner)).text)
    await web.post(`${path}/${id}`, { ...fields, name: 'on call' }, owner)
    const same = await shown(id)
    const next = fieldsIn((await web.get(`${path}/${id}`, owner)).text)
    await web.post(`${path}/${id}`, { ...next, address: 'other@example.com' }, owner)

    expect(same).toMatchObject({ name: 'on call', verified: true })
    expect(await shown(id)).toMatchObject({ address: 'other@example.com', verified: false })
  })
})

describe('what is done to a channel by a button', () => {
  it('sends a test as the API does, and shows what came of it', async () => {
    const id = await made({ kind: 'webhook', down: { url: 'https://a.example.com/?c=$JSON' } })
    const sentBefore = web.sent.length

    const { headers } = await web.post(`${path}/${id}/test`, {}, owner)
    const byPage = web.sent.slice(sentBefore)
    await web.call('POST', `/api/v3/channels/${id}/test`, { key: own.apiKey, json: {} })
    const place = headers['location'] ?? ''
    const awaited = await web.get(place, owner)
    const at = web.time.now + 1
    await web.deliveries.noteOutcome(id, { state: 'failed', at, error: '502 of <it>' })
    const live = await web.get(place.replace('?', '/live?'), owner)

    const kinds = [...byPage, web.sent.at(-1)].map((notice) =>
      Object.keys(
        (notice as { readonly payload?: { readonly check: object } }).payload?.check ?? {},
      ),
    )
    expect(kinds[0]?.length).toBeGreaterThan(10)
    expect(kinds[0]).toEqual(kinds[1])
    expect(awaited.text).toContain('nothing has come of it yet')
    expect(awaited.text).toContain('data-live-soon')
    expect(live.text).toContain('502 of &lt;it&gt;')
    expect(live.text).not.toContain('data-live-soon')
  })

  it('says how many tests there may be', async () => {
    const id = await made({ kind: 'slack', url: slackUrl })
    for (let count = 0; count < 20; count += 1) await web.post(`${path}/${id}/test`, {}, owner)

    const { status, text } = await web.post(`${path}/${id}/test`, {}, owner)

    expect(status).toBe(429)
    expect(text).toContain('A project may send 20 tests a minute.')
  })

  it('mails the link again, no sooner than it may', async () => {
    const id = await made({ kind: 'email', address: `a${web.random.uuid()}@example.com` })
    const mails = web.sent.length

    const early = await web.post(`${path}/${id}/link`, {}, owner)
    web.time.now += 10 * 60_000
    const later = await web.post(`${path}/${id}/link`, {}, owner)

    expect([early.status, later.status]).toEqual([429, 303])
    expect(early.text).toContain('one link in 10 minutes and 5 a day')
    expect(web.sent.length).toBe(mails + 1)
  })

  it('mails a link to a suppressed address, and none to one that is good', async () => {
    const { id, address } = own.channel
    const mails = web.sent.length
    await web.post(`${path}/${id}/link`, {}, owner)
    const without = web.sent.length
    await suppress(address, 'complaint')
    await web.post(`${path}/${id}/link`, {}, owner)

    expect([without - mails, web.sent.length - mails]).toEqual([0, 1])
    const stored = await web.channels.read(own.project.id, id)
    expect(stored !== undefined && isEmail(stored) && stored.verification.state).toBe('pending')
  })

  it('makes a new secret after a fresh sign-in only', async () => {
    const id = await made({ kind: 'webhook', down: { url: 'https://a.example.com/' } })
    const fresh = await web.post(`${path}/${id}/secret`, {}, owner)
    web.time.now += 16 * 60_000
    const stale = await web.post(`${path}/${id}/secret`, {}, owner)

    expect(fresh.text).toMatch(/whsec_/)
    expect(stale.headers['location']).toBe(`/app/confirm?to=${encodeURIComponent(`${path}/${id}`)}`)
    expect((await web.post(`${path}/${own.channel.id}/secret`, {}, owner)).status).not.toBe(200)
  })

  it('says where it is chosen while no check tells it', async () => {
    const id = await made({ kind: 'slack', name: 'chat', url: slackUrl })

    const { text } = await web.get(`${path}/${id}`, owner)

    expect(text.replaceAll(/<[^>]+>|\s+/g, ' ').replaceAll(/ +/g, ' ')).toContain(
      'No check tells it. Choose it where you edit the checks that are to.',
    )
  })

  it('deletes it after a question, and notes that', async () => {
    const id = await made({ kind: 'slack', name: 'chat', url: slackUrl })
    const asked = await web.get(`${path}/${id}/delete`, owner)
    const before = await madeChannels()
    const { headers } = await web.post(`${path}/${id}/delete`, {}, owner)

    expect(asked.text).toContain('No check tells it.')
    expect(before).toHaveLength(1)
    expect(headers['location']).toBe(path)
    expect(await madeChannels()).toEqual([])
    const entry = await lastAudit()
    expect(entry).toMatchObject({ action: 'channel-deleted' })
    expect(JSON.stringify(entry?.changes)).not.toContain('another')
  })

  it('is for the channels of the project only', async () => {
    const other = await web.project()

    for (const id of [other.channel.id, 'none', web.random.uuid()])
      expect((await web.get(`${path}/${id}`, owner)).status).toBe(404)
  })
})

it('calls channels by their names where a check changes them', async () => {
  const [chat, pager] = await Promise.all(
    ['chat', 'pager'].map((name) => made({ kind: 'slack', name, url: slackUrl })),
  )
  const rules = { escalate: [{ after: 600, channels: pager }] }
  const json = { name: 'nightly', channels: chat, rules }
  const { uuid } = (await web.call('POST', '/api/v3/checks/', { key: own.apiKey, json })).json

  const audit = await web.get(`/app/p/${own.project.id}/settings/audit`, owner)
  const check = await web.get(`/app/p/${own.project.id}/c/${uniqueKeyOf(uuid)}`, owner)

  expect(audit.text).toMatch(/channels<\/span>[\s\S]{0,60}Slack chat/)
  for (const { text } of [audit, check])
    expect(text.replaceAll('&quot;', '"')).toContain('Slack pager')
  expect(audit.text).not.toContain(pager)
  expect(check.text).not.toContain('a channel that is gone')
  expect(check.text).toContain(`action="${path}/${chat}/test"`)
})

/** What a form on a page would send as it is. */
function fieldsIn(text: string): Record<string, string | string[]> {
  const form = /<form[^>]*id="form"[\s\S]*?<\/form>/.exec(text)?.[0] ?? ''
  const inputs = [...form.matchAll(/<input\s([^>]*)>/g)].flatMap(([, attributes = '']) => {
    const value = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1]
    const isBox = value('type') === 'checkbox'
    return isBox && !/\schecked\b/.test(attributes)
      ? []
      : [[value('name') ?? '', value('value') ?? '']]
  })
  const areas = [...form.matchAll(/<textarea[^>]*name="(\w+)"[^>]*>\n([\s\S]*?)<\/textarea>/g)]
  const selects = [...form.matchAll(/<select[^>]*name="(\w+)"[\s\S]*?<\/select>/g)].map(
    ([select, name = '']) => [name, /value="(\w*)"\s+selected/.exec(select)?.[1] ?? ''],
  )
  const all = [...inputs, ...areas.map(([, name = '', value = '']) => [name, value]), ...selects]
  const grouped = Map.groupBy(all, ([name]) => name ?? '')
  return Object.fromEntries(
    [...grouped].map(([name, values]) => [name, values.map(([, value = '']) => unescaped(value))]),
  )
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
