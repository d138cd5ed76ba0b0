import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runWatched, type WantedRun } from '../../../bin/operate/run/watched-run.ts'
import { clock } from '../../../lambdas/runtime/clock.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { asHealthchecks, type PingAnswerer, servePings } from '../../support/ping-server.ts'

const uuid = '11111111-1111-4111-8111-111111111111'

let folder: string
let server: Awaited<ReturnType<typeof servePings>>
let nothing: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overdue-test-'))
  nothing = join(folder, 'no-settings')
  await writeFile(nothing, '', { mode: 0o600 })
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => server.stop())

type Changes = Partial<WantedRun> & {
  readonly environment?: Readonly<Record<string, string>>
  readonly killAfterMs?: number
  readonly readSecret?: (arn: string) => Promise<string>
}

/** Runs a command as `overdue run` does, but for its own outputs, in as little time. */
async function run(words: readonly string[], answer?: PingAnswerer, changes: Changes = {}) {
  server = await servePings(answer)
  return runHere(words, changes)
}

async function runHere(words: readonly string[], changes: Changes = {}) {
  const { environment = {}, killAfterMs = 50, readSecret, ...wanted } = changes
  const [out, err, notes, complaints] = [collector(), collector(), [] as string[], [] as string[]]
  const end = await runWatched(
    {
      words,
      check: { name: uuid },
      flags: { settings: nothing },
      startTimeoutMs: 20_000,
      patienceMs: 20_000,
      keepsOutput: true,
      ...wanted,
    },
    {
      clock,
      random,
      environment: { OVERDUE_URL: server.url, ...environment },
      readSecret: readSecret ?? (() => expect.unreachable('no secret is named')),
      out: out.sink,
      err: err.sink,
      note: (line) => notes.push(line),
      complain: (line) => complaints.push(line),
      firstWaitMs: 1,
      killAfterMs,
      lockFolder: join(folder, 'locks'),
    },
  )
  return { end, out: out.said(), err: err.said(), notes, complaints, pings: server.pings }
}

function collector() {
  const chunks: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      // It is written over when it is taken.
      chunks.push(Buffer.from(chunk))
      done()
    },
  })
  return { sink, said: () => Buffer.concat(chunks).toString('latin1') }
}

const sh = (script: string, ...args: readonly string[]) => ['/bin/sh', '-c', script, 'sh', ...args]
const paths = (pings: readonly { readonly path: string }[]) =>
  pings.map(({ path }) => path.replace(`/ping/${uuid}/`, ''))

describe('a run', () => {
  it('tells its start, and its end with the status and what was said, as one run', async () => {
    const { end, out, err, notes, pings } = await run(sh('echo a; echo b >&2; exit 3'))

    expect({ end, out, err, notes }).toMatchObject({
      end: { status: 3 },
      out: 'a\n',
      err: 'b\n',
      notes: [],
    })
    expect(paths(pings)).toEqual(['start', '3'])
    expect(pings[1]?.body.toString().split('\n').sort()).toEqual(['', 'a', 'b'])
    expect(pings[0]?.query.get('rid')).toMatch(/^[0-9a-f-]{36}$/)
    expect(pings[1]?.query.get('rid')).toBe(pings[0]?.query.get('rid'))
  })

  it('keeps bytes as they are, in both places, with no line end at the end', async () => {
    const { out, pings } = await run(sh(String.raw`printf 'a\000\377\r\nb'`))

    expect(out).toBe('a\0\xff\r\nb')
    expect(pings[1]?.body.toString('latin1')).toBe('a\0\xff\r\nb')
    expect(pings[1]?.headers['content-type']).toBe('application/octet-stream')
  })

  it('sends as much of the end as the server says that it keeps', async () => {
    const { out, pings } = await run(sh('echo 123456789'), (_, response) =>
      response.writeHead(200, { 'Ping-Body-Limit': '4' }).end('OK'),
    )

    expect(out).toBe('123456789\n')
    expect(pings[1]?.body.toString()).toBe('789\n')
  })

  it('passes on much more than it keeps', async () => {
    const { out, pings } = await run(sh('head -c 20000000 /dev/zero; echo end'))

    expect(out).toHaveLength(20_000_004)
    expect(pings[1]?.body).toHaveLength(10_000)
    expect(pings[1]?.body.subarray(-5).toString()).toBe('\0end\n')
  })

  it('sends nothing of the output where that is not wanted', async () => {
    const { pings } = await run(sh('exit 4'), asHealthchecks, { keepsOutput: false })

    expect(paths(pings)).toEqual(['start', '4'])
    expect(pings[1]?.body).toHaveLength(0)
  })

  it('lets a command open its outputs again, as under cron', async () => {
    const { end, out, err } = await run(sh('echo a >/dev/stdout; echo b | tee /dev/stderr'))

    expect({ end, out, err }).toMatchObject({ end: { status: 0 }, out: 'a\nb\n', err: 'b\n' })
  })

  it.each([
    [['/nowhere/at-all'], 127, 'not found'],
    [['overdue-has-no-such-command'], 127, 'not found'],
    [['/'], 126, "can't be run: EACCES"],
    [[''], 127, 'not found'],
  ])('of %j, which cannot be started, is told as failed, and why', async (words, status, why) => {
    const { end, complaints, pings } = await run(words)

    expect(end.status).toBe(status)
    expect(complaints).toEqual([`${words[0]}: ${why}`])
    expect(paths(pings)).toEqual(['start', 'fail'])
    expect(pings[1]?.body.toString()).toContain(why)
  })

  it('ends as its command does that was killed', async () => {
    const { end, pings } = await run(sh('kill -KILL $$'))

    expect(end).toMatchObject({ status: 137, signal: 'SIGKILL' })
    expect(paths(pings)).toEqual(['start', '137'])
  })

  it('does not wait for what outlives its command', async () => {
    const { end, out, pings } = await run(sh('sleep 1000 & echo $!'))
    process.kill(Number(out))

    expect(end.status).toBe(0)
    expect(paths(pings)).toEqual(['start', '0'])
  })
})

