import { describe, expect, it } from 'vitest'
import {
  billOf,
  dollarsOf,
  dollarsOfLogLine,
  HORIZON_SECONDS,
  linesPerInvocation,
  type Load,
  type Measured,
  totalOf,
  waitSecondsOf,
} from '../../bench/cost-model.ts'

const MILLION = 1e6

/** Round numbers, none of them measured. */
const measured: Measured = {
  ping: { invocations: 1, writeUnits: 1, cpuMs: 1 },
  logLine: { writeUnits: 1 },
  logInvocation: { invocations: 1 },
  sweep: { invocations: 2, writeUnits: 3 },
  sweptHeartbeat: { readUnits: 0.03 },
  syncedCheck: { readUnits: 1 },
  outage: { invocations: 10, writeUnits: 10, mails: 2 },
  bytes: { heartbeat: 400, check: 600, logLine: 250 },
}
const fixed = { alarms: 40, metrics: 1, polledQueues: 4 }
const load: Load = { checks: 1000, secondsBetweenPings: 300, outagesPerCheckMonth: 1, logDays: 90 }

describe('dollarsOf', () => {
  it.each([
    [{ writeUnits: MILLION }, 0.625],
    [{ readUnits: MILLION }, 0.125],
    [{ invocations: MILLION }, 0.2],
    [{ sqsCalls: MILLION }, 0.4],
    [{ mails: 1000 }, 0.1],
    [{ loggedBytes: 1e9 }, 0.5],
    [{}, 0],
  ])('%j is $%d', (use, dollars) => {
    expect(dollarsOf(use)).toBeCloseTo(dollars, 10)
  })

  it('stretches time on a processor by the share that 256 MB have, and waiting not', () => {
    const second = 0.25 * 0.0000133334

    expect(dollarsOf({ waitMs: 1000 })).toBeCloseTo(second, 12)
    expect(dollarsOf({ cpuMs: 1000 })).toBeCloseTo((second * 1769) / 256, 12)
  })
})

describe('a line of the log', () => {
  it.each([
    [0, 1],
    [4, 4],
    [40, 31],
    [100_000, 100],
  ])(
    'shares its invocation, at %d pings a second in four shards, with others: %d in all',
    (pingsPerSecond, lines) => {
      expect(linesPerInvocation(pingsPerSecond)).toBe(lines)
    },
  )

  it('costs a write and its part of the invocation', () => {
    expect(MILLION * dollarsOfLogLine(measured, 4)).toBeCloseTo(0.625 + 0.2 / 4, 6)
  })
})

describe('waitSecondsOf', () => {
  const month = 30 * 86_400

  it('is nothing without deadlines, and nearly all of the horizon with many', () => {
    expect(waitSecondsOf(0)).toBe(0)
    expect(waitSecondsOf(MILLION)).toBeGreaterThan(0.97 * HORIZON_SECONDS)
    expect(waitSecondsOf(MILLION)).toBeLessThan(HORIZON_SECONDS)
  })

  it('is half of the horizon for each deadline that stands alone, in the two runs that see it', () => {
    const runsThatSeeIt = HORIZON_SECONDS / 60

    expect((waitSecondsOf(1) * month) / 60).toBeCloseTo((runsThatSeeIt * HORIZON_SECONDS) / 2, 1)
  })
})

describe('the bill', () => {
  it('has for 1000 checks every five minutes what 8.64 million pings cost', () => {
    const bill = billOf(measured, fixed, load)

    expect(bill.pings).toBeCloseTo(8.64 * MILLION * dollarsOf(measured.ping), 6)
    expect(bill.sync).toBeCloseTo((30 * 1000 * 0.125) / MILLION, 9)
    expect(bill.alerts).toBeCloseTo((1000 * 10 * 0.825) / MILLION + 2 * 0.1, 6)
    expect(totalOf(bill)).toBeCloseTo(
      bill.pings + bill.log + bill.storage + bill.sweep + bill.sync + bill.alerts + bill.fixed,
      9,
    )
  })

  it('has the sweep by the minute: its own use, the heartbeats and the scheduler', () => {
    const { sweep } = billOf(measured, fixed, { ...load, outagesPerCheckMonth: 0 })

    expect(sweep).toBeCloseTo((43_200 * (0.4 + 3 * 0.625 + 30 * 0.125 + 1)) / MILLION, 6)
  })

  it('keeps the lines of three months, with their back-up', () => {
    const { storage } = billOf(measured, fixed, load)

    expect(storage).toBeCloseTo(0.45 * (0.001 + 3 * 8.64 * 0.25), 6)
  })

  it('grows with the pings but for what does not depend on them', () => {
    const [often, seldom] = [load, { ...load, secondsBetweenPings: 3000 }].map((each) =>
      billOf(measured, fixed, each),
    )

    expect(often?.pings).toBeCloseTo(10 * (seldom?.pings ?? 0), 6)
    expect([often?.sweep, often?.sync, often?.alerts, often?.fixed]).toEqual([
      seldom?.sweep,
      seldom?.sync,
      seldom?.alerts,
      seldom?.fixed,
    ])
  })

  it('has alarms, a metric and the polling of queues in any case', () => {
    const { fixed: dollars } = billOf(measured, fixed, load)

    expect(dollars).toBeCloseTo(4 + 0.3 + 4 * 0.648 * 0.4, 6)
  })
})
