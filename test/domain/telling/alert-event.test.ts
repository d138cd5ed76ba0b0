import { describe, expect, it } from 'vitest'
import { alertEventOf } from '../../../lambdas/domain/telling/alert-event.ts'
import type { HoldReason } from '../../../lambdas/domain/telling/hold.ts'
import { anAlert, deadline } from '../../support/alerts.ts'

const told = { now: deadline, isTest: false }

describe('an alert for programs', () => {
  it('says nothing of telling and holding where there is nothing to say', () => {
    expect(Object.keys(alertEventOf(anAlert(), told))).toEqual([
      'project',
      'check',
      'status',
      'from',
      'reason',
      'at',
      'summary',
      'last_ping',
      'test',
    ])
  })

  it('says which time it is told that a check is still down', () => {
    expect(alertEventOf({ ...anAlert(), telling: 2 }, told)).toMatchObject({
      status: 'down',
      telling: 2,
      summary: expect.stringContaining('told for the 3rd time') as string,
    })
  })

  it.each([
    [{ kind: 'snoozed' }, { reason: 'snoozed' }],
    [
      { kind: 'window', name: 'patch sunday' },
      { reason: 'window', name: 'patch sunday' },
    ],
    [
      { kind: 'depends', name: 'db', checkId: 'a' },
      { reason: 'depends', name: 'db' },
    ],
  ] satisfies readonly (readonly [HoldReason, object])[])(
    'says since when it waited, and what for: %j',
    (reason, shown) => {
      const alert = { ...anAlert(), held: { since: deadline, reason } }

      expect(alertEventOf(alert, told).held).toEqual({
        since: '2026-01-01T01:10:00.000Z',
        ...shown,
      })
    },
  )
})