describe('whatever becomes of pings, a run', () => {
  const ranWell = { end: { status: 3 }, out: 'ran\n' }
  const job = sh('echo ran; exit 3')

  it('goes on where nobody listens, and says so in one line', async () => {
    server = await servePings()
    await server.stop()
    const seen = await runHere(job, { patienceMs: 200 })

    expect(seen).toMatchObject(ranWell)
    expect(seen.notes).toEqual([
      expect.stringMatching(/^the end .* not told: connect ECONNREFUSED/),
    ])
  })

  it.each([
    ['429', (response) => response.writeHead(429, { 'Retry-After': '0' }).end()],
    ['503', (response) => response.writeHead(503).end('<html>')],
    ['408', (response) => response.writeHead(408).end()],
    ['a rate limit of the hosted service', (response) => response.end('OK (rate-limited)')],
    ['a connection that is cut', (response) => response.destroy()],
    [
      'an answer that is cut in the middle',
      (response) =>
        response.writeHead(200, { 'Content-Length': '9' }).write('O', () => response.destroy()),
    ],
  ] satisfies readonly [string, (response: Parameters<PingAnswerer>[1]) => unknown][])(
    'tries again after %s',
    async (_, refuse) => {
      let heard = 0
      const seen = await run(job, (ping, response) => {
        if ((heard += 1) < 4) refuse(response)
        else asHealthchecks(ping, response)
      })

      expect(seen).toMatchObject({ ...ranWell, notes: [] })
      expect(paths(seen.pings)).toEqual(['start', '3', '3', '3'])
    },
  )

  it.each([
    [404, 'not found', ': no check has this UUID'],
    [401, 'not authorized', ': no check has this UUID'],
    [400, 'invalid url format', ''],
    [200, 'OK (not found)', ': no check has this UUID'],
  ])('does not insist on what is refused with %d %s', async (status, text, meaning) => {
    const seen = await run(job, (_, response) => response.writeHead(status).end(text))

    expect(seen).toMatchObject(ranWell)
    expect(seen.notes).toEqual([
      `the end of this run is not told: the answer is ${status} ${text}${meaning}`,
    ])
    expect(paths(seen.pings)).toEqual(['start', '3'])
  })

  it.each([
    [
      404,
      'not found',
      {},
      "no check a, or the ping key is another project's; overdue check add makes",
    ],
    [404, 'not found', { create: true }, 'no project has this ping key'],
    [409, 'ambiguous slug', {}, 'several checks have the slug a; overdue check list shows'],
  ] as const)('says what %d %s means of a slug: %j', async (status, text, more, meaning) => {
    const seen = await run(job, (_, response) => response.writeHead(status).end(text), {
      check: { name: 'a', ...more },
      environment: { OVERDUE_PING_KEY: 'k' },
    })

    expect(seen.notes).toEqual([expect.stringContaining(meaning)])
  })

  it('says why the last try failed, which has time for an answer', async () => {
    const seen = await run(job, (_, response) => response.writeHead(503).end(), {
      patienceMs: 300,
    })

    expect(seen.notes).toEqual(['the end of this run is not told: the answer is 503'])
    expect(seen.pings.length).toBeGreaterThan(2)
  })

  it('does not speak of TLS in the words of a library', async () => {
    server = await servePings()
    const seen = await runHere(job, {
      patienceMs: 200,
      environment: { OVERDUE_URL: server.url.replace('http:', 'https:') },
    })

    expect(seen.notes).toEqual([expect.stringContaining(': no TLS is spoken there; perhaps')])
  })

  it('follows no redirect, which could carry a key elsewhere, and does not show its path', async () => {
    const seen = await run(job, (_, response) =>
      response.writeHead(302, { Location: 'https://else.example.com/a-key' }).end(),
    )

    expect(seen.notes).toEqual([expect.stringContaining('redirected to else.example.com;')])
  })

  it('sends no body again that is too large for somebody on the way', async () => {
    const seen = await run(job, (ping, response) =>
      response.writeHead(ping.body.length > 0 ? 413 : 200).end(),
    )

    expect(seen).toMatchObject({ ...ranWell, notes: [] })
    expect(seen.pings.map(({ body }) => body.length)).toEqual([0, 4, 0])
  })

  it('begins while the start is not answered, and lets the end not overtake it', async () => {
    const file = join(folder, 'began')
    const order: string[] = []
    const seen = await run(
      sh('echo ran; : >"$1"; exit 3', file),
      (ping, response) => {
        order.push(`${paths([ping])[0]} heard`)
        if (!ping.path.endsWith('/start')) {
          asHealthchecks(ping, response)
          return
        }
        // Only a command that runs makes this, so the start is answered after it has begun.
        void untilThere(file).then(() => {
          order.push('start answered')
          asHealthchecks(ping, response)
        })
      },
      { startTimeoutMs: 1 },
    )

    expect(seen).toMatchObject(ranWell)
    expect(order).toEqual(['start heard', 'start answered', '3 heard'])
  })

  it('goes on where a server hears and says nothing', async () => {
    const seen = await run(job, () => undefined, { startTimeoutMs: 1, patienceMs: 50 })

    expect(seen).toMatchObject({ ...ranWell, notes: [expect.stringContaining('not told')] })
  })
})

