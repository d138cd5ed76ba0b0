import { describe, expect, it } from 'vitest'
import { mailDigest } from '../../../lambdas/channels/email/digest.ts'
import { Mailer } from '../../../lambdas/channels/email/mailer.ts'
import { digestLimit, type DigestInterval } from '../../../lambdas/domain/telling/digest.ts'
import { aChannel, aDigestEntry, deadline } from '../../support/alerts.ts'
import { aMailbox } from '../../support/mailbox.ts'

/** Above it, Gmail cuts a mail off. */
const CLIPPED_BYTES = 102_000

async function mailed(
  names: readonly string[],
  projectName = 'Home lab',
  every: DigestInterval = 'minute',
) {
  const { sendMail, sent } = aMailbox()
  const mailer = new Mailer(sendMail, 'alerts@example.com')
  const entries = names.map((name, index) =>
    aDigestEntry({
      name,
      every,
      flip: { checkId: `check-${index}`, status: index % 2 === 0 ? 'down' : 'up' },
    }),
  )
  const outcome = await mailDigest(
    mailer,
    { digest: true, channel: aChannel(), projectId: 'project', projectName },
    { entries, now: deadline },
  )
  const { to, subject, text = '', html = '' } = sent[0] ?? {}
  return { outcome, to, subject, text, html }
}

describe('a digest by mail', () => {
  it('mails all names to the address of the channel, as text and as HTML', async () => {
    const { outcome, to, subject, text, html } = await mailed(['backup', 'report'])

    expect({ outcome, to, subject }).toEqual({
      outcome: { kind: 'sent' },
      to: 'ops@example.com',
      subject: '1 check is down, 1 is back: Home lab',
    })
    for (const body of [text, html]) {
      for (const part of [
        '1 check is down, 1 is back',
        'Home lab',
        'backup',
        'report',
        'missed its deadline',
        'up again',
      ])
        expect(body).toContain(part)
    }
  })

  it('escapes names', async () => {
    const { html } = await mailed(['<img src=x onerror=alert(1)>'], '<b>lab</b>', 'hour')

    expect(html).not.toMatch(/<img|<b>lab/)
  })

  it('says why alerts come once an hour, as text and as HTML', async () => {
    const { text, html } = await mailed(['backup'], 'Home lab', 'hour')

    for (const body of [text, html])
      expect(body).toContain(
        '(1 change) keeps going down and up: its alerts come once an hour until it settles.',
      )
    expect(html).toContain('ONCE AN HOUR')
  })

  it('is never so long that a mail program cuts it off, and says how many it does not list', async () => {
    const { text, html } = await mailed(Array.from({ length: digestLimit }, () => '<"&'.repeat(33)))

    expect([text, html].map((body) => body.includes(`and ${digestLimit / 2 - 75} more`))).toEqual([
      true,
      true,
    ])
    expect(Buffer.byteLength(html)).toBeLessThan(CLIPPED_BYTES)
  })
})
