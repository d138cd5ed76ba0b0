import * as z from 'zod'
import type { MailFailure } from '../domain/mail-failure.ts'
import { oneLine, shortened } from '../domain/plain-text.ts'

const DETAIL_LENGTH = 150

const tag = z.tuple([z.string()])
const mail = z.object({
  timestamp: z.iso.datetime({ offset: true }),
  destination: z.tuple([z.string()]),
  tags: z.object({ project: tag, channel: tag, about: tag.optional() }),
})
const event = z.discriminatedUnion('eventType', [
  z.object({
    eventType: z.literal('Bounce'),
    mail,
    bounce: z.object({
      bounceType: z.string(),
      bounceSubType: z.string(),
      timestamp: z.iso.datetime({ offset: true }),
      bouncedRecipients: z.array(z.object({ diagnosticCode: z.string().optional() })).default([]),
    }),
  }),
  z.object({
    eventType: z.literal('Complaint'),
    mail,
    complaint: z.object({ complaintFeedbackType: z.string().optional(), timestamp: z.iso.datetime({ offset: true }) }),
  }),
])

/** The failure in an event that SES publishes; undefined when the event is of another kind, or of a mail to no channel. */
export function mailFailureOf(published: unknown): MailFailure | undefined {
  const { data } = event.safeParse(published)
  if (data === undefined) return undefined
  const { timestamp, destination, tags } = data.mail
  const mailed = { address: destination[0], mailedAt: Date.parse(timestamp), isOfLink: tags.about?.[0] === 'link' }
  const to = { projectId: tags.project[0], channelId: tags.channel[0], ...mailed }
  switch (data.eventType) {
    case 'Bounce': {
      const { bounceType, bounceSubType, bouncedRecipients } = data.bounce
      const said = [bounceType, bounceSubType, bouncedRecipients[0]?.diagnosticCode ?? ''].filter((part) => part !== '').join(', ')
      const isPermanent = bounceType === 'Permanent'
      return { ...to, reason: 'bounce', isPermanent, detail: inShort(said), at: Date.parse(data.bounce.timestamp) }
    }
    case 'Complaint': {
      const detail = inShort(data.complaint.complaintFeedbackType ?? '')
      return { ...to, reason: 'complaint', isPermanent: true, detail, at: Date.parse(data.complaint.timestamp) }
    }
  }
}

function inShort(text: string): string {
  return shortened(oneLine(text), DETAIL_LENGTH)
}
