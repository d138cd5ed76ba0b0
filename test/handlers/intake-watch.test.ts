import { describe, expect, it } from 'vitest'
import { unimpaired } from '../../lambdas/domain/watching/impairment.ts'
import { noIntake } from '../../lambdas/domain/watching/intake.ts'
import type { IntakeRecord } from '../../lambdas/store/watching/operations.ts'
import { IntakeWatch } from '../../lambdas/sweep/intake-watch.ts'
import { hour, start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'

const hold = hour
const deadline = start + hour

/** A watch at a deadline, and its canaries: when each was sent, and how to let it arrive or not. */
function aWatch(lastGoodAt: number, now: number) {
  const stored = {
    record: {
      canaryId: 'canary',
      longestHoldMs: hold,
      revision: 1,
      intake: { ...noIntake, lastGoodAt },
    } as IntakeRecord,
  }
  const clock = aClock(now)
  const sent: { readonly at: number; readonly arrive: (isThrough: boolean) => void }[] = []
  const watch = new IntakeWatch({
    operations: {
      intake: () => Promise.resolve(stored.record),
      putIntake: (record) => Promise.resolve(void (stored.record = record)).then(() => 'written'),
    },
    canary: () => new Promise((arrive) => sent.push({ at: clock.now(), arrive })),
    otherSignal: () => Promise.resolve(true),
    clock,
    random: { uuid: () => 'uuid' },
    longestHoldMs: hold,
  })
  return { watch, clock, sent, stored }
}

const settled = () => new Promise(setImmediate)

describe('a look', () => {
  it('writes nothing when a later canary is known to have got through', async () => {
    const { watch, sent, stored } = aWatch(start + 1, start)
    const look = watch.observe()
    await settled()
    sent[0]?.arrive(false)
    await look

    expect(stored.record.revision).toBe(1)
  })
})

describe('whether pings were taken until a deadline', () => {
  it('is known by a canary that was sent at the deadline', async () => {
    const { watch, sent } = aWatch(deadline, deadline + 1000)

    expect(await watch.impairmentUpTo(deadline)).toEqual({ ...unimpaired, longestHoldMs: hold })
    expect(sent).toEqual([])
  })

  it('is not known by one that was sent before it', async () => {
    const { watch, sent } = aWatch(deadline - 1, deadline + 1000)
    const asked = watch.impairmentUpTo(deadline)
    await settled()
    sent[0]?.arrive(false)

    expect((await asked).intervals).toEqual([{ startedAt: deadline - 1 }])
  })

  it('is not known by one that was on its way, but by the next', async () => {
    const { watch, clock, sent } = aWatch(start, deadline - 1)
    const look = watch.observe()
    await settled()
    clock.set(deadline + 1000)
    const asked = watch.impairmentUpTo(deadline)
    await settled()
    sent[0]?.arrive(true)
    await look
    await settled()
    sent[1]?.arrive(false)

    expect((await asked).intervals).toEqual([{ startedAt: deadline - 1 }])
    expect(sent.map(({ at }) => at)).toEqual([deadline - 1, deadline + 1000])
  })
})
