import { randomUUID } from 'node:crypto'
import type { SentMail } from './mailbox.ts'

/** An event that SES publishes about a mail. */
export type MailEvent = {
  readonly eventType: 'Bounce' | 'Complaint'
  readonly mail: object
  readonly bounce?: object
  readonly complaint?: object
}

type Tag = { readonly Name: string; readonly Value: string }

/**
 * Plays the mailbox simulator of SES: mail to its addresses bounces, or gets a complaint. Addresses
 * may have a label behind a plus.
 */
export function simulatedEvents(
  { to, sentAt }: Pick<SentMail, 'to' | 'sentAt'>,
  tags: readonly Tag[],
): readonly MailEvent[] {
  const mail = {
    timestamp: sentAt,
    messageId: randomUUID(),
    destination: to,
    tags: Object.fromEntries(tags.map(({ Name, Value }) => [Name, [Value]])),
  }
  return to.flatMap((address): readonly MailEvent[] => {
    const [, box] =
      /^(bounce|ooto|complaint)(?:\+[^@]*)?@simulator\.amazonses\.com$/i.exec(address) ?? []
    const recipients = [{ emailAddress: address, diagnosticCode: 'smtp; 550 5.1.1 user unknown' }]
    switch (box?.toLowerCase() ?? '') {
      case 'bounce':
        return [{ eventType: 'Bounce', mail, bounce: bounce('Permanent', recipients, sentAt) }]
      case 'ooto':
        return [{ eventType: 'Bounce', mail, bounce: bounce('Transient', recipients, sentAt) }]
      case 'complaint':
        return [
          {
            eventType: 'Complaint',
            mail,
            complaint: { complaintFeedbackType: 'abuse', timestamp: sentAt },
          },
        ]
      default:
        return []
    }
  })
}

function bounce(
  bounceType: string,
  bouncedRecipients: readonly object[],
  timestamp: string,
): object {
  return { bounceType, bounceSubType: 'General', timestamp, bouncedRecipients }
}
