import { Writable } from 'node:stream'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { supervise } from '../../../bin/operate/run/supervising.ts'
import { clock } from '../../../lambdas/runtime/clock.ts'

/** Looks at what it is given only some turns of the event loop later, as a slow reader's pipe. */
function slowSink() {
  const taken: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      void (async () => {
        for (let turn = 0; turn < 5; turn += 1) await turnOfLoop()
        taken.push(Buffer.from(chunk))
        done()
      })()
    },
  })
  return { sink, taken: () => Buffer.concat(taken).toString() }
}

describe('the output of a command', () => {
  it('arrives as it was said where it is taken slowly', async () => {
    const [out, err] = [slowSink(), slowSink()]
    const script = 'seq 1 100000; seq 1 100000 >&2'

    await supervise({
      words: ['/bin/sh', '-c', script],
      output: { out: out.sink, err: err.sink, onData: () => undefined },
      killAfterMs: 50,
      clock,
      onEnd: () => undefined,
    })

    const numbers = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('')
    expect([out.taken() === numbers, err.taken() === numbers]).toEqual([true, true])
  })
})

describe('output that nobody ever takes', () => {
  const begin = (script: string, stopped = AbortSignal.timeout(30_000)) =>
    supervise({
      words: ['/bin/sh', '-c', script],
      output: {
        out: new Writable({ write: () => undefined }),
        err: slowSink().sink,
        onData: () => undefined,
      },
      timeoutMs: 500,
      killAfterMs: 50,
      clock,
      onEnd: () => undefined,
      stopped,
    })

  it.each([
    ['is ended by its time limit', 'echo a; sleep 60', { signal: 'SIGTERM', isTimedOut: true }],
    ['is ended by a signal', 'echo a; kill -9 $$', { signal: 'SIGKILL', isTimedOut: false }],
  ])('does not hold up a run whose command %s', async (_, script, end) => {
    expect(await begin(script)).toMatchObject(end)
  })

  it('does not hold up a run that somebody wants gone', async () => {
    expect(await begin('echo a; exit 3', AbortSignal.timeout(700))).toMatchObject({ status: 3 })
  })
})

describe('signals', () => {
  it.each([
    ['/bin/true', 1],
    ['/nowhere/at-all', 1],
    ['no\0path', 0],
  ])(
    'do not end us before it is said that there is no %s to pass them on to',
    async (program, listeners) => {
      const before = process.listenerCount('SIGTERM')
      const caught: number[] = []

      await supervise({
        words: [program],
        killAfterMs: 50,
        clock,
        onEnd: () => caught.push(process.listenerCount('SIGTERM') - before),
      })

      expect(caught).toEqual([listeners])
      expect(process.listenerCount('SIGTERM')).toBe(before)
    },
  )
})
