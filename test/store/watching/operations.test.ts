import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unimpaired } from '../../../lambdas/domain/watching/impairment.ts'
import { KnownIntake } from '../../../lambdas/store/watching/known-intake.ts'
import { type IntakeRecord, Operations } from '../../../lambdas/store/watching/operations.ts'
import { KnownWindows } from '../../../lambdas/store/watching/known-windows.ts'
import { aCheck, aWindow, minute, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let operations: Operations
beforeAll(async () => {
  engine = await makeTables()
  operations = new Operations(engine.database, engine.names.Operations)
})
afterAll(() => engine.stop())

const canaryId = '00000000-0000-8000-8abc-000000000000'
const interval = { startedAt: start, endedAt: start + 5 * minute }

describe('the intake in the table of operations', () => {
  it('is unknown before the first look', async () => {
    expect(await operations.intake()).toBeUndefined()
  })

  it('is read as it was written, and written by one of two at a time', async () => {
    const first: IntakeRecord = {
      intake: { intervals: [] },
      canaryId,
      longestHoldMs: 1,
      revision: 1,
    }
    const trouble = {
      startedAt: start,
      failedAt: start + minute,
      isConfirmed: true,
      cleanSince: start + 2 * minute,
    }
    const second = {
      ...first,
      revision: 2,
      intake: { lastGoodAt: start, trouble, intervals: [interval] },
    }

    expect(await operations.putIntake(first)).toBe('written')
    expect(await operations.intake()).toEqual(first)
    expect(await operations.putIntake(first)).toBe('changed')
    expect(await operations.putIntake(second)).toBe('written')
    expect(await operations.putIntake({ ...second, longestHoldMs: 2 })).toBe('changed')
    expect(await operations.intake()).toEqual(second)
  })
})

describe('what was sent again', () => {
  it('is none before the first time, and known up to when it was done last', async () => {
    expect(await operations.resentUntil()).toBe(-Infinity)

    await operations.markResent(start)
    await operations.markResent(start + minute)

    expect(await operations.resentUntil()).toBe(start + minute)
  })
})

describe('the intake as others know it', () => {
  const record: IntakeRecord = {
    intake: { intervals: [interval] },
    canaryId,
    longestHoldMs: minute,
    revision: 1,
  }

  it('is read again after five seconds, and not before', async () => {
    let reads = 0
    const intake = () => {
      reads += 1
      return Promise.resolve(record)
    }
    const known = new KnownIntake({ intake })

    for (const at of [start, start + 4999]) {
      expect(await known.impairmentAt(at)).toEqual({ intervals: [interval], longestHoldMs: minute })
    }
    expect(reads).toBe(1)
    await known.impairmentAt(start + 5000)
    expect(reads).toBe(2)
  })

  it('counts as unimpaired when it could not be read, and is asked for again at once', async () => {
    let reads = 0
    const known = new KnownIntake({
      intake: () =>
        (reads += 1) === 1 ? Promise.reject(new Error('no')) : Promise.resolve(record),
    })

    expect(await known.impairmentAt(start)).toEqual(unimpaired)
    expect((await known.impairmentAt(start)).intervals).toEqual([interval])
  })
})

describe('the copies of windows', () => {
  it('are read as they were written, and never replaced by older ones', async () => {
    const newer = { revision: 2, windows: [aWindow()] }

    expect(await operations.windows('one')).toBeUndefined()
    expect(await operations.putWindows('one', newer)).toBe('written')
    expect(await operations.putWindows('one', { revision: 1, windows: [] })).toBe('stale')
    expect(await operations.windows('one')).toEqual(newer)
    expect(await operations.windows('two')).toBeUndefined()

    await operations.removeWindows('one')
    expect(await operations.windows('one')).toBeUndefined()
  })
})

describe('known windows', () => {
  const { projectId } = aCheck()
  const heartbeat = { windows: { projectId, revision: 1, numbers: [0] } }

  it('are read once in a while, and only where a heartbeat has some', async () => {
    let reads = 0
    const windows = new KnownWindows({
      windows: () => Promise.resolve({ revision: (reads += 1), windows: [aWindow()] }),
    })

    expect(await windows.concerning({}, start)).toEqual([])
    expect(reads).toBe(0)
    expect(await windows.concerning(heartbeat, start)).toEqual([aWindow()])
    expect(await windows.concerning(heartbeat, start + 4999)).toEqual([aWindow()])
    expect(reads).toBe(1)
    await windows.concerning(heartbeat, start + 5000)
    expect(reads).toBe(2)
  })

  it('plan time for a check, from what is read for all of its project', async () => {
    let reads = 0
    const windows = new KnownWindows({
      windows: () => Promise.resolve({ revision: (reads += 1), windows: [aWindow()] }),
    })

    const planned = await windows.plannedFor(heartbeat, start)

    expect(planned?.(start, start)).toEqual({ startedAt: start, endedAt: start + 60 * minute })
    expect(await windows.plannedFor(heartbeat, start)).toBe(planned)
    expect(await windows.plannedFor({}, start)).toBeUndefined()
    expect(reads).toBe(1)
  })

  it('count as none when they cannot be read, and are read again at once', async () => {
    const answers = [
      () => Promise.reject(new Error('unreadable')),
      () => Promise.resolve({ revision: 1, windows: [aWindow()] }),
    ]
    const windows = new KnownWindows({
      windows: () => answers.shift()?.() ?? Promise.resolve(undefined),
    })

    expect(await windows.concerning(heartbeat, start)).toEqual([])
    expect(await windows.concerning(heartbeat, start)).toEqual([aWindow()])
  })
})
