import type { PersonalMail } from '../people/personal-mail.ts'
import type { Delivery } from './alert.ts'
import type { EmailChannel } from './channel.ts'
import type { DigestRequest } from './digest.ts'
import { tellingKey } from './telling.ts'

/** What the three queues of `deliver` carry. */
export type DeliveriesMessage = ChannelMessage | PersonalMessage

/** What is for one channel. */
export type ChannelMessage = Notice | DigestRequest

/** A mail to a user of the dashboard, who is no channel. */
export type PersonalMessage = { readonly personal: PersonalMail }

/** What one message tells. A digest tells what it finds waiting. */
export type Notice = Delivery | VerificationRequest

/** A mail with the link by which the owner of an address agrees to get alerts. */
export type VerificationRequest = {
  readonly channel: EmailChannel
  /** Absent where an older version asked. */
  readonly projectId?: string
  readonly projectName: string
  readonly link: string
  readonly requestedAt: number
  readonly expiresAt: number
}

export function isPersonal(message: DeliveriesMessage): message is PersonalMessage {
  return 'personal' in message
}

export function isDigestRequest(message: DeliveriesMessage): message is DigestRequest {
  return 'digest' in message
}

export function isVerificationRequest(notice: Notice): notice is VerificationRequest {
  return 'link' in notice
}

/**
 * Identifies a notice by its subject and by what is told of it. The subject is a check, or the
 * channel as long as there is no alert.
 */
export function noticeKey(notice: Notice): { readonly subject: string; readonly key: string } {
  if (isVerificationRequest(notice))
    return { subject: notice.channel.id, key: `verification#${notice.requestedAt}` }
  const { flip, telling } = notice.alert
  return { subject: flip.checkId, key: tellingKey(flip, telling) }
}