async function untilThere(file: string): Promise<void> {
  while (!existsSync(file)) await clock.waitUntil(clock.now() + 5)
}

describe('a time limit', () => {
  it('ends a command and all that it has started, and tells a failure', async () => {
    const { end, pings, notes } = await run(sh('sleep 1000 & echo $!; wait'), asHealthchecks, {
      timeoutMs: 200,
      killAfterMs: 20_000,
    })

    expect(end).toMatchObject({ status: 143, signal: 'SIGTERM' })
    expect(paths(pings)).toEqual(['start', 'fail'])
    expect(notes).toEqual(['the command was ended after 0 s, its --timeout'])
    const said = pings[1]?.body.toString() ?? ''
    expect(said).toContain('ended after 0 s, its --timeout')
    expect(() => process.kill(Number(said.split('\n')[0]), 0)).toThrow('ESRCH')
  })

  it('kills what does not end by itself', async () => {
    const { end, pings } = await run(
      sh('trap "" TERM; echo ready; while :; do sleep 0.1; done'),
      asHealthchecks,
      { timeoutMs: 200 },
    )

    expect(end).toMatchObject({ status: 137, signal: 'SIGKILL' })
    expect(paths(pings)).toEqual(['start', 'fail'])
  })

  it('leaves a command alone that is quicker', async () => {
    const { end, pings } = await run(sh('exit 5'), asHealthchecks, { timeoutMs: 20_000 })

    expect(end.status).toBe(5)
    expect(paths(pings)).toEqual(['start', '5'])
  })
})

