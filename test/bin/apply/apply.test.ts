import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ProjectApi } from '../../../bin/operate/api/project-api.ts'
import { apply as applyFile } from '../../../bin/operate/apply/apply.ts'
import { runCommand } from '../../../bin/operate/command.ts'
import type { Ask } from '../../../bin/operate/command-answer.ts'
import type { CreatedProject } from '../../../lambdas/domain/people/new-project.ts'
import { clock } from '../../../lambdas/runtime/clock.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { countedWrites } from '../../support/counted-writes.ts'
import { listenOnLoopback } from '../../support/loopback.ts'
import { makeServedApi } from '../../support/served-api.ts'
import { makeTerminal } from '../../support/terminal.ts'

const { api, served, folder, stop } = await makeServedApi()
const writes = countedWrites(api.engine.database)
let project: CreatedProject

afterAll(stop)
beforeEach(async () => {
  project = await api.project()
  api.time.now += 60_000
  vi.stubEnv('OVERDUE_URL', served.url)
  vi.stubEnv('OVERDUE_API_KEY', project.apiKey)
  vi.stubEnv('KEY', KEY)
})

const KEY = '0123456789abcdef0123456789abcdef'

const file = `project: Backups
defaults: {tz: Europe/Riga, grace: 30m, channels: [oncall]}
channels:
  oncall: {kind: pagerduty, routing_key: "\${KEY}"}
checks:
  nightly: {schedule: "30 3 * * *", tags: [prod], rules: {depends_on: [disk], failures: {count: 2}}}
  disk: {timeout: 1h, channels: [oncall]}
windows:
  patch: {schedule: "0 2 * * SUN", seconds: 2h, tags: [prod]}
`

const jobs = (count: number) =>
  Array.from({ length: count }, (_, n) => `  job-${n}: {timeout: 1h}\n`).join('')

async function overdue(args: readonly string[], ask?: Ask) {
  const terminal = makeTerminal()
  const status = await runCommand(args, { ...terminal, ask })
  const { out, err } = terminal.seen()
  return { status, out, err }
}

const apply = (text: string, ...options: readonly string[]) => {
  const path = join(folder, 'overdue.yaml')
  writeFileSync(path, text)
  return overdue(['apply', '-f', path, ...options])
}

type Answered = Readonly<Record<string, unknown>> & { readonly slug: string; readonly uuid: string }

const get = async (path: string) =>
  (await api.call('GET', `/api/v3/${path}`, { key: project.apiKey })).json as unknown
const checks = async () =>
  ((await get('checks/')) as { readonly checks: readonly Answered[] }).checks
const post = (path: string, json: object) =>
  api.call('POST', `/api/v3/${path}`, { key: project.apiKey, json })

describe('overdue export --yaml', () => {
  it('writes over no file that is there', async () => {
    await apply(file)
    const path = join(folder, 'overdue.yaml')

    const run = await overdue(['export', '--yaml', '--out', path])

    expect(run.status).toBe(1)
    expect(run.err).toContain('overdue.yaml is there already, perhaps with words of yours')
    expect(readFileSync(path, 'utf8')).toBe(file)
  })

  it('takes none of its own keys for a secret, nor its name for a variable', async () => {
    await post('channels/', { kind: 'jsm', name: 'Overdue', api_key: KEY })
    const path = join(folder, 'exported.yaml')

    await overdue(['export', '--yaml', '--project', '${X}', '--out', path])
    vi.stubEnv('OVERDUE_API_KEY_2', KEY)
    const run = await overdue(['apply', '-f', path, '--adopt', '--dry-run'])

    expect(run.out).toContain('managed_by none → "apply:${X}"')
    expect(run.status).toBe(2)
  })

  it('names what has no name of its own, and fails', async () => {
    const { json } = await post('checks/', { name: 'No slug' })

    const run = await overdue(['export', '--yaml'])

    expect(run.status).toBe(1)
    expect(run.err).toContain(`are left out: ${json.uuid}`)
  })
})

