import { describe, expect, it } from 'vitest'
import { gather, type GatherDeps } from '../../lambdas/alert/gather.ts'
import type { Delivery } from '../../lambdas/domain/telling/alert.ts'
import { aDelivery, anAlert } from '../support/alerts.ts'
import { start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'

/** Gathers a delivery; of a check that flaps, or does not. Answers what was asked and waits. */
async function gathered(delivery: Delivery, isFlapping: boolean) {
  const asked: string[] = []
  const waiting: unknown[] = []
  const answer = (word: string) => () => Promise.resolve((asked.push(word), isFlapping))
  const deps: GatherDeps = {
    paces: { holds: answer('counted'), areHeld: answer('asked') },
    bursts: { admits: () => Promise.resolve(true) },
    digests: {
      add: (_, { every }) => Promise.resolve(void waiting.push(every)),
      dueAt: () => Promise.resolve(undefined),
      markDue: () => Promise.resolve(),
    },
    outbox: { send: () => Promise.resolve() },
    clock: aClock(start),
    burst: 1,
  }
  const singly = await gather(deps, 'project', [delivery])
  return { asked, waiting, singly: singly.length }
}

const still = aDelivery({ alert: { ...anAlert(), telling: 1 } })

describe('that a check is still down', () => {
  it('goes singly, and counts as no change of the check', async () => {
    expect(await gathered(still, false)).toEqual({ asked: ['asked'], waiting: [], singly: 1 })
  })

  it('waits for the hour with all else that is told of a check that flaps', async () => {
    expect(await gathered(still, true)).toEqual({ asked: ['asked'], waiting: ['hour'], singly: 0 })
  })

  it('is told otherwise than that it went down, which counts', async () => {
    expect((await gathered(aDelivery(), false)).asked).toEqual(['counted'])
  })
})
