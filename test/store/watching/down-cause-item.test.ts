import { describe, expect, it } from 'vitest'
import { downCauseItem, downCauseOf } from '../../../lambdas/store/watching/down-cause-item.ts'
import { start } from '../../support/builders.ts'

describe('a cause in a heartbeat', () => {
  it.each([
    [{ kind: 'missed', dueAt: start }, 'm1767225600000'],
    [{ kind: 'unfinished', startedAt: start, limitSeconds: 300 }, 'u1767225600000/300'],
    [{ kind: 'too-short', tookMs: 12_000, leastSeconds: 60 }, 's12000/60'],
    [{ kind: 'too-often', count: 4, seconds: 3600 }, 'o4/3600'],
    [
      {
        kind: 'failed',
        exitStatus: 7,
        among: [
          { at: start - 1, kind: 'missed' },
          { at: start, kind: 'failed', exitStatus: 7 },
        ],
      },
      'f7 MmjuohrzzAH1',
    ],
    [{ kind: 'failed' }, 'f'],
    [{ kind: 'failed', exitStatus: 0 }, 'f0'],
    [{ kind: 'failed', exitStatus: 255 }, 'f255'],
  ] as const)('is a few bytes, and the same when it is read: %j', (cause, item) => {
    expect(downCauseItem(cause)).toBe(item)
    expect(downCauseOf(item)).toEqual(cause)
  })

  it.each(['', 'm', 'u', 'u5', 'x1', 'f-1', '7'])('is nothing else: "%s"', (text) => {
    expect(() => downCauseOf(text)).toThrow(`a cause must be a letter and its numbers, got ${text}`)
  })
})
