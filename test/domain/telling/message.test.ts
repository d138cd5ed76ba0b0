import { describe, expect, it } from 'vitest'
import { type Message, messageOf } from '../../../lambdas/domain/telling/message.ts'
import { aCheck, hour, minute, start } from '../../support/builders.ts'
import { aLoggedPing, anAlert, aProject, deadline, downBy } from '../../support/alerts.ts'

const recovery = {
  at: deadline + hour + 5 * minute,
  status: 'up',
  from: 'down',
  reason: '',
  downSinceAt: deadline,
} as const

function valueOf(message: Message, label: string): string | undefined {
  return message.facts.find((fact) => fact.label === label)?.value
}

describe('messageOf', () => {
  it('tells of a missed ping all that somebody without access needs', () => {
    const check = aCheck({
      name: 'backup',
      tags: 'prod db',
      timeZone: 'Europe/Riga',
      schedule: { kind: 'cron', expression: '0 3 * * *' },
    })

    const message = messageOf(anAlert({ check }), deadline + 5 * minute)

    expect(message).toMatchObject({
      subject: 'DOWN | backup',
      summary: 'No ping came by the deadline, Thu 01 Jan 2026, 03:10 Europe/Riga.',
      facts: [
        { label: 'Project', value: 'Home lab' },
        { label: 'Down since', value: 'Thu 01 Jan 2026, 03:10 Europe/Riga, 5 minutes ago' },
        { label: 'Last ping', value: 'Thu 01 Jan 2026, 02:00 Europe/Riga, 1 hour 15 minutes ago' },
        { label: 'Was due', value: 'Thu 01 Jan 2026, 03:00 Europe/Riga, 15 minutes ago' },
        { label: 'Schedule', value: 'cron 0 3 * * * in Europe/Riga (every day at 03:00)' },
        { label: 'Grace', value: '10 minutes' },
        { label: 'Tags', value: 'prod db' },
      ],
    })
  })

  it('tells of a recovery how long the check was down, and when it is due next', () => {
    const message = messageOf(
      anAlert({ flip: recovery, heartbeat: { status: 'up', lastPingAt: recovery.at } }),
      recovery.at + 2000,
    )

    expect(message.subject).toBe('UP | nightly backup')
    expect(message.summary).toBe(
      'A success ping came: the check is up again after 1 hour 5 minutes.',
    )
    expect(valueOf(message, 'Was down')).toBe('1 hour 5 minutes, since Thu 01 Jan 2026, 01:10 UTC')
    expect(valueOf(message, 'Next due')).toBe('Thu 01 Jan 2026, 03:15 UTC')
  })

  it.each([
    ['a failure', { heartbeat: downBy({ kind: 'failed' }) }, 'The job reported a failure.'],
    [
      'an exit status',
      { heartbeat: downBy({ kind: 'failed', exitStatus: 137 }) },
      'The job failed with exit status 137.',
    ],
    [
      'a run that did not end',
      {
        heartbeat: downBy({
          kind: 'unfinished',
          startedAt: deadline - 10 * minute,
          limitSeconds: 600,
        }),
      },
      'The run that started Thu 01 Jan 2026, 01:00 UTC did not finish within 10 minutes.',
    ],
    [
      'a run that was too short',
      { heartbeat: downBy({ kind: 'too-short', tookMs: 12_300, leastSeconds: 90 }) },
      'The run was too short: it took 12 seconds, and should take 1 minute 30 seconds at least.',
    ],
    [
      'a job that ran too often',
      { heartbeat: downBy({ kind: 'too-often', count: 4, seconds: 3600 }) },
      'The job ran too often: 4 times within 1 hour.',
    ],
    [
      'a recovery of unknown length',
      { flip: { at: recovery.at, status: 'up', from: 'down' } },
      'A success ping came: the check is up again.',
    ],
  ] as const)('says why: %s', (_, fields, summary) => {
    expect(messageOf(anAlert(fields), recovery.at).summary).toBe(summary)
  })

  it('lists the failures that counted, where it is more than one', () => {
    const among = [
      { at: deadline - 2 * hour, kind: 'missed' },
      { at: deadline - 90 * minute, kind: 'unfinished' },
      { at: deadline - hour, kind: 'too-short' },
      { at: deadline - 30 * minute, kind: 'too-often' },
      { at: deadline - minute, kind: 'failed' },
      { at: deadline, kind: 'failed', exitStatus: 7 },
    ] as const
    const told = (some: typeof among | readonly [(typeof among)[5]]) =>
      messageOf(
        anAlert({ heartbeat: downBy({ kind: 'failed', exitStatus: 7, among: some }) }),
        deadline,
      )

    expect(told(among).summary).toBe(
      'The job failed with exit status 7. It was the 6th failure that counted.',
    )
    expect(valueOf(told(among), 'Failures')?.split('\n')).toEqual([
      'Wed 31 Dec 2025, 23:10 UTC: missed',
      'Wed 31 Dec 2025, 23:40 UTC: not finished in time',
      'Thu 01 Jan 2026, 00:10 UTC: too short',
      'Thu 01 Jan 2026, 00:40 UTC: too often',
      'Thu 01 Jan 2026, 01:09 UTC: failed',
      'Thu 01 Jan 2026, 01:10 UTC: failed with exit status 7',
    ])
    expect(told([among[5]]).summary).toBe('The job failed with exit status 7.')
    expect(valueOf(told([among[5]]), 'Failures')).toBeUndefined()
  })

  it('says that a check is still down before it says why', () => {
    const again = { ...anAlert(), telling: 1 }

    expect(messageOf(again, deadline + 8 * hour)).toMatchObject({
      subject: 'STILL DOWN | nightly backup',
      status: 'STILL DOWN',
      summary:
        'Still down after 8 hours, told for the 2nd time. No ping came by the deadline, Thu 01 Jan 2026, 01:10 UTC.',
    })
  })

  it.each([
    ['snoozed.', { kind: 'snoozed' }],
    ['window "patch sunday".', { kind: 'window', name: 'patch\nsunday' }],
    ['a maintenance window.', { kind: 'window', name: '\u202e ' }],
    ['depends on "db".', { kind: 'depends', name: 'db\u202e', checkId: 'a' }],
    ['depends on "a".', { kind: 'depends', name: ' ', checkId: 'a' }],
  ] as const)('says since when it was held, and why: %s', (why, reason) => {
    const held = { since: deadline, reason }
    const impairment = {
      intervals: [{ startedAt: deadline - minute, endedAt: deadline }],
      longestHoldMs: 0,
    }

    expect(messageOf({ ...anAlert(), held }, deadline + hour).note).toBe(
      `Held since Thu 01 Jan 2026, 01:10 UTC: ${why}`,
    )
    expect(messageOf({ ...anAlert({ impairment }), held }, deadline + hour).note).toMatch(
      /^Held since .*\. Pings could not be taken between /,
    )
  })

  it('calls a check without a name by its UUID, and only that', () => {
    const { id } = aCheck()

    expect(messageOf(anAlert({ check: aCheck({ name: '' }) }), deadline).subject).toBe(
      `DOWN | ${id}`,
    )
    expect(messageOf(anAlert({ check: aCheck({ name: ' \u202e\n' }) }), deadline).subject).toBe(
      `DOWN | ${id}`,
    )
    expect(JSON.stringify(messageOf(anAlert(), deadline))).not.toContain(id)
  })

  it('has no body that shows nothing', () => {
    for (const tail of ['', '\n', ' \r\n\t\n', '\x1b[0m'])
      expect(
        messageOf(anAlert({ lastBody: { pingNumber: 2, tail } }), deadline),
      ).not.toHaveProperty('lastBody')
  })

  it('says of a body that was cut that its end is not the end', () => {
    const lastBodyOf = (cut: object) =>
      messageOf(anAlert({ lastBody: { pingNumber: 2, tail: 'disk', ...cut } }), deadline).lastBody

    expect(lastBodyOf({})).toEqual({ heading: 'End of the body of ping #2', text: 'disk' })
    expect(lastBodyOf({ cut: 'the first 9 of 20 bytes' })?.heading).toBe(
      'End of the body of ping #2, cut to the first 9 of 20 bytes',
    )
  })

  it('tells of a mail its subject and its text', () => {
    const lastBody = { pingNumber: 2, subject: 'nightly\x1b\nbackup', tail: 'disk full\nsorry' }

    expect(messageOf(anAlert({ lastBody }), deadline).lastBody).toEqual({
      heading: 'End of the mail of ping #2',
      text: 'Subject: nightly backup\n\ndisk full\nsorry',
    })
  })

  it('keeps what comes from outside on its line and in its order', () => {
    const check = aCheck({ name: 'a\r\nBcc: eve@example.com\u202e', tags: 'x\ny' })
    const pings = [aLoggedPing({ userAgent: 'curl\r\nevil\u202e' })]

    const message = messageOf(
      anAlert({ check, project: aProject({ name: 'p\nq' }), pings }),
      deadline,
    )

    expect(message.subject).toBe('DOWN | a Bcc: eve@example.com')
    expect([
      valueOf(message, 'Project'),
      valueOf(message, 'Tags'),
      message.pings[0]?.userAgent,
    ]).toEqual(['p q', 'x y', 'curl evil'])
  })

  it('lists pings with what they were, how long the run took and who sent them', () => {
    const pings = [
      aLoggedPing({ number: 4, type: 'fail', exitStatus: 2, at: start + 3 * minute + 9000 }),
      aLoggedPing({ number: 3, type: 'ign', at: start + minute }),
      aLoggedPing({ number: 2, type: 'start', at: start }),
    ]

    const lines = messageOf(anAlert({ pings, heartbeat: { pingCount: 4 } }), deadline).pings

    expect(lines).toMatchObject([
      {
        number: 4,
        at: '01 Jan 00:03:09',
        what: 'fail, exit 2',
        took: 'in 3 min 9 s',
        address: '198.51.100.7',
        userAgent: 'curl/8.5.0',
      },
      { number: 3, what: 'ignored', took: '' },
      { number: 2, what: 'start', took: '' },
    ])
  })
})
