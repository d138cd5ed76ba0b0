import type { SESMessage } from 'aws-lambda'
import { type BodyLengths, lengthsOf } from '../domain/watching/kept-body.ts'
import type { MailContent } from '../domain/watching/mail-rules.ts'
import type { Clock } from '../runtime/clock.ts'
import { warn } from '../runtime/log.ts'
import { contentOf } from '../runtime/mail.ts'
import type { Inbox } from '../store/inbox.ts'
import { keptBytes } from '../store/items/packed-body.ts'

export type MailDeps = {
  readonly inbox: Pick<Inbox, 'read'>
  readonly clock: Pick<Clock, 'now'>
  /** How many bytes of a mail are kept; infinity for all. */
  readonly bodyLimit: number
}

export type InboundMail = {
  readonly id: string
  readonly from: string
  readonly at: number
  readonly raw: Uint8Array
  /** How many of its bytes are kept, and of how many. */
  readonly lengths: BodyLengths
  /** Its words; read when they are first asked for, and once for all recipients. */
  readonly content: () => Promise<MailContent>
}

/**
 * Reads a mail. It counts from when SES had it, however long it took from there. A ping of the
 * future would keep later ones from counting.
 */
export async function readMail(
  { inbox, clock, bodyLimit }: MailDeps,
  { mail: { messageId: id, source, timestamp } }: SESMessage,
): Promise<InboundMail> {
  const raw = await inbox.read(id)
  const receivedAt = Date.parse(timestamp)
  const now = clock.now()
  let content: Promise<MailContent> | undefined
  const lengths = lengthsOf(raw.length, keptBytes(raw, bodyLimit))
  return {
    id,
    from: source,
    at: receivedAt <= now ? receivedAt : now,
    raw,
    lengths,
    content: () => (content ??= readContent(id, raw)),
  }
}

const unreadable: MailContent = { subject: '', plain: '', html: '' }

async function readContent(id: string, raw: Uint8Array): Promise<MailContent> {
  const content = await contentOf(raw)
  if (content === undefined) warn('mail-unreadable', { mail: id, bytes: raw.length })
  return content ?? unreadable
}
