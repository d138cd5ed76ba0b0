import { describe, expect, it } from 'vitest'
import { durationsMs } from '../../../lambdas/domain/watching/duration.ts'
import type { LoggedPing, PingType } from '../../../lambdas/domain/watching/ping.ts'
import { hour, minute, start } from '../../support/builders.ts'

type Line = readonly [
  type: PingType,
  minutes: number,
  runId?: string | undefined,
  tookMinutes?: number,
]

/** A log, newest first, of pings given oldest first. */
function aLog(...lines: readonly Line[]): readonly LoggedPing[] {
  const common = {
    scheme: 'https',
    method: 'GET',
    address: '198.51.100.7',
    userAgent: 'curl/8.5.0',
    bodyBytes: 0,
  }
  const pings = lines.map(([type, minutes, runId, tookMinutes], index) => ({
    ...common,
    type,
    at: start + minutes * minute,
    number: index + 1,
    ...(runId === undefined ? {} : { runId }),
    ...(tookMinutes === undefined ? {} : { tookMs: tookMinutes * minute }),
  }))
  return pings.toReversed()
}

/** Durations in minutes by the number of the ping. */
function minutesOf(...lines: readonly Line[]): Record<string, number> {
  return Object.fromEntries(
    [...durationsMs(aLog(...lines))].map(([number, ms]) => [number, ms / minute]),
  )
}

const threeDays = (72 * hour) / minute

describe('a duration', () => {
  it.each<[string, readonly Line[], Record<string, number>]>([
    [
      'is the time from start to success',
      [
        ['start', 0],
        ['success', 5],
      ],
      { 2: 5 },
    ],
    [
      'is the time from start to fail',
      [
        ['start', 0],
        ['fail', 5],
      ],
      { 2: 5 },
    ],
    [
      'runs from the latest start',
      [
        ['start', 0],
        ['start', 3],
        ['success', 5],
      ],
      { 3: 2 },
    ],
    [
      'belongs to the first ping behind the start',
      [
        ['start', 0],
        ['success', 1],
        ['success', 2],
      ],
      { 2: 1 },
    ],
    [
      'is not cut by a log or an ignored ping',
      [
        ['start', 0],
        ['log', 1],
        ['ign', 2],
        ['success', 3],
      ],
      { 4: 3 },
    ],
    [
      'is unknown without a start',
      [
        ['success', 0],
        ['success', 1],
        ['fail', 2],
      ],
      {},
    ],
    [
      'is what an end without a start says',
      [
        ['start', 0],
        ['success', 5, undefined, 1],
        ['fail', 6, undefined, 2],
      ],
      { 2: 5, 3: 2 },
    ],
    [
      'pairs run IDs',
      [
        ['start', 0, 'a'],
        ['start', 1, 'b'],
        ['success', 2, 'a'],
        ['success', 5, 'b'],
      ],
      { 3: 2, 4: 4 },
    ],
    [
      'is unknown when the run IDs differ',
      [
        ['start', 0, 'a'],
        ['success', 1],
        ['success', 2, 'b'],
      ],
      {},
    ],
    [
      'survives the end of another run',
      [
        ['start', 0],
        ['success', 1, 'b'],
        ['success', 2],
      ],
      { 3: 2 },
    ],
    [
      'may be 72 hours',
      [
        ['start', 0],
        ['success', threeDays],
      ],
      { 2: threeDays },
    ],
    [
      'is not longer',
      [
        ['start', 0],
        ['success', threeDays + 1],
      ],
      {},
    ],
    [
      'is never negative',
      [
        ['start', 2],
        ['success', 1],
      ],
      {},
    ],
  ])('%s', (_claim, lines, expected) => {
    expect(minutesOf(...lines)).toEqual(expected)
  })
})
