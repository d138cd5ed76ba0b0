import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../../lib/local/functions/virtual-clock.ts'

let clock: VirtualClock
beforeEach(() => {
  clock = new VirtualClock()
})
afterEach(() => clock.stop())

const DAY_MS = 86_400_000

describe('the clock of the local stack', () => {
  it('moves on from where a former run left it', () => {
    expect(new VirtualClock(DAY_MS).now() - Date.now()).toBeGreaterThanOrEqual(DAY_MS)
  })

  it('runs what became due, in the order of its time', () => {
    const ran: string[] = []
    const now = clock.now()
    clock.at(now + 2 * DAY_MS, 'work', () => ran.push('second'))
    clock.at(now + DAY_MS, 'schedule', () => ran.push('first'))
    clock.at(now + 3 * DAY_MS, 'work', () => ran.push('later'))

    clock.moveTo(now + 2 * DAY_MS)

    expect(ran).toEqual(['first', 'second'])
  })

  it('forgets what is taken back', () => {
    let hasRun = false
    const now = clock.now()
    const takeBack = clock.at(now + DAY_MS, 'work', () => (hasRun = true))

    takeBack()
    clock.moveTo(now + DAY_MS)

    expect(hasRun).toBe(false)
  })

  it('tells the next instant, of some kinds or all', () => {
    const now = clock.now()
    clock.at(now + DAY_MS, 'schedule', () => undefined)
    clock.at(now + 2 * DAY_MS, 'work', () => undefined)

    expect([clock.nextAt(), clock.nextAt(['work']), clock.nextAt(['limit'])]).toEqual([
      now + DAY_MS,
      now + 2 * DAY_MS,
      undefined,
    ])
  })

  it('runs nothing once it is stopped', () => {
    const ran: string[] = []
    const at = clock.now() + DAY_MS
    clock.at(at, 'work', () => ran.push('asked for before'))

    clock.stop()
    clock.at(at, 'work', () => ran.push('asked for later'))
    clock.moveTo(at)

    expect([ran, clock.nextAt()]).toEqual([[], undefined])
  })

  it('never goes back', () => {
    const before = clock.now()

    clock.moveTo(before - DAY_MS)

    expect(clock.now()).toBeGreaterThanOrEqual(before)
  })

  it('tells of each move', () => {
    const offsets: number[] = []
    clock.onMove((offsetMs) => offsets.push(offsetMs))

    clock.moveTo(clock.now() + DAY_MS)

    expect(offsets).toEqual([clock.offsetMs])
  })

  it('wakes whoever waits on it', async () => {
    const at = clock.now() + DAY_MS
    const waiting = clock.waitUntil(at)

    clock.moveTo(at)
    await waiting

    expect(clock.now()).toBeGreaterThanOrEqual(at)
  })
})
