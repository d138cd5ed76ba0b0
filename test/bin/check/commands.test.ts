import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CreatedProject } from '../../../lambdas/domain/people/new-project.ts'
import type { LoggedPing } from '../../../lambdas/domain/watching/ping.ts'
import { aBody, aPing, minute } from '../../support/builders.ts'
import { withKey } from '../../support/keyed-command.ts'
import { makeServedApi } from '../../support/served-api.ts'

const { api, served, stop } = await makeServedApi()
let project: CreatedProject

afterAll(stop)
beforeEach(async () => {
  project = await api.project()
})

const overdue = (args: readonly string[], apiKey = project.apiKey) =>
  withKey({ url: served.url, apiKey }, args)
const check = (...args: readonly string[]) => overdue(['check', ...args])

type Shown = { readonly check: Readonly<Record<string, unknown>> & { readonly uuid: string } }

async function made(...args: readonly string[]) {
  const { out } = await check('add', ...args, '--json')
  return (JSON.parse(out) as Shown).check
}

async function stored(uuid: string) {
  return (await api.registry.check(project.project.id, uuid)) ?? expect.unreachable()
}

describe('overdue check add', () => {
  it('makes a check that tells all channels, by a slug of its name', async () => {
    const run = await check(
      'add',
      'Nightly backup',
      '--schedule',
      '30 3 * * *',
      '--tz',
      'Europe/Riga',
    )

    const [only] = await api.registry.checks(project.project.id)
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toContain('The check "Nightly backup" (nightly-backup) is made.')
    expect(run.out).toMatch(/ schedule +30 3 \* \* \* in Europe\/Riga\n/)
    expect(run.out).toContain(`https://ping.example.com/ping/${only?.id ?? ''}`)
    expect(only).toMatchObject({ slug: 'nightly-backup', channelIds: [project.channel.id] })
  })

  it('takes a period, times, channels, and any field of the API', async () => {
    const { uuid } = await made(
      ...['report', '--schedule', '1h', '--grace', '30m', '--tags', 'a b', '--channels', ''],
      ...['--set', 'methods=POST', '--set', 'manual_resume=true'],
      ...['--set', 'rules={"failures":{"count":2}}', '--desc', 'see the wiki'],
    )

    expect(await stored(uuid)).toMatchObject({
      schedule: { kind: 'simple', periodSeconds: 3600 },
      graceSeconds: 1800,
      tags: 'a b',
      channelIds: [],
      methods: 'POST',
      manualResume: true,
      rules: { failures: { count: 2, of: 2 } },
      description: 'see the wiki',
    })
  })

  it('makes no second check of a slug', async () => {
    await made('nightly')

    const run = await check('add', 'Nightly')

    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toMatch(/^overdue: the check "nightly" \(nightly\) has this slug already/)
    expect(await api.registry.checks(project.project.id)).toHaveLength(1)
  })

  it.each([
    [['--grace', 'soon'], 2, "option '--grace <time>' argument 'soon' is invalid. It takes a time"],
    [['--set', 'methods'], 2, 'It takes a field and its value, such as methods=POST.'],
    [
      ['--grace', '10s'],
      2,
      "argument '10s' is invalid. It takes 1 min at least, and 365 d at most.",
    ],
    [['--schedule', '30s'], 2, 'It takes 1 min at least, and 365 d at most.'],
    [['--schedule', '3600'], 2, 'a period with a unit, as in 1h.'],
    [['--timeout', '1h'], 2, 'The period is given as --schedule, as in --schedule 1h.'],
    [['--set', 'foo=1'], 2, 'A check has no field foo; it has channels, desc,'],
    [['--set', 'unique=["name"]'], 2, 'A check has no field unique;'],
    [['--set', 'timeout=5'], 1, 'the API answers 400: timeout is too small'],
    [['--schedule', 'never'], 1, 'schedule is not a valid cron or OnCalendar expression'],
    [['--channels', 'nobody'], 1, 'invalid channel identifier: nobody'],
  ])('refuses %j', async (options, status, said) => {
    const run = await check('add', 'nightly', ...options)

    expect(run).toMatchObject({ status, out: '', err: expect.stringContaining(said) as string })
  })
})

