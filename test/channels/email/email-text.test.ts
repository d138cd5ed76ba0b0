import { describe, expect, it } from 'vitest'
import { textOf } from '../../../lambdas/channels/email/email-text.ts'
import { messageOf } from '../../../lambdas/domain/telling/message.ts'
import { aCheck } from '../../support/builders.ts'
import { aLoggedPing, anAlert, deadline, downBy } from '../../support/alerts.ts'

describe('the text of a mail', () => {
  it('reads well in a plain client', () => {
    const lastBody = { pingNumber: 1, tail: 'disk full\n\nsee <log>' }
    const check = aCheck({ description: 'Runs on nas-2.', tags: 'prod' })

    const text = textOf(messageOf(anAlert({ check, lastBody }), deadline + 4000))

    expect(text).toBe(`nightly backup is DOWN
No ping came by the deadline, Thu 01 Jan 2026, 01:10 UTC.

Project     Home lab
Down since  Thu 01 Jan 2026, 01:10 UTC, 4 seconds ago
Last ping   Thu 01 Jan 2026, 00:00 UTC, 1 hour 10 minutes ago
Was due     Thu 01 Jan 2026, 01:00 UTC, 10 minutes 4 seconds ago
Schedule    every 1 hour
Grace       10 minutes
Tags        prod

Runs on nas-2.

Last pings (times in UTC)

#1  01 Jan 00:00:00  success  198.51.100.7  curl/8.5.0

End of the body of ping #1

  disk full

  see <log>
`)
  })

  it('has the page of the check on a line of its own', () => {
    const link = 'https://overdue.example.com/app/p/1/c/2'

    expect(textOf(messageOf(anAlert({ link }), deadline)).split('\n')).toContain(link)
  })

  it('lists what is several lines below one another', () => {
    const among = [
      { at: deadline - 3_600_000, kind: 'missed' },
      { at: deadline, kind: 'failed', exitStatus: 137 },
    ] as const
    const check = aCheck({ timeZone: 'America/Argentina/Buenos_Aires' })
    const heartbeat = downBy({ kind: 'failed', exitStatus: 137, among })

    expect(textOf(messageOf(anAlert({ check, heartbeat }), deadline))).toContain(`
Failures    Wed 31 Dec 2025, 21:10 America/Argentina/Buenos_Aires: missed
            Wed 31 Dec 2025, 22:10 America/Argentina/Buenos_Aires: failed with
            exit status 137
Last ping`)
  })

  it('stays within 78 columns, whatever comes, and cuts no address', () => {
    const address = '2001:db8:85a3:8d3:1319:8a2e:370:7348'
    const pings = [
      aLoggedPing({
        number: 123_456,
        type: 'fail',
        exitStatus: 255,
        address,
        userAgent: 'x'.repeat(200),
      }),
      aLoggedPing({ number: 123_455, userAgent: 'y'.repeat(200) }),
    ]
    const check = aCheck({
      name: 'word '.repeat(40),
      description: 'word '.repeat(100),
      tags: 'tag '.repeat(50),
    })

    const text = textOf(messageOf(anAlert({ check, pings }), deadline))

    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(78)
    expect(text).toContain(address)
  })
})