describe('overdue apply', () => {
  it('says what it does, does it, and has nothing to do again', async () => {
    const first = await apply(file)
    const before = writes()
    const again = await apply(file)

    expect(first).toMatchObject({ status: 0, err: '' })
    expect(first.out.split('\n')).toEqual([
      '+ channel oncall: kind pagerduty, routing_key "…cdef", region us, severity critical',
      '+ check disk: name disk, timeout 1h, grace 30m, channels [oncall]',
      '+ check nightly: name nightly, schedule "30 3 * * *", tz Europe/Riga, grace 30m, tags [prod], channels [oncall], rules.failures {count: 2}, rules.depends_on [disk]',
      '+ window patch: tags [prod], seconds 2h, schedule "0 2 * * SUN", tz Europe/Riga',
      '4 to create, 0 to change, 0 to delete, 0 as they are.',
      '4 changes are made.',
      '',
    ])
    expect(again.out.split('\n')).toEqual([
      '= channel oncall: secret, compared when applied',
      'Nothing to do, unless a secret differs: all 4 are as the file wants them.',
      'Secrets were sent, and kept where they differ: oncall.',
      '',
    ])
    expect(writes()).toBe(before)
  })

  it('makes what the API shows, with its mark', async () => {
    await apply(file)

    const [disk, nightly] = (await checks()).toSorted((a, b) => a.slug.localeCompare(b.slug))
    expect(nightly).toMatchObject({
      name: 'nightly',
      schedule: '30 3 * * *',
      tz: 'Europe/Riga',
      grace: 1800,
      tags: 'prod',
      rules: { failures: { count: 2, of: 2 }, depends_on: [disk?.uuid] },
      managed_by: 'apply:Backups',
    })
    expect(disk).toMatchObject({ timeout: 3600, grace: 1800, channels: nightly?.['channels'] })
    expect(await get('windows/')).toMatchObject({
      windows: [{ name: 'patch', tags: 'prod', seconds: 7200, managed_by: 'apply:Backups' }],
    })
  })

  it('takes away what the file says no more', async () => {
    await apply(file)
    const { out } = await apply(
      file.replace('tags: [prod], rules: {depends_on: [disk], ', 'rules: {'),
    )

    expect(out).toContain(
      '~ check nightly: tags [prod] → [], rules.depends_on [disk] → none\n0 to create, 1 to change',
    )
    expect((await checks()).find(({ slug }) => slug === 'nightly')).toMatchObject({
      tags: '',
      rules: { failures: { count: 2 } },
    })
  })

  it.each([
    ['something to do', 2, '+ check disk'],
    ['nothing to do', 0, 'Nothing to do'],
  ])(
    'shows the plan only with --dry-run, and ends with what there is: %s',
    async (_, status, text) => {
      if (status === 0) await apply(file)
      const before = writes()

      const run = await apply(file, '--dry-run')

      expect(run).toMatchObject({ status, err: '' })
      expect(run.out).toContain(text)
      expect(writes()).toBe(before)
    },
  )

  it('ends a dry run with 1 where there is a fault, and names all of them', async () => {
    const run = await apply(
      file.replaceAll('oncall]', 'nobody]').replace('[disk]', '[disc]'),
      '--dry-run',
    )

    expect(run.status).toBe(1)
    expect(run.out.replaceAll(folder, '').split('\n')).toEqual([
      '/overdue.yaml:2:52: defaults.channels.0 names a channel that neither the file nor the project has, or several, got "nobody"',
      '/overdue.yaml:6:72: checks.nightly.rules.depends_on.0 names a check that neither the file nor the project has, or several, got "disc"',
      '/overdue.yaml:7:34: checks.disk.channels.0 names a channel that neither the file nor the project has, or several, got "nobody"',
      '',
    ])
    expect(run.err).toMatch(/nothing is done: .* has 3 faults/)
  })

  it.each([
    [
      'has the check depend on itself',
      'disk: {timeout: 1h',
      'disk: {timeout: 1h, rules: {depends_on: [nightly]}',
    ],
    [
      'needs a schedule, not a timeout',
      'disk: {timeout: 1h',
      'disk: {timeout: 1h, rules: {early: 5m}',
    ],
    ['and grace together must be shorter', 'failures: {count: 2}', 'early: 24h'],
  ])('sees before anything is done what only all checks show: %s', async (words, from, to) => {
    const run = await apply(file.replace(from, to))

    expect(run.status).toBe(1)
    expect(run.out).toContain(words)
    expect(await checks()).toEqual([])
  })

  it('leaves alone what was made otherwise, unless it is to take it over', async () => {
    await post('checks/', { slug: 'disk', name: 'The disk', timeout: 60 })

    const refused = await apply(file)
    expect(refused).toMatchObject({ status: 1 })
    expect(refused.out).toContain(
      'overdue.yaml:7:3: checks.disk is in the project already, made by hand; --adopt takes it over',
    )
    expect(await checks()).toHaveLength(1)

    const adopted = await apply(file, '--adopt')
    expect(adopted.out).toContain(
      '~ check disk: name "The disk" → disk, timeout 1m → 1h, grace 1h → 30m, channels [] → [oncall], managed_by none → apply:Backups',
    )
    expect(await checks()).toHaveLength(2)
  })

  it('leaves alone what another file has made', async () => {
    await apply(file)

    const { status, out } = await apply(file.replace('Backups', 'Reports'))

    expect(status).toBe(1)
    expect(out).toContain('is in the project already, kept by apply:Backups; --adopt takes it over')
  })

  it('does not guess where a slug is that of several checks', async () => {
    for (let count = 0; count < 2; count += 1) await post('checks/', { slug: 'disk' })
    const uuids = (await checks()).map(({ uuid }) => uuid)

    const { out } = await apply(file, '--adopt')

    expect(out).toContain(`checks.disk is several in the project: ${uuids.join(', ')}`)
  })

  it('keeps the kind of a channel', async () => {
    await apply(file)

    const { status, out } = await apply(
      file.replace('pagerduty, routing_key', 'ntfy, topic: overdue, token'),
    )

    expect(status).toBe(1)
    expect(out).toContain('overdue.yaml:4:3: channels.oncall')
  })

  describe('with --prune', () => {
    const smaller = file.replace(/ {2}nightly.*\n/, '').replace(/windows:[^]*/, '')

    it('asks before it deletes what only this file has made', async () => {
      await apply(file)
      await post('checks/', { slug: 'by-hand' })
      const path = join(folder, 'overdue.yaml')
      writeFileSync(path, smaller)
      const asked: string[] = []

      const run = await overdue(['apply', '-f', path, '--prune'], (prompt) => {
        asked.push(prompt)
        return Promise.resolve('yes')
      })

      expect(asked).toEqual(['Type yes to delete 2 that the file does not have any more: '])
      expect(run.out).toContain('- window patch: no longer in the file\n- check nightly: no longer')
      expect((await checks()).map(({ slug }) => slug).sort()).toEqual(['by-hand', 'disk'])
      expect(await get('windows/')).toEqual({ windows: [] })
    })

    it.each([
      ['nobody is there to ask', undefined],
      ['the answer is another', () => Promise.resolve('y')],
    ])('does nothing where %s', async (_, ask) => {
      await apply(file)
      const path = join(folder, 'overdue.yaml')
      writeFileSync(path, smaller.replace('30m', '45m'))
      const before = writes()

      const run = await overdue(['apply', '-f', path, '--prune'], ask)

      expect(run.status).toBe(1)
      expect(run.err).toContain('nothing is done: 2 would be deleted; to delete them, add --yes')
      expect(writes()).toBe(before)
    })

    it('deletes nothing that a check of the file still names', async () => {
      await apply(file)
      const before = writes()

      const run = await apply(
        file.replace(/ {2}oncall.*\n/, '').replace(/ {2}disk.*\n/, ''),
        '--prune',
        '--yes',
      )

      expect(run.status).toBe(1)
      expect(run.out.split('\n').map((line) => line.replace(/^.*overdue\.yaml:/, ''))).toEqual([
        '5:3: checks.nightly.channels names oncall, which the file does not have, and --prune deletes',
        '5:59: checks.nightly.rules.depends_on names disk, which the file does not have, and --prune deletes',
        '',
      ])
      expect(writes()).toBe(before)
    })

    it('deletes without asking where that is meant', async () => {
      await apply(file)

      expect(await apply(smaller, '--prune', '--yes')).toMatchObject({ status: 0 })
      expect(await checks()).toHaveLength(1)
    })
  })

  it('says what it leaves without --prune', async () => {
    await apply(file)

    const { out } = await apply(file.replace(/windows:[^]*/, ''))

    expect(out).toContain(
      'Made by this file before, and not in it any more: patch; --prune deletes them.',
    )
  })

  it('says which checks alert nobody', async () => {
    const { out } = await apply('project: P\nchecks: {a: {timeout: 1h}}')

    expect(out).toContain('Without channels, so that nobody is alerted: a.')
  })

  it('counts a secret as changed when its end differs, and sends it in any case', async () => {
    await apply(file)
    vi.stubEnv('KEY', `ffff${KEY.slice(4)}`)
    const sameEnd = await apply(file, '--dry-run')
    const before = writes()
    await apply(file)
    const written = writes() - before
    vi.stubEnv('KEY', `${KEY.slice(4)}0000`)
    const otherEnd = await apply(file, '--dry-run')

    expect(sameEnd).toMatchObject({ status: 0 })
    expect(sameEnd.out).toContain('= channel oncall: secret, compared when applied')
    expect(written).toBeGreaterThan(0)
    expect(otherEnd).toMatchObject({ status: 2 })
    expect(otherEnd.out).toContain('~ channel oncall: routing_key "…cdef" → "…0000"')
    expect([sameEnd, otherEnd].map(({ out, err }) => out + err).join()).not.toContain(
      KEY.slice(4, 20),
    )
  })

  it('names once what it names by name and by id', async () => {
    await apply(file)
    const { channels } = (await get('channels/')) as { channels: { id: string; name: string }[] }
    const channel = channels.find(({ name }) => name === 'oncall')?.id ?? ''
    const check = (await checks()).find(({ slug }) => slug === 'disk')?.uuid ?? ''

    const { status, err } = await apply(
      file
        .replace('1h, channels: [oncall]', `1h, channels: [oncall, ${channel}]`)
        .replace('[disk]', `[disk, ${check}]`),
      '--dry-run',
    )

    expect({ status, err }).toEqual({ status: 0, err: '' })
  })

  it('takes no notice of blanks around keywords', async () => {
    const text = 'project: P\nchecks: {a: {timeout: 1h, start_kw: [" begin ", now]}}'

    expect(await apply(text)).toMatchObject({ status: 0 })
    expect(await apply(text, '--dry-run')).toMatchObject({ status: 0 })
  })

  it('goes on where it was broken off', async () => {
    const many = `project: Many\nchecks:\n${jobs(40)}`
    let left = 15
    const breaking = await listenOnLoopback((request, response, body) => {
      const isWrite = request.method === 'POST'
      if (isWrite) left -= 1
      if (isWrite && left < 0) return void response.writeHead(503).end()
      void fetch(`${served.url}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers: { 'x-api-key': project.apiKey },
        ...(body !== '' && { body }),
      }).then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
    })
    vi.stubEnv('OVERDUE_URL', breaking.url)

    const broken = await apply(many)
    await breaking.stop()
    vi.stubEnv('OVERDUE_URL', served.url)
    const again = await apply(many)

    expect(broken).toMatchObject({ status: 1 })
    expect(broken.err).toMatch(
      /check job-\d+: the API answers 503: .*; 15 changes are made, apply it again to go on/,
    )
    expect(again.out).toContain('25 to create, 0 to change, 0 to delete, 15 as they are.')
    expect(await checks()).toHaveLength(40)
  })

  it.each([
    ['amid its work', 10, 16],
    ['behind its last change', 40, 40],
  ])('begins no further request once it is stopped %s, and says so', async (_, most, done) => {
    const path = join(folder, 'overdue.yaml')
    writeFileSync(path, `project: Many\nchecks:\n${jobs(40)}`)
    const before = served.requests.length
    const posts = () => served.requests.slice(before).filter(([what]) => what.startsWith('POST'))
    const terminal = makeTerminal()
    const deps = { api: new ProjectApi(`${served.url}/api/v3/`, project.apiKey), terminal }
    const isStopped = () => posts().length >= most
    const call = { end: () => undefined }

    await expect(
      applyFile({ ...deps, call, clock, random, isStopped }, { file: path }),
    ).rejects.toThrow(`stopped; ${done} changes are made, apply it again to go on`)
    expect(posts()).toHaveLength(done)
  })

  it('does not ask for all channels at once', async () => {
    for (let n = 0; n < 12; n += 1)
      await post('channels/', { kind: 'ntfy', name: `n${n}`, topic: 't' })
    let [asked, most] = [0, 0]
    const counting = await listenOnLoopback((request, response) => {
      const isChannel = /channels\/./.test(request.url ?? '')
      if (isChannel) most = Math.max(most, (asked += 1))
      const headers = { 'x-api-key': project.apiKey }
      void fetch(`${served.url}${request.url ?? ''}`, { headers }).then(async (answer) => {
        response.end(await answer.text())
        if (isChannel) asked -= 1
      })
    })
    vi.stubEnv('OVERDUE_URL', counting.url)

    const run = await apply(file, '--dry-run')
    await counting.stop()

    expect(run.status).toBe(2)
    expect(most).toBeLessThanOrEqual(8)
  })

  it('makes each thing once where two apply it at the same time', async () => {
    const runs = await Promise.all([apply(file), apply(file), apply(file)])

    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0])
    expect((await checks()).map(({ slug }) => slug).sort()).toEqual(['disk', 'nightly'])
    expect(await get('windows/')).toMatchObject({ windows: [{ name: 'patch' }] })
    expect(await apply(file, '--dry-run')).toMatchObject({ status: 0 })
  })

  it('answers in JSON', async () => {
    const { status, out } = await apply(file, '--dry-run', '--json')

    expect(status).toBe(2)
    const { steps, ...others } = JSON.parse(out) as { readonly steps: readonly unknown[] }
    expect(steps).toHaveLength(4)
    expect(steps.at(-1)).toMatchObject({
      action: 'create',
      thing: 'window',
      name: 'patch',
      fields: { seconds: { from: null, to: '2h' } },
    })
    expect(others).toEqual({ unchanged: 0, left: [], silent: [], applied: 0 })
    expect(JSON.parse((await apply('project: 5', '--json')).out)).toEqual({
      faults: [{ line: 1, column: 1, path: ['project'], words: 'is not a text, got 5' }],
    })
  })

  it('names what only the project shows beside what the file shows', async () => {
    const { out } = await apply(file.replace('30m', '30x').replace('[disk]', '[disc]'))

    expect(out.split('\n').map((line) => line.replace(/ .*/, ''))).toEqual([
      expect.stringMatching(/:2:29:$/),
      expect.stringMatching(/:6:72:$/),
      '',
    ])
  })

  it('tells a name that a variable holds by the variable', async () => {
    const { out } = await apply(file.replace('channels: [oncall]}', 'channels: ["${KEY}"]}'))

    expect(out).toContain('has, or several, got "${KEY}"')
    expect(out).not.toContain(KEY)
  })

  it('names the faults of a file where no server answers', async () => {
    vi.stubEnv('OVERDUE_URL', 'http://127.0.0.1:9')

    expect((await apply(file.replace('30m', '30x'))).out).toContain('defaults.grace')
    expect((await apply(file)).err).toContain('gives no answer')
  })

  it('says which addresses get no alerts yet', async () => {
    const { status, out } = await apply(
      'project: P\nchannels: {ops: {kind: email, address: verify.me@example.com}}',
    )

    expect(status).toBe(0)
    expect(out).toContain(
      'Not verified, so that no alerts go there until the mailed link is followed: ops.',
    )
  })

  it('ends with 1 where it is called wrongly, as 2 means changes', async () => {
    expect(await apply(file, '--dryrun')).toMatchObject({ status: 1 })
  })

  it('says which file it can not read', async () => {
    const run = await overdue(['apply', '-f', join(folder, 'none.yaml')])

    expect(run.status).toBe(1)
    expect(run.err).toMatch(/none.yaml can't be read \(ENOENT\); name another with -f <file>/)
  })
})