describe('overdue check list', () => {
  it('names each check as other commands take it, and its state', async () => {
    const twin = { key: project.apiKey, json: { slug: 'twin' } }
    const { uuid } = await made('nightly')
    api.time.now += 1000
    const { json } = await api.call('POST', '/api/v3/checks/', twin)
    await api.call('POST', '/api/v3/checks/', twin)
    await api.ping(uuid, 'fail')

    const { out } = await check('list')

    expect(out).toMatch(/^CHECK +STATUS +LAST PING +DUE +NAME\nnightly +down +20\S+ +- +nightly\n/)
    expect(out).toMatch(new RegExp(`^${json.uuid} +new +never +-$`, 'm'))
  })

  it('chooses by tags, slug and status', async () => {
    const { uuid } = await made('one', '--tags', 'a b')
    api.time.now += 1000
    await made('two', '--tags', 'b')
    await api.ping(uuid)
    const names = async (...args: readonly string[]) => {
      const { checks } = JSON.parse((await check('list', '--json', ...args)).out) as {
        readonly checks: readonly { readonly name: string }[]
      }
      return checks.map(({ name }) => name)
    }

    expect(await names('--tag', 'b')).toEqual(['one', 'two'])
    expect(await names('--tag', 'b', '--tag', 'a')).toEqual(['one'])
    expect(await names('--slug', 'two')).toEqual(['two'])
    expect(await names('--status', 'new')).toEqual(['two'])
    expect((await check('list', '--status', 'down')).out).toBe('No check matches.\n')
  })

  it('lets no name pass for a row, or speak to the terminal', async () => {
    const name = 'a\nother  up  \x1b]0;owned\x07'
    await api.call('POST', '/api/v3/checks/', { key: project.apiKey, json: { name, slug: 'a' } })

    expect((await check('list')).out.split('\n')).toHaveLength(3)
    for (const args of [['list'], ['show', 'a'], ['list', '--json']])
      expect((await check(...args)).out).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('says how to make the first one', async () => {
    expect((await check('list')).out).toBe('No check yet. Make one with overdue check add.\n')
  })
})

describe('overdue check show', () => {
  it('shows a check by slug or UUID, and whom it tells by name', async () => {
    const topic = { kind: 'ntfy', topic: 'backups', name: 'dba' }
    await api.call('POST', '/api/v3/channels/', { key: project.apiKey, json: topic })
    const { uuid } = await made('nightly', '--channels', 'dba', '--set', 'managed_by=apply:Jobs')

    const bySlug = await check('show', 'nightly')
    const byUuid = await check('show', uuid.toUpperCase())

    expect(bySlug.out).toMatch(/^The check "nightly" \(nightly\) is new\.\n/)
    expect(bySlug.out).toMatch(/ tells +dba\n/)
    expect(bySlug.out).toMatch(/ managed by +apply:Jobs\n/)
    expect(byUuid).toEqual(bySlug)
  })

  it('needs no more than a key that reads', async () => {
    const { json } = await api.call('POST', '/api/v3/checks/', { key: project.apiKey, json: {} })
    const { apiKeyReadonly: key } = project

    const { out: listed } = await overdue(['check', 'list'], key)
    const [handle = ''] = /[0-9a-f]{40}/.exec(listed) ?? []
    const shown = await overdue(['check', 'show', handle], key)
    const changed = await overdue(['check', 'pause', handle], key)

    expect(shown).toMatchObject({ status: 0, err: '' })
    expect(listed + shown.out).not.toContain(json.uuid)
    expect(changed.err).toMatch(/^overdue: the key is read-only; set OVERDUE_API_KEY/)
  })

  it('says which checks have the slug where several do, and where none does', async () => {
    const twin = { key: project.apiKey, json: { slug: 'twin' } }
    const { json } = await api.call('POST', '/api/v3/checks/', twin)
    api.time.now += 1000
    await api.call('POST', '/api/v3/checks/', twin)

    expect((await check('show', 'twin')).err).toContain(
      `several checks have the slug twin; name one of them: ${json.uuid}, `,
    )
    expect(await check('show', 'none')).toEqual({
      status: 1,
      out: '',
      err: 'overdue: there is no check none; overdue check list shows all\n',
    })
    expect((await check('show', 'No/Slug')).status).toBe(2)
  })
})

describe('a check that is down', () => {
  const log = (...entries: Parameters<typeof api.journal.put>[0]) =>
    api.journal.put(entries, 2 ** 40)

  function aLogged(checkId: string, number: number, fields: Partial<LoggedPing> = {}) {
    const { signal: type, requestId: _, ...details } = aPing({ at: api.time.now })
    return { checkId, ping: { ...details, type, number, ...fields } }
  }

  const aFlip = (checkId: string, at = api.time.now) => ({
    checkId,
    flip: { checkId, at, count: 0, status: 'down', from: 'up', reason: '' } as const,
  })

  it('says since when, why, and what it said last', async () => {
    const { uuid } = await made('nightly', '--set', `rules=${JSON.stringify(rules())}`)
    await api.ping(uuid, 'fail')
    const failed = { type: 'fail', exitStatus: 3, bodyBytes: 1 } as const
    await log(aLogged(uuid, 1, failed), aLogged(uuid, 2, { type: 'log' }), aFlip(uuid))
    const lines = ['1', '2', '', '3', '4', '\x1b[31mred', 'x'.repeat(300)].join('\n')
    await api.journal.putBody({ checkId: uuid, number: 1, at: 0 }, aBody(lines), 2 ** 40)

    const { out } = await check('show', 'nightly')
    const { out: seen } = await overdue(['check', 'list'], project.apiKeyReadonly)
    const reading = await overdue(['check', 'show', 'nightly'], project.apiKeyReadonly)

    expect(out).toMatch(/^The check "nightly" \(nightly\) is down\.\n {2}down since +20\S+\n/)
    expect(out).toMatch(/ because +its job said that it failed\n/)
    expect(out).toMatch(/ last signal +fail, exit status 3, at 20\S+\n/)
    expect(out).toMatch(/ rules +\{"repeat":3600\}\n/)
    expect(out).toContain(`after 1 h to email ${project.channel.id}`)
    expect(out).toMatch(/\nIts last signal said:\n {2}2\n {2}3\n {2}4\n {2}red\n {2}x{199}…\n$/)
    expect(seen).toContain('down')
    expect(reading).toMatchObject({ status: 0, err: '' })
    expect(reading.out).toMatch(/ down since /)
    expect(reading.out).not.toContain('last signal')
  })

  const rules = () => ({
    repeat: 3600,
    escalate: [{ after: 3600, channels: project.channel.id }],
  })

  it.each([
    [[2, 'success'], 'its last run broke a rule'],
    [[1, 'success'], 'a ping did not come in time'],
  ] as const)('by %j says why', async ([minutes, type], why) => {
    const { uuid } = await made('nightly')
    await api.ping(uuid, 'fail')
    const at = api.time.now
    await log(aLogged(uuid, 1, { at: at + minutes * minute, type }), aFlip(uuid, at + 2 * minute))
    api.time.now += 3 * minute

    expect((await check('show', 'nightly')).out).toContain(` ${why}\n`)
  })

  it('has a log of pings, newest first', async () => {
    const { uuid } = await made('nightly')
    const none = await check('log', 'nightly')
    await log(
      aLogged(uuid, 1, { type: 'start', runId: 'a' }),
      aLogged(uuid, 2, { type: 'fail', at: api.time.now + 1500, runId: 'a', exitStatus: 3 }),
    )
    api.time.now += minute

    const all = await check('log', 'nightly')
    const last = await check('log', 'nightly', '--limit', '1', '--json')

    expect(none.out).toBe('Nothing yet: no ping has come.\n')
    expect(all.out).toMatch(
      /^AT +WHAT +DETAILS\n20\S+ +fail +ping 2, exit status 3, run a, took 1.5 s\n20\S+ +start +ping 1, run a\n$/,
    )
    expect(JSON.parse(last.out)).toMatchObject({ pings: [{ n: 2, exit_status: 3 }] })
    expect((await overdue(['check', 'log', 'nightly'], project.apiKeyReadonly)).err).toMatch(
      /^overdue: the key is read-only/,
    )
    expect((await check('log', 'nightly', '--limit', '101')).status).toBe(2)
  })
})

describe('a check', () => {
  it('is changed where that is said, and only there', async () => {
    const { uuid } = await made('nightly', '--tags', 'a')

    const run = await check(
      'edit',
      'nightly',
      '--name',
      'Backup',
      '--grace',
      '2h',
      '--channels',
      '',
    )

    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toMatch(/ grace +2 h\n/)
    expect(run.out).toMatch(/ tells +nobody\n/)
    expect(await stored(uuid)).toMatchObject({ name: 'Backup', tags: 'a', graceSeconds: 7200 })
    expect(await check('edit', 'nightly')).toMatchObject({ status: 2, out: '' })
  })

  it('takes no slug of another, and its own again', async () => {
    await made('nightly')
    const { uuid } = await made('weekly')

    const taken = await check('edit', 'weekly', '--slug', 'nightly')
    const own = await check('edit', 'weekly', '--set', 'slug=weekly')

    expect(taken).toMatchObject({ status: 1, out: '' })
    expect(taken.err).toMatch(/^overdue: the check "nightly" \(nightly\) has this slug already/)
    expect(own).toMatchObject({ status: 0, err: '' })
    expect(await stored(uuid)).toMatchObject({ slug: 'weekly' })
  })

  it('that a file keeps is changed, with a word on what becomes of that', async () => {
    await made('nightly', '--set', 'managed_by=apply:Shop')

    const kept = await check('edit', 'nightly', '--tags', 'a')
    const own = await check('edit', 'nightly', '--set', 'managed_by=')

    expect(kept).toMatchObject({
      status: 0,
      err: 'overdue: it is kept by apply:Shop, whose next apply may undo this change\n',
    })
    expect(own).toMatchObject({ status: 0, err: '' })
  })

  it('is paused and resumed, as often as one likes', async () => {
    const { uuid } = await made('nightly')
    const outputs = []
    for (const verb of ['pause', 'pause', 'resume', 'resume'])
      outputs.push((await check(verb, 'nightly')).out)

    expect(outputs).toEqual([
      ...[
        'paused until it is resumed, or pinged again',
        'paused until it is resumed, or pinged again',
        'resumed',
        'not paused',
      ].map((said) => `The check "nightly" (nightly) is ${said}.\n`),
    ])
    expect(await api.heartbeats.read(uuid)).toMatchObject({ status: 'new' })
  })

  it('that pings do not resume is paused until it is resumed', async () => {
    await made('nightly', '--set', 'manual_resume=true')

    expect((await check('pause', 'nightly')).out).toMatch(/ is paused until it is resumed\.\n$/)
  })

  it('is deleted where that is meant', async () => {
    await made('nightly')

    const asked = await check('delete', 'nightly')
    const left = await api.registry.checks(project.project.id)
    const meant = await check('delete', 'nightly', '--yes')

    expect(asked).toMatchObject({ status: 1, out: '' })
    expect(asked.err).toMatch(/^overdue: nothing is deleted yet: .* add --yes\n$/)
    expect(left).toHaveLength(1)
    expect(meant.out).toBe('The check "nightly" (nightly) is deleted.\n')
    expect(await api.registry.checks(project.project.id)).toEqual([])
  })
})

describe('overdue snooze', () => {
  it('has alerts wait for a time, until an instant, and no more', async () => {
    await made('nightly')
    const until = new Date(api.time.now + 7_200_000).toISOString().replace('.000Z', '+00:00')

    const forTime = await overdue(['snooze', 'nightly', '2h'])
    const untilThen = await overdue(['snooze', 'nightly', '--until', until, '--json'])
    const ended = await overdue(['snooze', 'nightly', '--off'])

    expect(forTime.out).toBe(`Alerts of the check "nightly" (nightly) wait until ${until}.\n`)
    expect(JSON.parse(untilThen.out)).toMatchObject({ check: { snoozed_until: until } })
    expect(ended.out).toBe('Alerts of the check "nightly" (nightly) wait no more.\n')
  })

  it.each([
    [[], 2, 'give a time such as 2h, or --until, or --off, and only one of them'],
    [['2h', '--off'], 2, 'only one of them'],
    [['soon'], 2, 'It takes a time such as 90s, 30m or 2h.'],
    [['1s'], 2, 'It takes 1 min at least, and '],
    [['--until', 'tomorrow'], 1, 'until is not an instant'],
  ])('refuses %j', async (args, status, said) => {
    await made('nightly')

    const run = await overdue(['snooze', 'nightly', ...args])

    expect(run).toMatchObject({ status, out: '', err: expect.stringContaining(said) as string })
  })
})

it('snooze is a command of its own', async () => {
  const run = await check('snooze', 'nightly', '2h', '--off')

  expect(run).toEqual({
    status: 2,
    out: '',
    err: 'overdue: snooze stands alone, as in overdue snooze <check> 2h\n',
  })
})

describe('URL and key', () => {
  it.each(
    [['check'], ['check', 'list'], ['window'], ['channel'], ['snooze'], ['apply']].map((a) => [a]),
  )('are named by the help of %j', async (args) => {
    const { out } = await withKey({}, [...args, '--help'])

    expect(out).toMatch(/OVERDUE_URL and OVERDUE_API_KEY[^]*\.config\/overdue\.env/)
  })

  it('are wrong in plain words', async () => {
    const { apiKeyReadonly } = project
    const https = served.url.replace('http:', 'https:')
    const { err: noTls } = await withKey({ url: https, apiKey: project.apiKey }, ['check', 'list'])
    const { err: reads } = await overdue(['check', 'list'], 'wrong')
    const { err: changes } = await overdue(['check', 'add', 'a'], apiKeyReadonly)

    expect(noTls).toMatch(
      / gives no answer: no TLS is spoken there; perhaps its URL begins with http:/,
    )
    expect(reads).toMatch(/^overdue: the API refuses the key; set OVERDUE_API_KEY to an API key of/)
    expect(changes).toMatch(
      /^overdue: the API refuses the key; .* the read-write key of the project\n$/,
    )
  })

  it('may stand in a file that only its owner opens', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'overdue-test-'))
    const file = join(folder, 'overdue.env')
    const lines = `OVERDUE_URL=${served.url}\nOVERDUE_API_KEY=${project.apiKey}\n`
    writeFileSync(file, lines, { mode: 0o600 })
    vi.stubEnv('OVERDUE_SETTINGS', file)
    const listed = () => withKey({}, ['check', 'list'])

    const used = await listed()
    chmodSync(file, 0o644)
    const refused = await listed()
    rmSync(folder, { recursive: true })

    expect(used).toMatchObject({ status: 0, err: '' })
    expect(refused).toMatchObject({ status: 1, out: '' })
    expect(refused.err).toContain('others than its owner may open it; chmod 600 it')
  })
})
