import { describe, expect, it } from 'vitest'
import { checkAnswer } from '../../../lambdas/managing/shown/check-answer.ts'
import { millisecondsText } from '../../../lambdas/managing/shown/instants.ts'
import type { ApiVersion } from '../../../lambdas/managing/shown/site.ts'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import type { Heartbeat, Status } from '../../../lambdas/domain/watching/heartbeat.ts'
import { unimpaired } from '../../../lambdas/domain/watching/impairment.ts'
import type { Access } from '../../../lambdas/domain/people/project.ts'
import { aCheck, aHeartbeat, hour, minute, start, withAllRules } from '../../support/builders.ts'

type View = {
  readonly check?: Partial<Check>
  readonly heartbeat?: Partial<Heartbeat>
  readonly version?: ApiVersion
  readonly access?: Access
  readonly now?: number
}

function shown({
  check,
  heartbeat,
  version = 3,
  access = 'read-write',
  now = start,
}: View = {}): Record<string, unknown> {
  const site = {
    root: 'https://api.example.com',
    version,
    pingEndpoint: 'https://ping.example.com/ping',
  }
  return checkAnswer(aCheck(check), aHeartbeat(heartbeat), {
    site,
    access,
    now,
    impairment: unimpaired,
  }) as Record<string, unknown>
}

const shared = [
  'badge_url',
  'desc',
  'failure_kw',
  'filter_body',
  'filter_default_fail',
  'filter_http_body',
  'filter_subject',
  'grace',
  'last_ping',
  'manual_resume',
  'methods',
  'n_pings',
  'name',
  'next_ping',
  'slug',
  'start_kw',
  'started',
  'status',
  'subject',
  'subject_fail',
  'success_kw',
  'tags',
]

describe('a check that has lost its state', () => {
  it('says since when, until something is known of it again', () => {
    expect(shown({ heartbeat: { lostAt: start } })['state_lost_at']).toBe(
      '2026-01-01T00:00:00+00:00',
    )
    expect(
      shown({ heartbeat: { lostAt: start, running: { startedAt: start } } }),
    ).not.toHaveProperty('state_lost_at')
  })

  it('says so when its heartbeat is missing, unless it is new', () => {
    const site = {
      root: 'https://api.example.com',
      version: 3,
      pingEndpoint: 'https://ping.example.com/ping',
    } as const
    const answer = (now: number) =>
      checkAnswer(aCheck(), undefined, { site, access: 'read-only', now, impairment: unimpaired })

    expect(answer(start + hour)).toMatchObject({ state_lost_at: '2026-01-01T01:00:00+00:00' })
    expect(answer(start + minute)).not.toHaveProperty('state_lost_at')
  })
})

describe('a check that was never pinged', () => {
  it('says so once its first ping is overdue', () => {
    expect(shown({ now: start + hour + 10 * minute })).toMatchObject({
      never_pinged: true,
      status: 'new',
    })
    expect(shown({ now: start + hour })).not.toHaveProperty('never_pinged')
    expect(shown({ now: start + 2 * hour, heartbeat: { pingCount: 1 } })).not.toHaveProperty(
      'never_pinged',
    )
  })

  it('does not say so when it has lost its state', () => {
    expect(shown({ now: start + 2 * hour, heartbeat: { lostAt: start } })).not.toHaveProperty(
      'never_pinged',
    )
  })
})

describe('the fields of a check', () => {
  it('are 29 for the read-write key and a simple schedule', () => {
    const own = ['channels', 'pause_url', 'ping_url', 'resume_url', 'timeout', 'update_url', 'uuid']

    expect(Object.keys(shown()).sort()).toEqual([...shared, ...own].sort())
  })

  it('give the UUID away to the read-write key only', () => {
    const check = shown({ access: 'read-only' })

    expect(Object.keys(check).sort()).toEqual([...shared, 'timeout', 'unique_key'].sort())
    expect(JSON.stringify(check)).not.toContain(aCheck().id)
  })

  it('are schedule and zone instead of a timeout for a calendar schedule', () => {
    const check = shown({
      check: { schedule: { kind: 'cron', expression: '5 * * * *' }, timeZone: 'Europe/Riga' },
    })

    expect(check).toMatchObject({ schedule: '5 * * * *', tz: 'Europe/Riga', grace: 600 })
    expect(check).not.toHaveProperty('timeout')
  })

  it('lead back to the site and version of the request', () => {
    const url = `https://api.example.com/api/v1/checks/${aCheck().id}`

    expect(shown({ version: 1 })).toMatchObject({
      ping_url: `https://ping.example.com/ping/${aCheck().id}`,
      update_url: url,
      pause_url: `${url}/pause`,
      resume_url: `${url}/resume`,
      badge_url: `https://api.example.com/b/2/${aCheck().badgeKey}.svg`,
    })
  })

  it('mirror the keywords of the subject filter while it is on', () => {
    const filters = { ...aCheck().filters, successKeywords: 'YES', failureKeywords: 'NO' }

    expect(shown({ check: { filters } })).toMatchObject({
      subject: '',
      subject_fail: '',
      success_kw: 'YES',
      failure_kw: 'NO',
    })
    expect(shown({ check: { filters: { ...filters, subject: true } } })).toMatchObject({
      subject: 'YES',
      subject_fail: 'NO',
    })
  })
})

