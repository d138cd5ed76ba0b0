import { execFile, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type ApiCheck,
  aProject,
  base,
  createCheck,
  type LocalProject,
  readCheck,
  request,
  settle,
} from '../support/stack.ts'

/**
 * Programs that nobody here wrote, as they are found on this machine; what is not found is skipped,
 * and said so by the report.
 */
const has = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

let project: LocalProject
let check: ApiCheck
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overdue-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  project = await aProject()
  check = await createCheck(project)
})
afterEach(() => request('DELETE', '/_local/faults'))

type Ended = { readonly status: number; readonly said: string }

async function sh(command: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const options = { cwd: folder, env: { ...process.env, ...env, URL: check.ping_url } }
  return new Promise((resolve) =>
    execFile('/bin/sh', ['-c', command], options, (error, out, err) =>
      resolve({ status: error === null ? 0 : Number(error.code), said: out + err }),
    ),
  )
}

type LogEntry = {
  readonly type: string
  readonly method: string
  readonly ua: string
  readonly body_url: string | null
}

/** What the log says, oldest first. */
async function logged(): Promise<readonly LogEntry[]> {
  await settle()
  const answer = await request('GET', `/api/v3/checks/${check.uuid}/pings/`, {
    key: project.apiKey,
  })
  return (answer.json as { readonly pings: readonly LogEntry[] }).pings.toReversed()
}

async function lastBody(): Promise<string> {
  const path = (await logged()).at(-1)?.body_url ?? expect.unreachable('the last ping has no body')
  return (await request('GET', path, { key: project.apiKey })).text
}

async function status(): Promise<unknown> {
  return (await readCheck(project, check.uuid))['status']
}

/** Lets the next pings end without a ping taken: whoever sent them is answered with a 5xx. */
async function failPings(times: number): Promise<void> {
  const faults = [
    {
      service: 'dynamodb',
      operation: 'UpdateItem',
      resource: 'Heartbeats',
      function: 'ping',
      error: 'crash',
      times,
    },
  ]
  expect((await request('POST', '/_local/faults', { json: faults })).status).toBe(200)
}

describe.skipIf(!has('curl'))('curl', () => {
  const curl = 'curl -fsS -m 10 --retry 5'

  it('tells start, success and exit statuses', async () => {
    for (const end of ['/start', '', '/0', '/1'])
      expect(await sh(`${curl} $URL${end}`)).toMatchObject({ status: 0, said: 'OK' })

    expect(await logged()).toMatchObject(
      ['start', 'success', 'success', 'fail'].map((type) => ({ type, method: 'GET' })),
    )
    expect(await status()).toBe('down')
  })

  it('sends the exit status of the command before it', async () => {
    await sh(`false; ${curl} $URL/$?`)
    expect(await status()).toBe('down')

    await sh(`true; ${curl} $URL/$?`)
    expect(await status()).toBe('up')
  })

  it.each([
    ['--data-raw "disk is full"', 'disk is full'],
    ['-d "disk is full"', 'disk is full'],
    ['-T - -X POST', 'from the pipe'],
  ])('sends a log with the failure by %s', async (option, body) => {
    await sh(`printf 'from the pipe' | ${curl} ${option} $URL/fail`)

    expect(await logged()).toMatchObject([{ type: 'fail', method: 'POST' }])
    expect(await lastBody()).toBe(body)
  })

  it('asks for the head only', async () => {
    expect((await sh(`${curl} -I $URL`)).said).toMatch(/^HTTP\/1.1 200/)
    expect(await logged()).toMatchObject([{ type: 'success', method: 'HEAD' }])
  })

  it('tries again while pings are answered with an error, and the ping counts once', async () => {
    await failPings(2)

    expect(await sh(`${curl} -o /dev/null $URL/start`)).toMatchObject({ status: 0 })
    await failPings(2)
    expect(await sh(`printf 'disk is full' | ${curl} --data-binary @- $URL/3`)).toMatchObject({
      status: 0,
    })

    expect((await logged()).map(({ type }) => type)).toEqual(['start', 'fail'])
    expect(await lastBody()).toBe('disk is full')
  })

  it('does not go on trying with an unknown UUID', async () => {
    const unknown = check.ping_url.replace(/[^/]*$/, '00000000-0000-4000-8000-000000000000')

    expect(await sh(`${curl} ${unknown}`)).toMatchObject({ status: 22 })
  })
})

