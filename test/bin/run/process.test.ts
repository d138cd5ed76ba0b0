import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asHealthchecks, type PingAnswerer, servePings } from '../../support/ping-server.ts'

const uuid = '11111111-1111-4111-8111-111111111111'

let home: string
let server: Awaited<ReturnType<typeof servePings>>
beforeAll(async () => (home = await mkdtemp(join(tmpdir(), 'overdue-home-'))))
afterAll(() => rm(home, { recursive: true }))
let answer: PingAnswerer
beforeEach(async () => {
  answer = asHealthchecks
  server = await servePings((ping, response) => answer(ping, response))
})
afterEach(() => server.stop())

const PIPES: StdioOptions = ['pipe', 'pipe', 'pipe']

/** Starts `overdue run` in a process of its own, as cron would. */
function begin(args: readonly string[], stdio = PIPES): ChildProcess {
  return spawn(process.execPath, ['bin/operate.ts', 'run', ...args], { env: env(), stdio })
}

function env() {
  return { PATH: process.env['PATH'], HOME: home, OVERDUE_URL: server.url }
}

const watched = (...words: readonly string[]) => ['--check', uuid, '--', ...words]
const sh = (script: string) => watched('/bin/sh', '-c', script)
const paths = () => server.pings.map(({ path }) => path.replace(`/ping/${uuid}/`, ''))

async function endOf(child: ChildProcess) {
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)])
  const [status, signal] = await ended
  return { status, signal, out, err }
}

function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? Promise.resolve('') : text(stream)
}

/** Waits for a line of this on the output, which goes on being read. */
async function seen(child: ChildProcess, line: string): Promise<void> {
  let said = ''
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (data: Buffer) => {
      said += data.toString()
      if (said.includes(`${line}\n`)) resolve()
    })
  })
}

describe('the process of a run', () => {
  it('gives its command the input it has, and its words as they are', async () => {
    const child = begin(watched('/bin/sh', '-c', 'cat; echo "$@"', 'sh', '--', '--check', '$x'))
    child.stdin?.end('in\n')

    expect(await endOf(child)).toEqual({
      status: 0,
      signal: null,
      out: 'in\n-- --check $x\n',
      err: '',
    })
  })

  it.each([
    ['TERM', 7],
    ['USR1', 8],
    ['HUP', 9],
  ])('passes SIG%s on, and ends as its command does then', async (name, status) => {
    const child = begin(
      sh(`trap 'exit ${status}' ${name}; echo ready; while :; do sleep 0.05; done`),
    )
    const ended = endOf(child)
    await seen(child, 'ready')
    child.kill(`SIG${name}` as NodeJS.Signals)

    expect(await ended).toMatchObject({ status, signal: null })
    expect(paths()).toEqual(['start', `${status}`])
  })

  it('ends by the signal by which its command has ended', async () => {
    const child = begin(sh('echo ready; exec sleep 1000'))
    const ended = endOf(child)
    await seen(child, 'ready')
    child.kill('SIGTERM')

    expect(await ended).toMatchObject({ status: null, signal: 'SIGTERM' })
    expect(paths()).toEqual(['start', '143'])
  })

  it('passes what a terminal sends to all on to all that the command has started', async () => {
    const inner = `trap 'echo inner; exit' INT; echo ready; while :; do sleep 0.05; done`
    const child = begin(sh(`sh -c "${inner}"; echo outer`))
    const ended = endOf(child)
    await seen(child, 'ready')
    child.kill('SIGINT')

    expect(await ended).toMatchObject({ signal: 'SIGINT', out: 'ready\ninner\n' })
  })

  it('ends a command whose output nobody takes any more, as a pipe would', async () => {
    const child = begin(watched('yes'))
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>
    await once(child.stdout ?? expect.unreachable(), 'data')
    child.stdout?.destroy()

    expect(await ended).toEqual([141, null])
    expect(paths()).toEqual(['start', '141'])
  })

  it.each([
    ['says in one line that its pings are not taken', [], 1],
    ['says nothing of that with --quiet', ['--quiet'], 0],
  ])('%s', async (_, options, lines) => {
    answer = (_ping, response) => response.writeHead(404).end('not found')

    const { status, out, err } = await endOf(begin([...options, ...sh('echo ran; exit 3')]))

    expect([status, out]).toEqual([3, 'ran\n'])
    expect(err.match(/\n/g) ?? []).toHaveLength(lines)
  })

  it('says with --quiet, too, why its command cannot be run', async () => {
    const { status, err } = await endOf(begin(['--quiet', ...watched('/nowhere/at-all')]))

    expect([status, err]).toEqual([127, 'overdue: /nowhere/at-all: not found\n'])
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends as its command did where %s comes while its end is told',
    async (signal) => {
      answer = (ping, response) => {
        if (ping.path.endsWith('/start')) asHealthchecks(ping, response)
        else {
          response.writeHead(503).end()
          child.kill(signal)
        }
      }
      const child = begin(['--patience', '1h', ...sh('exit 3')])

      const { status, err } = await endOf(child)

      expect(status).toBe(3)
      expect(err).toBe('overdue: the end of this run is not told: the answer is 503\n')
    },
  )

  it('goes on where its own outputs are closed', async () => {
    const words = [
      process.execPath,
      'bin/operate.ts',
      'run',
      ...sh('echo ran; echo ran >&2; exit 3'),
    ]
    const child = spawn('/bin/sh', ['-c', 'exec "$@" <&- >&- 2>&-', 'sh', ...words], { env: env() })

    expect(await endOf(child)).toMatchObject({ status: 3 })
    expect(server.pings[1]?.body.toString()).toBe('ran\nran\n')
  })

  it('keeps a second one from beginning, however the first came to its end', async () => {
    const locked = ['--lock', '--lock-status', '75', ...sh('echo $$; exec sleep 1000')]
    const first = begin(locked)
    const [said] = (await once(first.stdout ?? expect.unreachable(), 'data')) as [Buffer]
    const beside = await endOf(begin(locked))
    first.kill('SIGKILL')
    await once(first, 'exit')
    const orphaned = await endOf(begin(locked))
    process.kill(Number(said.toString()), 'SIGKILL')
    const after = await endOf(begin(['--lock', ...sh('echo ran')]))

    expect([beside.status, orphaned.status, after.status]).toEqual([75, 75, 0])
    expect(after.out).toBe('ran\n')
    expect(paths()).toEqual(['start', 'log', 'log', 'start', '0'])
  })
})
