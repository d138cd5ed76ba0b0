import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { drillDelivery, drillOutage } from '../../lambdas/domain/watching/drill.ts'
import { flipBetween, flipKey } from '../../lambdas/domain/watching/flip.ts'
import { missOf } from '../../lambdas/domain/watching/deadline.ts'
import {
  type Heartbeat,
  newHeartbeat,
  type StatusChange,
} from '../../lambdas/domain/watching/heartbeat.ts'
import { afterMiss } from '../../lambdas/domain/watching/after-miss.ts'
import { afterPing } from '../../lambdas/domain/watching/after-ping.ts'
import { isDrill } from '../../lambdas/domain/watching/own-heartbeats.ts'
import { type DrillDeps, makeDrillHandler } from '../../lambdas/drill.ts'
import type { IntakeRecord } from '../../lambdas/store/watching/operations.ts'
import { minute, start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'

const record: IntakeRecord = {
  intake: { intervals: [] },
  canaryId: '00000000-0000-8000-8abc-000000000000',
  longestHoldMs: 1,
  revision: 1,
}

/** The chain of an alert, up to a stage that swallows it. */
type Chain = {
  stopsAt?: 'sweep' | 'relay' | 'alert' | 'deliver'
  intake?: IntakeRecord | undefined
}

function outageOf(heartbeat: Heartbeat): StatusChange {
  const outage = drillOutage(heartbeat)
  if (outage === undefined) throw new Error('not flagged')
  return outage
}

async function drill({ stopsAt, ...given }: Chain = {}) {
  let heartbeat: Heartbeat | undefined
  const passes = (stage: string) =>
    stopsAt === undefined ||
    ['sweep', 'relay', 'alert', 'deliver'].indexOf(stage) < stages.indexOf(stopsAt)
  const stages = ['sweep', 'relay', 'alert', 'deliver']
  const clock = aClock(start, () => {
    const miss = heartbeat && missOf(heartbeat)
    if (heartbeat === undefined || miss === undefined || clock.now() < miss.at || !passes('sweep'))
      return
    heartbeat = afterMiss(heartbeat, miss, clock.now())
    if (passes('alert')) heartbeat = { ...heartbeat, acknowledged: outageOf(heartbeat) }
  })
  const deps: DrillDeps = {
    heartbeats: {
      define: (id, definition) =>
        Promise.resolve(void (heartbeat ??= newHeartbeat(id, definition)) as never),
      recordPing: (_, ping) =>
        Promise.resolve(void (heartbeat = heartbeat && afterPing(heartbeat, ping)) as never),
      read: () => Promise.resolve(heartbeat),
    },
    operations: { intake: () => Promise.resolve('intake' in given ? given.intake : record) },
    deliveries: {
      isSent: ({ key }) =>
        Promise.resolve(
          passes('deliver') && heartbeat !== undefined && key === flipKey(outageOf(heartbeat)),
        ),
    },
    flips: { depth: () => Promise.resolve(passes('relay') ? 1 : 0) },
    clock,
    random: { uuid: () => 'request' },
  }
  await makeDrillHandler(deps)()
  return { heartbeat, now: clock.now() }
}

const lines: unknown[] = []
beforeEach(() => {
  lines.length = 0
  for (const level of ['info', 'warn'] as const)
    vi.spyOn(console, level).mockImplementation((line: unknown) => void lines.push(line))
})
afterEach(() => void vi.restoreAllMocks())

describe('the drill', () => {
  it('passes when its alert arrives, and waits no longer', async () => {
    const { heartbeat, now } = await drill()

    expect(lines).toEqual([{ event: 'drill-passed', ms: 5000 }])
    expect(now - start).toBe(minute + 5000)
    expect(isDrill(heartbeat?.id ?? '')).toBe(true)
  })

  it.each([
    ['sweep', 1],
    ['relay', 2],
    ['alert', 3],
    ['deliver', 4],
  ] as const)(
    'names %s when that swallows its alert, after five minutes',
    async (stopsAt, place) => {
      const { now } = await drill({ stopsAt })

      expect(lines).toEqual([{ event: 'drill-failed', stage: stopsAt, place }])
      expect(now - start).toBeLessThanOrEqual(6 * minute)
      expect(now - start).toBeGreaterThan(5.5 * minute)
    },
  )

  it('is put off while pings are not taken, and before anything is known of that', async () => {
    const trouble = { startedAt: start, failedAt: start, isConfirmed: true }

    await drill({ intake: { ...record, intake: { intervals: [], trouble } } })
    await drill({ intake: undefined })

    expect(lines).toEqual([{ event: 'drill-put-off' }, { event: 'drill-put-off' }])
  })

  it('is mailed to nobody', async () => {
    const { heartbeat } = await drill({ stopsAt: 'deliver' })
    if (heartbeat === undefined) throw new Error('there is no drill')
    const flip = flipBetween({ ...heartbeat, status: 'up' }, heartbeat)

    const delivery = flip && drillDelivery({ flip, heartbeat })

    expect(delivery?.channel).toMatchObject({
      kind: 'email',
      address: 'success@simulator.amazonses.com',
    })
  })
})