describe.skipIf(!has('wget'))('wget', () => {
  it('tells start, success, and a failure with a log', async () => {
    expect(await sh('wget -qO- $URL/start')).toEqual({ status: 0, said: 'OK' })
    expect(await sh('wget -q --spider $URL')).toMatchObject({ status: 0 })
    expect(await sh('wget -qO- --post-data="disk is full" $URL/2')).toEqual({
      status: 0,
      said: 'OK',
    })

    expect(await logged()).toMatchObject([
      { type: 'start', method: 'GET' },
      { type: 'success', method: 'HEAD' },
      { type: 'fail', method: 'POST' },
    ])
    expect(await lastBody()).toBe('disk is full')
  })

  it('tries again while pings are answered with an error, and the ping counts once', async () => {
    await failPings(2)

    const tried = await sh(
      'wget -qO- --tries 5 --waitretry 1 --retry-on-http-error 500,502,503 --post-data=late $URL/0',
    )

    expect(tried).toEqual({ status: 0, said: 'OK' })
    expect(await logged()).toMatchObject([{ type: 'success', method: 'POST' }])
    expect(await lastBody()).toBe('late')
  })
})

describe.skipIf(!has('borgmatic') || !has('borg'))('borgmatic', () => {
  async function backup(repository: string): Promise<Ended> {
    const source = join(folder, 'source')
    await mkdir(source, { recursive: true })
    await writeFile(join(source, 'file'), 'precious')
    const env = {
      HOME: folder,
      BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
      BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
    }
    await writeFile(
      join(folder, 'config.yaml'),
      `location:
  source_directories: [${source}]
  repositories: [${repository}]
retention:
  keep_daily: 1
hooks:
  healthchecks:
    ping_url: ${check.ping_url}
`,
    )
    // The log file keeps it from looking for syslog, which a container lacks.
    return sh(
      'borgmatic --config config.yaml --log-file borgmatic.log --monitoring-verbosity 1 create --stats',
      env,
    )
  }

  it('tells the start and the end of a backup, with its log', async () => {
    const repository = join(folder, 'repository')
    expect(await sh(`HOME=${folder} borg init --encryption none ${repository}`)).toMatchObject({
      status: 0,
    })

    expect(await backup(repository)).toMatchObject({ status: 0 })

    expect(await logged()).toMatchObject([
      { type: 'start', method: 'POST' },
      { type: 'success', method: 'POST' },
    ])
    expect(await lastBody()).toContain('Creating archive')
    expect(await status()).toBe('up')
  })

  it('tells the failure of a backup, with what went wrong', async () => {
    expect((await backup(join(folder, 'nowhere'))).status).not.toBe(0)

    expect((await logged()).at(-1)).toMatchObject({ type: 'fail', method: 'POST' })
    expect(await lastBody()).toContain('nowhere')
    expect(await status()).toBe('down')
  })
})

/** Runs a module that uses a package, as its users would, in a process of its own. */
async function node(code: string): Promise<Ended> {
  const file = join(folder, 'client.mjs')
  await writeFile(file, code)
  return sh(`'${process.execPath}' client.mjs`, {
    BASE: base,
    KEY: project.apiKey,
    UUID: check.uuid,
  })
}

describe('healthchecks-io-client of npm', () => {
  const client = createRequire(import.meta.url).resolve('healthchecks-io-client')

  it('tells start, success, and a failure with its log', async () => {
    const ran = await node(`
      import client from ${JSON.stringify(client)}
      const ping = new client.HealthChecksPingClient({ uuid: process.env.UUID, baseUrl: process.env.BASE + '/ping' })
      await ping.start()
      await ping.success()
      await ping.fail('disk is full')
    `)

    expect(ran).toMatchObject({ status: 0 })
    expect(await logged()).toMatchObject([
      { type: 'start', method: 'GET' },
      { type: 'success', method: 'GET' },
      { type: 'fail', method: 'POST' },
    ])
    expect(await lastBody()).toBe('disk is full')
  })

  it('manages checks', async () => {
    const ran = await node(`
      import client from ${JSON.stringify(client)}
      const api = new client.HealthChecksApiClient({ apiKey: process.env.KEY, baseUrl: process.env.BASE })
      const check = await api.createCheck({ name: 'by npm', timeout: 3600, grace: 600, tags: 'npm', channels: '*' })
      const uuid = check.ping_url.split('/').at(-1)
      await api.updateCheck(uuid, { name: 'renamed' })
      await api.pauseCheck(uuid)
      const { checks } = await api.getChecks(['npm'])
      const { channels } = await api.getIntegrations()
      console.log(JSON.stringify([checks.map(({ name, status }) => [name, status]), channels.length, (await api.getCheck(uuid)).name]))
      await api.deleteCheck(uuid)
      await api.getCheck(uuid).catch(() => console.log('gone'))
    `)

    expect(ran).toEqual({ status: 0, said: '[[["renamed","paused"]],1,"renamed"]\ngone\n' })
  })
})
