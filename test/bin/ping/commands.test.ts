import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../../bin/operate/command.ts'
import { asHealthchecks, type PingAnswerer, servePings } from '../../support/ping-server.ts'
import { makeTerminal } from '../../support/terminal.ts'

const uuid = '11111111-1111-4111-8111-111111111111'
const key = 'abcdefghijklmnopqrstuv'
let folder: string
let answer: PingAnswerer
let server: Awaited<ReturnType<typeof servePings>>

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'overdue-test-'))))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  answer = asHealthchecks
  server = await servePings((...heard) => answer(...heard))
  vi.stubEnv('HOME', '/nonexistent')
  vi.stubEnv('OVERDUE_URL', server.url)
})
afterEach(() => server.stop())

async function ping(...args: readonly string[]) {
  const terminal = makeTerminal()
  const status = await runCommand(['ping', ...args], { ...terminal, ask: undefined })
  const { out, err } = terminal.seen()
  return { status, out, err }
}

describe('overdue ping', () => {
  it.each([
    [[], `/ping/${uuid}`, 'success'],
    [['success'], `/ping/${uuid}`, 'success'],
    [['start'], `/ping/${uuid}/start`, 'start'],
    [['fail'], `/ping/${uuid}/fail`, 'fail'],
    [['log'], `/ping/${uuid}/log`, 'log'],
    [['0'], `/ping/${uuid}/0`, '0'],
    [['255'], `/ping/${uuid}/255`, '255'],
  ])('says %j to %s', async (args, path, said) => {
    const run = await ping(uuid, ...args)

    expect(run).toEqual({ status: 0, out: `The check ${uuid} has been told: ${said}.\n`, err: '' })
    expect(server.pings.map((each) => each.path)).toEqual([path])
  })

  it('takes a slug with the ping key of its project', async () => {
    const without = await ping('nightly')
    vi.stubEnv('OVERDUE_PING_KEY', key)
    const withKey = await ping('nightly', 'start', '--json')

    expect(without.status).toBe(1)
    expect(without.err).toContain('a slug needs the ping key of its project; set OVERDUE_PING_KEY')
    expect(JSON.parse(withKey.out)).toEqual({ check: 'nightly', signal: 'start' })
    expect(server.pings.map(({ path }) => path)).toEqual([`/ping/${key}/nightly/start`])
  })

  it('goes where options say', async () => {
    await ping(uuid, '--ping-endpoint', `${server.url}/elsewhere/`)

    expect(server.pings.map(({ path }) => path)).toEqual([`/elsewhere/${uuid}`])
  })

  it('brings the bytes of a file along, a million at most', async () => {
    const file = join(folder, 'body')
    writeFileSync(file, Buffer.from([0, 255, 10]))
    const small = await ping(uuid, 'fail', '--body-file', file)
    writeFileSync(file, Buffer.alloc(1_200_000, 'x'))
    const large = await ping(uuid, '--body-file', file)

    expect(small).toMatchObject({ status: 0, err: '' })
    expect(large.err).toBe(`overdue: only the first 1000000 bytes of ${file} go with the ping\n`)
    expect(server.pings.map(({ body }) => body.length)).toEqual([3, 1_000_000])
    expect(server.pings[0]?.body).toEqual(Buffer.from([0, 255, 10]))
    expect(await ping(uuid, '--body-file', join(folder, 'none'))).toMatchObject({ status: 1 })
  })

  it('reads standard input, and needs no AWS', async () => {
    const args = ['bin/operate.ts', 'ping', uuid, 'log', '--body-file', '-']
    const env = { OVERDUE_URL: server.url, HOME: '/nonexistent' }
    const child = spawn(process.execPath, args, { env, stdio: 'pipe' })
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.stdin.end('from a pipe')
    const [err, status] = await Promise.all([text(child.stderr), ended])

    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(server.pings.map(({ body }) => body.toString())).toEqual(['from a pipe'])
  })

  it('tries again where that may help', async () => {
    answer = (heard, response) =>
      server.pings.length < 2 ? response.writeHead(503).end() : asHealthchecks(heard, response)

    expect(await ping(uuid)).toMatchObject({ status: 0, err: '' })
    expect(server.pings).toHaveLength(2)
  })

  it.each([
    [404, 'not found', 'the answer is 404 not found: no check has this UUID'],
    [200, 'OK (not found)', 'the answer is 200 OK (not found): no check has this UUID'],
  ])('fails where the ping is not taken: %d %s', async (status, body, said) => {
    answer = (_, response) => response.writeHead(status).end(body)

    const run = await ping(uuid)

    expect(run).toEqual({ status: 1, out: '', err: `overdue: the ping is not taken: ${said}\n` })
    expect(server.pings).toHaveLength(1)
  })

  it.each([['256'], ['done'], ['START']])('is not said %s', async (signal) => {
    const run = await ping(uuid, signal)

    expect(run).toMatchObject({ status: 2, out: '' })
    expect(run.err).toContain('It takes start, success, fail, log, or a number from 0 to 255.')
    expect(server.pings).toEqual([])
  })
})
