import { describe, expect, it } from 'vitest'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import type { Ping } from '../../../lambdas/domain/watching/ping.ts'
import { anUpHeartbeat, aPing, hour, start } from '../../support/builders.ts'

describe('a start while a run is under way that has a limit of its own', () => {
  const limited = (fields: Partial<Heartbeat> = {}) =>
    anUpHeartbeat({
      rules: { maxRuntimeSeconds: 7200 },
      running: { startedAt: start, runId: 'run-a' },
      ...fields,
    })
  const started = (heartbeat: Heartbeat, fields: Partial<Ping> = {}) =>
    afterPing(heartbeat, aPing({ signal: 'start', at: start + hour, requestId: 'next', ...fields }))

  it.each([[{}], [{ runId: 'run-a' }]])('is only counted, as it may be the same: %j', (ping) => {
    const heartbeat = started(limited(), ping)

    expect(heartbeat).toMatchObject({ pingCount: 2, lastPing: { type: 'start' }, status: 'up' })
    expect(heartbeat.running).toEqual({ startedAt: start, runId: 'run-a' })
  })

  it('of another run takes its place', () => {
    const heartbeat = started(limited(), { runId: 'run-b' })

    expect(heartbeat.running).toEqual({ startedAt: start + hour, runId: 'run-b' })
    expect(heartbeat.status).toBe('up')
  })

  it('of another run shows that the one before failed, where runs may overlap', () => {
    const heartbeat = started(limited({ runsOverlap: true }), { runId: 'run-b' })

    expect(heartbeat).toMatchObject({
      status: 'down',
      since: {
        at: start + hour,
        count: 1,
        cause: { kind: 'unfinished', startedAt: start, limitSeconds: 7200 },
      },
      running: { startedAt: start + hour, runId: 'run-b' },
    })
  })

  it('of another run is a failure that may be tolerated', () => {
    const rules = { maxRuntimeSeconds: 7200, failures: { count: 2, of: 2 } }

    const heartbeat = started(limited({ runsOverlap: true, rules }), { runId: 'run-b' })

    expect(heartbeat).toMatchObject({
      status: 'up',
      results: [{ at: start + hour, kind: 'unfinished' }],
      running: { startedAt: start + hour, runId: 'run-b' },
    })
  })

  it('begins anew on a check that is down, where no limit is waited for', () => {
    const heartbeat = started(limited({ status: 'down', runsOverlap: true }))

    expect(heartbeat.running).toEqual({ startedAt: start + hour })
  })

  it('begins anew without the rule', () => {
    expect(started(limited({ rules: {} })).running).toEqual({ startedAt: start + hour })
  })
})
