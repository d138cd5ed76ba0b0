import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeWatcher } from '../../lambdas/sweep/watcher.ts'

const asked: string[] = []
const answering = (answer: () => Promise<Response>) =>
  ((url: string) => {
    asked.push(url)
    return answer()
  }) as typeof fetch

const lines: unknown[] = []
beforeEach(() => {
  lines.length = 0
  asked.length = 0
  vi.spyOn(console, 'warn').mockImplementation((line: unknown) => void lines.push(line))
})
afterEach(() => void vi.restoreAllMocks())

describe('the watcher of the sweep', () => {
  it('is pinged where there is one', async () => {
    await makeWatcher(
      answering(() => Promise.resolve(new Response('OK'))),
      'https://hc-ping.com/watch',
    )()
    await makeWatcher(
      answering(() => Promise.resolve(new Response('OK'))),
      undefined,
    )()

    expect(asked).toEqual(['https://hc-ping.com/watch'])
    expect(lines).toEqual([])
  })

  it('fails no run when it does not answer, or with an error, and the log does not give its URL away', async () => {
    await makeWatcher(
      answering(() => Promise.reject(new TypeError('no answer from https://hc-ping.com/watch'))),
      'https://hc-ping.com/watch',
    )()
    await makeWatcher(
      answering(() => Promise.resolve(new Response('', { status: 500 }))),
      'https://hc-ping.com/watch',
    )()

    expect(lines).toEqual([
      { event: 'watcher-failed', error: 'TypeError' },
      { event: 'watcher-failed', status: 500 },
    ])
  })
})