describe('the rules of a check', () => {
  const { rules = {} } = withAllRules()

  it.each([1, 2, 3] as const)('are shown in version %i', (version) => {
    expect(shown({ check: { rules }, version })['rules']).toEqual({
      max_runtime: 7200,
      min_runtime: 30,
      early: 600,
      most_pings: { count: 5, seconds: 3600 },
      failures: { count: 2, of: 4 },
      successes: 2,
      repeat: 3600,
      escalate: [{ after: 600, channels: '44444444-4444-4444-8444-444444444444' }],
      depends_on: ['55555555-5555-4555-8555-555555555555'],
    })
  })

  it('name no channel and no check to the read-only key', () => {
    const seen = shown({ check: { rules }, access: 'read-only' })['rules']

    expect(seen).toMatchObject({ successes: 2, repeat: 3600 })
    expect(seen).not.toHaveProperty('escalate')
    expect(seen).not.toHaveProperty('depends_on')
    expect(
      shown({
        check: { rules: { dependsOn: ['55555555-5555-4555-8555-555555555555'] } },
        access: 'read-only',
      }),
    ).not.toHaveProperty('rules')
  })

  it('count the failures among the last runs, where some are tolerated', () => {
    const results = ['success', { at: start, kind: 'failed' }, 'failure'] as const

    expect(shown({ check: { rules }, heartbeat: { results } })['failing']).toBe(2)
    expect(shown({ check: { rules } })['failing']).toBe(0)
    expect(shown({ check: { rules: { repeatSeconds: 600 } } })).not.toHaveProperty('failing')
  })
})

describe('the state of a check', () => {
  const up = { status: 'up', lastPingAt: start + 999, pingCount: 1 } as const

  it('is new and expects nothing before the first ping', () => {
    expect(shown()).toMatchObject({
      status: 'new',
      started: false,
      n_pings: 0,
      last_ping: null,
      next_ping: null,
    })
  })

  it('is new while its heartbeat is on its way', () => {
    const site = {
      root: 'https://api.example.com',
      version: 3,
      pingEndpoint: 'https://ping.example.com/ping',
    } as const

    expect(
      checkAnswer(aCheck(), undefined, {
        site,
        access: 'read-write',
        now: start,
        impairment: unimpaired,
      }),
    ).toMatchObject({
      status: 'new',
      n_pings: 0,
    })
  })

  it('tells times in whole seconds, cut off', () => {
    expect(shown({ heartbeat: up })).toMatchObject({
      last_ping: '2026-01-01T00:00:00+00:00',
      next_ping: '2026-01-01T01:00:00+00:00',
    })
  })

  it('follows the definition of the registry', () => {
    const check = shown({
      check: { version: 2, schedule: { kind: 'simple', periodSeconds: 7200 } },
      heartbeat: up,
    })

    expect(check).toMatchObject({ timeout: 7200, next_ping: '2026-01-01T02:00:00+00:00' })
  })

  it.each([
    [0, 'up'],
    [hour + 998, 'up'],
    [hour + 999, 'grace'],
    [hour + 10 * minute + 998, 'grace'],
    [hour + 10 * minute + 999, 'down'],
  ])('%i ms after the start of the hour is %s', (later, status) => {
    expect(shown({ heartbeat: up, now: start + later }).status).toBe(status)
  })

  it.each<[Status, number, string, string]>([
    ['new', 5, 'started', 'new'],
    ['up', 5, 'started', 'up'],
    ['down', 5, 'started', 'down'],
    ['up', 10, 'down', 'down'],
  ])(
    '%s, %i minutes into a run, is %s in version 1 and %s from version 2',
    (status, minutes, v1, v2) => {
      const view = {
        heartbeat: { status, running: { startedAt: start } },
        now: start + minutes * minute,
      }

      expect(shown({ ...view, version: 1 })).toMatchObject({ status: v1, started: true })
      expect(shown({ ...view, version: 2 })).toMatchObject({ status: v2, started: true })
    },
  )

  it('has a last duration, cut to seconds, when one is known', () => {
    expect(shown({ heartbeat: { ...up, durationMs: 1999 } }).last_duration).toBe(1)
    expect(shown({ heartbeat: { ...up, durationMs: 0 } }).last_duration).toBe(0)
    expect(shown({ heartbeat: up })).not.toHaveProperty('last_duration')
  })
})

describe('the instant of a ping', () => {
  it('has milliseconds unless they are none', () => {
    expect(millisecondsText(start)).toBe('2026-01-01T00:00:00+00:00')
    expect(millisecondsText(start + 7)).toBe('2026-01-01T00:00:00.007+00:00')
  })
})
