import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { servePings } from '../../support/ping-server.ts'

const uuid = '11111111-1111-4111-8111-111111111111'

let home: string
let server: Awaited<ReturnType<typeof servePings>>
beforeAll(async () => (home = await mkdtemp(join(tmpdir(), 'overdue-home-'))))
afterAll(() => rm(home, { recursive: true }))
beforeEach(async () => (server = await servePings()))
afterEach(() => server.stop())

const PIPES: StdioOptions = ['pipe', 'pipe', 'pipe']

/** Starts `overdue run` in a process of its own, as cron would. */
function begin(args: readonly string[], stdio = PIPES): ChildProcess {
  return spawn(process.execPath, ['bin/operate.ts', 'run', ...args], {
    env: { PATH: process.env['PATH'], HOME: home, OVERDUE_URL: server.url },
    stdio,
  })
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