describe('a lock', () => {
  it('lets no second run begin, which is told, and ends with the status for that', async () => {
    const inner = { lockStatus: 75 }
    server = await servePings()
    const { takeLock } = await import('../../../bin/operate/run/lock.ts')
    const held = await takeLock(uuid, join(folder, 'locks'))
    const second = await runHere(sh('echo ran'), inner)
    if (held !== 'taken') held.release()
    const third = await runHere(sh('echo ran'), inner)

    expect(second).toMatchObject({ end: { status: 75 }, out: '' })
    expect(third).toMatchObject({ end: { status: 0 }, out: 'ran\n' })
    expect(paths(server.pings)).toEqual(['log', 'start', '0'])
    expect(server.pings[0]?.body.toString()).toContain('another run is still going on')
  })

  it('is that of a check, and not of another one that is called the same elsewhere', async () => {
    server = await servePings()
    const { lockNameOf, takeLock } = await import('../../../bin/operate/run/lock.ts')
    const locked = (key: string, changes: Changes = {}) =>
      runHere(sh('echo ran'), {
        check: { name: 'nightly' },
        lockStatus: 75,
        environment: { OVERDUE_PING_KEY: key },
        ...changes,
      })
    const file = join(folder, 'key-in-file')
    await writeFile(file, 'OVERDUE_PING_KEY=first', { mode: 0o600 })
    const held = await takeLock(lockNameOf('nightly', { pingKey: 'first' }), join(folder, 'locks'))

    const same = await locked('first')
    const sameByFile = await locked('', { flags: { settings: file } })
    const other = await locked('second')
    if (held !== 'taken') held.release()

    expect([same, sameByFile, other].map(({ end }) => end.status)).toEqual([75, 75, 0])
  })

  it('is had by one of many that want it at once', async () => {
    server = await servePings()
    const { takeLock } = await import('../../../bin/operate/run/lock.ts')
    const all = await Promise.all(
      Array.from({ length: 10 }, () => takeLock('wanted', join(folder, 'locks'))),
    )
    for (const each of all) if (each !== 'taken') each.release()

    expect(all.filter((each) => each !== 'taken')).toHaveLength(1)
  })

  it('that cannot be taken keeps the command from running, and is told', async () => {
    await chmod(folder, 0o700)
    server = await servePings()
    const open = join(folder, 'open')
    const { mkdir } = await import('node:fs/promises')
    await mkdir(open)
    await chmod(open, 0o777)
    const { takeLock } = await import('../../../bin/operate/run/lock.ts')

    await expect(takeLock('x', open)).rejects.toThrow('is not this user')
  })
})

describe('settings', () => {
  const slug = { check: { name: 'nightly' } }
  const wellTold = { notes: [], end: { status: 0 } }

  it.each(['lines', 'json'])(
    'come from a file of %s that only its owner may read',
    async (form) => {
      server = await servePings()
      const file = join(folder, `settings-${form}`)
      const values = { OVERDUE_URL: `${server.url}/api/v3/`, OVERDUE_PING_KEY: 'a-key' }
      const lines =
        '# a comment\nOVERDUE_PING_KEY="a-key"\nexport OVERDUE_URL=' + values.OVERDUE_URL
      await writeFile(file, form === 'json' ? JSON.stringify(values) : lines, { mode: 0o600 })
      const environment = { OVERDUE_URL: '' }
      const seen = await runHere(['true'], { ...slug, flags: { settings: file }, environment })

      expect(seen).toMatchObject(wellTold)
      expect(seen.pings.map(({ path }) => path)).toEqual([
        '/ping/a-key/nightly/start',
        '/ping/a-key/nightly/0',
      ])
    },
  )

  it('that are empty take nothing of the next line', async () => {
    server = await servePings()
    const file = join(folder, 'settings-empty')
    const lines = 'OVERDUE_API_KEY=\r\nOVERDUE_PING_KEY=a-key\r\n'
    await writeFile(file, lines, { mode: 0o600 })
    const seen = await runHere(['true'], { ...slug, flags: { settings: file } })

    expect(seen).toMatchObject(wellTold)
    expect(seen.pings[0]?.path).toBe('/ping/a-key/nightly/start')
  })

  it('are looked for in no file whose name is empty', async () => {
    server = await servePings()
    const seen = await runHere(['true'], {
      flags: {},
      environment: { OVERDUE_SETTINGS: '', OVERDUE_URL: '', OVERDUE_SECRET: 'it' },
      readSecret: () => Promise.resolve(`OVERDUE_URL=${server.url}`),
    })

    expect(seen).toMatchObject(wellTold)
  })

  it('come from a secret, where the rest does not say enough', async () => {
    server = await servePings()
    const readSecret = (arn: string) =>
      Promise.resolve(JSON.stringify({ OVERDUE_PING_KEY: `key-of-${arn}` }))
    const seen = await runHere(['true'], {
      ...slug,
      readSecret,
      flags: { settings: nothing, secret: 'it' },
    })

    expect(seen).toMatchObject(wellTold)
    expect(seen.pings[0]?.path).toBe('/ping/key-of-it/nightly/start')
  })

  it.each([
    ['a file that others may read', 0o644, 'others than its owner may open it; chmod 600 it'],
    ['a file that is not there', undefined, 'ENOENT'],
  ])('in %s are not used, and the command runs', async (_, mode, why) => {
    server = await servePings()
    const file = join(folder, `settings-${mode ?? 'missing'}`)
    if (mode !== undefined) {
      await writeFile(file, 'OVERDUE_PING_KEY=a-key')
      await chmod(file, mode)
    }
    const seen = await runHere(sh('exit 3'), { ...slug, flags: { settings: file } })

    expect(seen).toMatchObject({ end: { status: 3 }, pings: [] })
    expect(seen.notes).toEqual([expect.stringContaining(why)])
    expect(seen.notes.join()).not.toContain('a-key')
  })

  it.each([
    [{ OVERDUE_URL: '' }, 'set OVERDUE_URL'],
    [{ OVERDUE_URL: 'ftp://x' }, 'OVERDUE_URL takes a URL'],
    [{ OVERDUE_PING_KEY: 'a/b' }, 'OVERDUE_PING_KEY is no ping key'],
    [{}, 'set OVERDUE_PING_KEY'],
  ])('that do not do, %j, are said, and the command runs', async (environment, why) => {
    const seen = await run(sh('exit 3'), asHealthchecks, { ...slug, environment })

    expect(seen).toMatchObject({ end: { status: 3 }, pings: [] })
    expect(seen.notes).toEqual([expect.stringContaining(why)])
  })
})

