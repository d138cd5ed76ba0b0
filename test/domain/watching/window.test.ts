import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  holdingAt,
  plannedTimeOf,
  stretchAt,
  type Stretch,
  type Window,
  type WindowTimes,
} from '../../../lambdas/domain/watching/window.ts'
import { aWindow, hour, minute, start } from '../../support/builders.ts'

const once = (startAt: number): WindowTimes => ({ kind: 'once', startAt })
const again = (expression: string, timeZone = 'UTC'): WindowTimes => ({
  kind: 'recurring',
  schedule: { kind: 'cron', expression },
  timeZone,
})

describe('the stretch of a window', () => {
  it('lasts from its start until just before its end, and there is no other of one for once', () => {
    const stretch = { startedAt: start, endedAt: start + hour }

    expect(stretchAt(aWindow(), start - 24 * hour)).toEqual(stretch)
    expect(stretchAt(aWindow(), start)).toEqual(stretch)
    expect(stretchAt(aWindow(), start + hour - 1)).toEqual(stretch)
    expect(stretchAt(aWindow(), start + hour)).toBeUndefined()
  })

  it('comes again by its schedule, in its time zone', () => {
    const window = aWindow({ times: again('30 9 * * *', 'Asia/Tokyo') })
    const first = start + 30 * minute

    expect(stretchAt(window, start)).toEqual({ startedAt: first, endedAt: first + hour })
    expect(stretchAt(window, first + hour)?.startedAt).toBe(first + 24 * hour)
  })

  it('lasts its seconds where clocks skip its start', () => {
    const window = aWindow({ lengthSeconds: 7200, times: again('30 2 29 3 *', 'Europe/Riga') })

    const stretch = stretchAt(window, start)

    expect((stretch?.endedAt ?? 0) - (stretch?.startedAt ?? 0)).toBe(2 * hour)
  })
})

describe('the time that windows plan', () => {
  const aTime = fc.integer({ min: -120, max: 240 }).map((minutes) => start + minutes * minute)
  const someWindow: fc.Arbitrary<Window> = fc
    .record({
      times: fc.oneof(
        aTime.map(once),
        fc
          .constantFrom('*/10 * * * *', '*/45 * * * *', '7 * * * *', '0 1 * * *')
          .map((expression) => again(expression)),
      ),
      lengthSeconds: fc.integer({ min: 1, max: 100 }).map((minutes) => 60 * minutes),
    })
    .map((fields) => aWindow(fields))
  const someWindows = fc.array(someWindow, { maxLength: 4 })
  const minutesBehind = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => from + index * minute)

  it('is the time in which any of them holds', () => {
    fc.assert(
      fc.property(someWindows, aTime, (windows, at) => {
        const planned = plannedTimeOf(windows)
        const holds = (time: number) =>
          windows.some((window) => (stretchAt(window, time)?.startedAt ?? Infinity) <= time)

        const stretch = planned(at, at)

        expect(stretch !== undefined).toBe(holds(at))
        if (stretch === undefined) return
        const behind = Math.min((stretch.endedAt - at) / minute, 300)
        expect(minutesBehind(at, behind).every(holds)).toBe(true)
        // Windows without end are not followed for longer.
        if (stretch.endedAt < stretch.startedAt + 4 * hour)
          expect(holds(stretch.endedAt)).toBe(false)
      }),
    )
  })

  it('is the same in whatever order it is asked for', () => {
    const anHourly = fc
      .integer({ min: 1, max: 50 })
      .map((minutes) => aWindow({ times: again('7 * * * *'), lengthSeconds: 60 * minutes }))
    const finite = fc
      .tuple(fc.array(aTime, { maxLength: 4 }), anHourly)
      .map(([times, hourly]) => [hourly, ...times.map((at) => aWindow({ times: once(at) }))])

    fc.assert(
      fc.property(finite, fc.array(fc.tuple(aTime, aTime)), (windows, asked) => {
        const planned = plannedTimeOf(windows)

        for (const times of asked) {
          const question = [Math.min(...times), Math.max(...times)] as const
          const alone = plannedTimeOf(windows)(...question)
          expect(planned(...question)?.endedAt).toBe(alone?.endedAt)
        }
      }),
    )
  })

  it('joins windows that touch, and leaves out what begins too late', () => {
    const windows = [aWindow(), aWindow({ times: once(start + hour) })]
    const joint: Stretch = { startedAt: start, endedAt: start + 2 * hour }

    expect(plannedTimeOf(windows)(start - hour, start)).toEqual(joint)
    expect(plannedTimeOf(windows)(start - hour, start - 1)).toBeUndefined()
  })

  it('goes on without end in few steps, and not beyond what is asked', () => {
    const windows = [aWindow({ times: again('* * * * *') })]
    const near = plannedTimeOf(windows, start + minute)

    expect(near(start, start)?.endedAt).toBeLessThan(start + 3 * hour)
    expect(near(start + minute, start + minute)).toBeDefined()
    expect(near(start + minute + 1, start + hour)).toBeUndefined()
    expect(plannedTimeOf(windows)(start, start)?.endedAt).toBeGreaterThan(start + 48 * hour)
  })
})

describe('windows that hold', () => {
  it('are named with their ends', () => {
    const later = aWindow({ name: 'later', times: once(start + minute) })

    expect(holdingAt([aWindow(), later], start)).toEqual([
      { name: 'patching', endsAt: start + hour },
    ])
    expect(holdingAt([aWindow(), later], start + hour)).toEqual([
      { name: 'later', endsAt: start + hour + minute },
    ])
  })
})
