import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  advance,
  type ApiCheck,
  aProject,
  base,
  createCheck,
  fault,
  heal,
  type LocalProject,
  mailsTo,
  readCheck,
  request,
  settle,
} from '../support/stack.ts'

let home: string
let project: LocalProject
beforeAll(async () => (home = await mkdtemp(join(tmpdir(), 'overdue-home-'))))
afterAll(() => rm(home, { recursive: true }))
beforeEach(async () => {
  project = await aProject()
})

/** Runs `overdue run` in a process of its own, as cron would. */
async function overdueRun(args: readonly string[], own: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['bin/operate.ts', 'run', ...args], {
    env: { PATH: process.env['PATH'], HOME: home, OVERDUE_URL: base, ...own },
  })
  const ended = once(child, 'exit') as Promise<[number | null]>
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [status] = await ended
  return { status, out, err }
}

const heartbeatsFail = {
  service: 'dynamodb',
  function: 'ping',
  resource: 'Heartbeats',
  error: 'InternalServerError',
}
const replayFails = { ...heartbeatsFail, function: 'replay' }

const job = (script: string) => ['--', '/bin/sh', '-c', script]

type Logged = { readonly n: number; readonly type: string; readonly rid: string | null }

async function pingsOf({ uuid }: Pick<ApiCheck, 'uuid'>): Promise<readonly Logged[]> {
  await settle()
  const answer = await request('GET', `/api/v3/checks/${uuid}/pings/`, { key: project.apiKey })
  return (answer.json as { readonly pings: readonly Logged[] }).pings.toReversed()
}

async function bodyOf({ uuid }: ApiCheck, number: number): Promise<string> {
  const path = `/api/v3/checks/${uuid}/pings/${number}/body`
  return (await request('GET', path, { key: project.apiKey })).text
}

async function checkWith(slug: string): Promise<ApiCheck> {
  const answer = await request('GET', `/api/v3/checks/?slug=${slug}`, { key: project.apiKey })
  const [check] = (answer.json as { readonly checks: readonly ApiCheck[] }).checks
  return check ?? expect.unreachable(`no check has the slug ${slug}`)
}

describe('a job under overdue run', () => {
  it('is watched: its start, its end, what it said, and the mail when it fails', async () => {
    const check = await createCheck(project, { name: 'nightly' })

    const well = await overdueRun(['--check', check.uuid, ...job('echo copied 42 files')])
    expect(well).toEqual({ status: 0, out: 'copied 42 files\n', err: '' })
    expect(await readCheck(project, check.uuid)).toMatchObject({ status: 'up', started: false })
    const badly = await overdueRun(['--check', check.uuid, ...job('echo disk full >&2; exit 3')])

    expect(badly).toEqual({ status: 3, out: '', err: 'disk full\n' })
    const pings = await pingsOf(check)
    expect(pings.map(({ type }) => type)).toEqual(['start', 'success', 'start', 'fail'])
    expect(pings[0]?.rid).toBe(pings[1]?.rid)
    expect(pings[1]?.rid).not.toBe(pings[2]?.rid)
    expect(await bodyOf(check, 2)).toBe('copied 42 files\n')
    const [down] = await mailsTo(project)
    expect(down?.subject).toBe('DOWN | nightly')
    expect(down?.text).toContain('disk full')
  })

  it('makes its check by its first ping, by the keys of a file', async () => {
    const file = join(home, 'settings')
    await writeFile(file, `OVERDUE_PING_KEY=${project.pingKey}\n`, { mode: 0o600 })

    const seen = await overdueRun([
      ...['--check', 'nightly', '--create', '--settings', file],
      ...job('exit 0'),
    ])

    expect(seen).toEqual({ status: 0, out: '', err: '' })
    expect(await checkWith('nightly')).toMatchObject({ status: 'up', timeout: 86_400 })
  })

  it('has its check as it says, made by the API first', async () => {
    const keys = { OVERDUE_PING_KEY: project.pingKey, OVERDUE_API_KEY: project.apiKey }
    const definition = ['--schedule', '30 3 * * *', '--tz', 'Europe/Riga', '--grace', '30m']
    const args = ['--check', 'nightly', '--create', ...definition, ...job('exit 0')]

    expect(await overdueRun(args, keys)).toEqual({ status: 0, out: '', err: '' })
    expect(await overdueRun(args, keys)).toEqual({ status: 0, out: '', err: '' })

    expect(await checkWith('nightly')).toMatchObject({
      schedule: '30 3 * * *',
      tz: 'Europe/Riga',
      grace: 1800,
      n_pings: 4,
    })
  })

  it('that takes longer than it may is ended, and told as a failure', async () => {
    const check = await createCheck(project, { name: 'endless' })

    const seen = await overdueRun(['--check', check.uuid, '--timeout', '1s', ...job('sleep 1000')])

    expect(seen).toEqual({
      status: null,
      out: '',
      err: 'overdue: the command was ended after 1 s, its --timeout\n',
    })
    expect(await bodyOf(check, 2)).toContain('ended after 1 s, its --timeout')
    expect((await mailsTo(project)).map(({ subject }) => subject)).toEqual(['DOWN | endless'])
  })

  it('runs as ever while pings cannot be recorded, and is told of later', async () => {
    const check = await createCheck(project, { name: 'unharmed' })
    await fault([heartbeatsFail, replayFails])

    const seen = await overdueRun(['--check', check.uuid, ...job('exit 4')])

    expect(seen).toEqual({ status: 4, out: '', err: '' })
    expect(await readCheck(project, check.uuid)).toMatchObject({ n_pings: 0 })
    await heal()
    await advance(120)
    expect(await readCheck(project, check.uuid)).toMatchObject({ n_pings: 2, status: 'down' })
  })
})