describe('a check that is to be made', () => {
  const environment = { OVERDUE_PING_KEY: 'k', OVERDUE_API_KEY: 'secret' }
  const definition = { schedule: '30 3 * * *', tz: 'Europe/Riga', graceSeconds: 1800 }

  it('by its first ping is asked for in each', async () => {
    const { pings } = await run(['true'], asHealthchecks, {
      check: { name: 'nightly', create: true },
      environment,
    })

    expect(pings.map(({ query }) => query.get('create'))).toEqual(['1', '1'])
  })

  const made = { check: { name: 'nightly', create: true as const, definition }, environment }
  const asApi =
    (there: readonly object[]): PingAnswerer =>
    (ping, response) =>
      ping.path.startsWith('/api/')
        ? response.writeHead(200).end(JSON.stringify({ checks: there }))
        : asHealthchecks(ping, response)

  it('with a schedule is made by the API first', async () => {
    const { pings, notes } = await run(['true'], asApi([]), made)

    expect(notes).toEqual([])
    expect(pings.map(({ path }) => path)).toEqual([
      '/api/v3/checks/',
      '/api/v3/checks/',
      '/ping/k/nightly/start',
      '/ping/k/nightly/0',
    ])
    expect(pings[1]?.headers['x-api-key']).toBe('secret')
    expect(JSON.parse(pings[1]?.body.toString() ?? '')).toEqual({
      name: 'nightly',
      channels: '*',
      slug: 'nightly',
      unique: ['slug'],
      schedule: '30 3 * * *',
      tz: 'Europe/Riga',
      grace: 1800,
    })
    expect(pings[2]?.query.get('create')).toBeNull()
  })

  it('is left alone where it is as it should be, and changed where it is not', async () => {
    const there = { schedule: '30 3 * * *', tz: 'Europe/Riga', grace: 1800, name: 'Renamed' }
    const same = await run(['true'], asApi([there]), made)
    await server.stop()
    const other = await run(['true'], asApi([{ ...there, grace: 60 }]), made)

    expect(same.pings).toHaveLength(3)
    expect(other.pings).toHaveLength(4)
    const sent = JSON.parse(other.pings[1]?.body.toString() ?? '') as object
    expect(Object.keys(sent)).toEqual(['slug', 'schedule', 'tz', 'grace', 'unique'])
  })

  it('is left alone where a file keeps it', async () => {
    const seen = await run(['true'], asApi([{ grace: 60, managed_by: 'apply:Shop' }]), made)

    expect(seen.pings.map(({ path }) => path)).toEqual([
      '/api/v3/checks/',
      '/ping/k/nightly/start',
      '/ping/k/nightly/0',
    ])
    expect(seen.notes).toEqual([expect.stringContaining('it is managed by apply:Shop')])
  })

  it('and is not, is pinged all the same', async () => {
    const seen = await run(
      sh('exit 3'),
      (ping, response) =>
        ping.path.startsWith('/api/')
          ? response.writeHead(400).end('{"error":"schedule is not valid"}')
          : asHealthchecks(ping, response),
      made,
    )

    expect(seen.notes).toEqual([
      'the check is not made or changed: the API answers 400: schedule is not valid',
    ])
    expect(seen.end.status).toBe(3)
    expect(seen.pings.map(({ path }) => path).slice(1)).toEqual([
      '/ping/k/nightly/start',
      '/ping/k/nightly/3',
    ])
  })
})
