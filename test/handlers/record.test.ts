import type { DynamoDBRecord } from 'aws-lambda'
import { marshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it, vi } from 'vitest'
import { newCanaryId, newDrillId } from '../../lambdas/domain/watching/own-heartbeats.ts'
import type { RunResult } from '../../lambdas/domain/watching/run-result.ts'
import { makeRecordHandler } from '../../lambdas/record.ts'
import { resultsText } from '../../lambdas/store/watching/run-results-item.ts'
import type { LogEntry } from '../../lambdas/store/watching/journal-item.ts'
import { start } from '../support/builders.ts'

const details = { k: 'success', i: start, l: 'https', m: 'GET', a: '198.51.100.7', u: 'curl', b: 0 }
const item = {
  id: 'check-1',
  v: 1,
  P: 60,
  Z: 'UTC',
  G: 60,
  s: 'up',
  p: start,
  u: start,
  U: 0,
  n: 1,
  c: details,
}
const ping = {
  type: 'success',
  at: start,
  scheme: 'https',
  method: 'GET',
  address: '198.51.100.7',
  userAgent: 'curl',
  bodyBytes: 0,
}

function aRecord(before: object | undefined, after: object | undefined): DynamoDBRecord {
  const images = {
    ...(before && { OldImage: marshall(before) }),
    ...(after && { NewImage: marshall(after) }),
  }
  return { eventName: 'MODIFY', dynamodb: images as NonNullable<DynamoDBRecord['dynamodb']> }
}

async function recorded(...Records: readonly DynamoDBRecord[]): Promise<readonly LogEntry[]> {
  const put: LogEntry[] = []
  const journal = {
    put: (entries: readonly LogEntry[]) => Promise.resolve(void put.push(...entries)),
  }
  await makeRecordHandler({ journal, clock: { now: () => start }, logDays: 1, historyDays: 30 })({
    Records: [...Records],
  })
  return put
}

describe('the record', () => {
  it('logs a ping when the count grew', async () => {
    expect(await recorded(aRecord(item, { ...item, n: 2, c: details }))).toEqual([
      { checkId: 'check-1', ping: { ...ping, number: 2 } },
    ])
  })

  it('logs the flip beside the ping that made it', async () => {
    const { u: _, U: __, ...rest } = item
    const down = {
      ...rest,
      s: 'down',
      p: start + 5,
      w: start + 5,
      W: 1,
      y: 'f',
      n: 2,
      c: { ...details, k: 'fail' },
    }

    const entries = await recorded(aRecord(item, down))

    const flip = {
      checkId: 'check-1',
      at: start + 5,
      count: 1,
      status: 'down',
      from: 'up',
      reason: 'fail',
    }
    expect(entries).toEqual([
      { checkId: 'check-1', ping: { ...ping, type: 'fail', number: 2 } },
      { checkId: 'check-1', flip },
    ])
  })

  it('keeps flips as long as the history, and pings as long as the log', async () => {
    const put = vi.fn(() => Promise.resolve())
    const deps = { journal: { put }, clock: { now: () => start }, logDays: 1, historyDays: 30 }

    await makeRecordHandler(deps)({ Records: [aRecord(item, { ...item, n: 2 })] })

    const day = 86_400
    expect(put.mock.lastCall?.slice(1)).toEqual([start / 1000 + day, start / 1000 + 30 * day])
  })

  it('logs each miss that was tolerated, once', async () => {
    const missed = { at: start + 60_000, kind: 'missed' } as const
    const unfinished = { at: start + 120_000, kind: 'unfinished' } as const
    const failed = { at: start + 130_000, kind: 'failed' } as const
    const results = (...some: readonly RunResult[]) => ({ ...item, g: resultsText(some) })

    const entries = await recorded(
      aRecord(results('success'), results('success', missed)),
      aRecord(results('success', missed), results(missed, unfinished)),
      aRecord(results(missed, unfinished), { ...results(missed, unfinished, failed), n: 2 }),
    )

    expect(entries).toEqual([
      { checkId: 'check-1', miss: missed },
      { checkId: 'check-1', miss: unfinished },
      { checkId: 'check-1', ping: { ...ping, number: 2 } },
    ])
  })

  it('passes over a record that can not be read, and logs those around it', async () => {
    const good = aRecord(item, { ...item, n: 2, c: details })

    expect(await recorded(good, aRecord(item, { ...item, s: 'sideways' }), good)).toHaveLength(2)
  })

  it('logs a pause, too', async () => {
    const paused = { ...item, s: 'paused', h: start + 5, H: 1 }

    expect(await recorded(aRecord(item, paused))).toMatchObject([
      { flip: { status: 'paused', from: 'up', at: start + 5 } },
    ])
  })

  it.each([
    ['canary', newCanaryId('1')],
    ['drill', newDrillId('1')],
  ])('logs no ping of a %s, which nobody reads', async (_, id) => {
    expect(await recorded(aRecord({ ...item, id }, { ...item, id, n: 2 }))).toEqual([])
  })

  it.each([
    ['a new definition', item, { ...item, v: 2 }],
    ['an acknowledgement', item, { ...item, a: 'x' }],
    ['the first write of a check', undefined, item],
    ['a deletion', item, { id: 'check-1', v: 2, z: 1 }],
    ['the end of a tombstone', { id: 'check-1', v: 2, z: 1 }, undefined],
  ])('logs nothing for %s', async (_, before, after) => {
    expect(await recorded(aRecord(before, after))).toEqual([])
  })
})
