import { describe, expect, it } from 'vitest'
import { mailFailureOf } from '../../../lambdas/channels/email/mail-event.ts'
import { minute, start } from '../../support/builders.ts'

const mail = {
  timestamp: '2026-01-01T00:00:00.000Z',
  destination: ['ops@example.com'],
  tags: { project: ['p'], channel: ['c'], 'ses:configuration-set': ['Overdue'] },
}
const to = { projectId: 'p', channelId: 'c', address: 'ops@example.com', mailedAt: start }

function aBounce(bounceType: string, diagnosticCode?: string) {
  const bouncedRecipients = [
    {
      emailAddress: 'ops@example.com',
      ...(diagnosticCode === undefined ? {} : { diagnosticCode }),
    },
  ]
  return {
    eventType: 'Bounce',
    mail,
    bounce: {
      bounceType,
      bounceSubType: 'General',
      timestamp: '2026-01-01T00:01:00Z',
      bouncedRecipients,
    },
  }
}

function failureIn(event: object) {
  return mailFailureOf(JSON.stringify(event))
}

describe('the failure of a mail', () => {
  it.each([
    ['Permanent', true],
    ['Transient', false],
    ['Undetermined', false],
  ])('is for good or not, as the bounce is: %s', (type, isPermanent) => {
    expect(failureIn(aBounce(type))).toEqual({
      ...to,
      reason: 'bounce',
      isPermanent,
      isOfLink: false,
      detail: `${type}, General`,
      at: start + minute,
    })
  })

  it('tells what the other side said, on one line and in short', () => {
    expect(failureIn(aBounce('Permanent', `550\r\n${'x'.repeat(500)}`))?.detail).toMatch(
      /^Permanent, General, 550 x{100,}…$/,
    )
  })

  it('is for good when somebody complained', () => {
    const complaint = { complaintFeedbackType: 'abuse', timestamp: '2026-01-01T00:01:00Z' }

    const failure = failureIn({ eventType: 'Complaint', mail, complaint })

    expect(failure).toEqual({
      ...to,
      reason: 'complaint',
      isPermanent: true,
      isOfLink: false,
      detail: 'abuse',
      at: start + minute,
    })
  })

  it.each([
    ['another event', { eventType: 'Reject', mail }],
    ['a mail to no channel', { ...aBounce('Permanent'), mail: { ...mail, tags: {} } }],
  ])('is none in %s', (_, event) => {
    expect(failureIn(event)).toBeUndefined()
  })

  it.each([
    ['Successfully validated SNS topic for Amazon SES event publishing.'],
    ['null'],
    ['{}'],
    [JSON.stringify({ ...aBounce('Permanent'), mail: { ...mail, destination: [] } })],
  ])('is not guessed in what can not be read: %s', (text) => {
    expect(() => mailFailureOf(text)).toThrow()
  })
})
