import { describe, expect, it } from 'vitest'
import { pause, resume } from '../../../lambdas/domain/watching/pause.ts'
import { anUpHeartbeat, start } from '../../support/builders.ts'

describe('pause and resume', () => {
  it('pause ends a run', () => {
    const heartbeat = pause(anUpHeartbeat({ running: { startedAt: start } }), start + 1)

    expect(heartbeat).toMatchObject({
      status: 'paused',
      since: { at: start + 1 },
      lastPingAt: start,
    })
    expect(heartbeat.running ?? heartbeat.acknowledged).toBeUndefined()
  })

  it.each([
    ['down', 'paused'],
    ['up', 'up'],
  ] as const)(
    'pause settles what was told, and resume keeps it: %s becomes %s',
    (told, settled) => {
      const change = { at: start, count: 1 }
      const paused = pause(anUpHeartbeat({ acknowledged: { ...change, status: told } }), start + 1)

      for (const heartbeat of [paused, resume(paused, start + 2)])
        expect(heartbeat?.acknowledged).toEqual({ ...change, status: settled })
    },
  )

  it('a second pause changes nothing', () => {
    const paused = pause(anUpHeartbeat(), start + 1)

    expect(pause(paused, start + 2)).toBe(paused)
  })

  it('resume makes a check new and keeps its count and last duration', () => {
    const heartbeat = resume(pause(anUpHeartbeat({ durationMs: 5 }), start + 1), start + 2)

    expect(heartbeat).toMatchObject({
      status: 'new',
      pingCount: 1,
      durationMs: 5,
      since: { at: start + 2 },
    })
    expect(heartbeat?.lastPingAt).toBeUndefined()
  })

  it('only a paused check can be resumed', () => {
    expect(resume(anUpHeartbeat(), start)).toBeUndefined()
  })
})
