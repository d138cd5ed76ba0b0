import * as z from 'zod'
import type { MailFailure } from '../../domain/telling/mail-failure.ts'
import { oneLine, shortened } from '../../domain/wire/plain-text.ts'

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
    complaint: z.object({
      complaintFeedbackType: z.string().optional(),
      timestamp: z.iso.datetime({ offset: true }),
    }),
  }),
])

const ofChannel = z.object({
  eventType: z.enum(['Bounce', 'Complaint']),
  mail: z.object({ tags: z.object({ channel: z.unknown() }) }),
})

/**
 * The failure in an event that SES publishes; undefined when the event is of another kind, or of a
 * mail to no channel.
 * @throws when the text is no event, or one of its fields can't be read.
 */
export function mailFailureOf(published: string): MailFailure | undefined {
  const told = z.looseObject({ eventType: z.string() }).parse(JSON.parse(published))
  return ofChannel.safeParse(told).success ? failureOf(event.parse(told)) : undefined
}

function failureOf(data: z.infer<typeof event>): MailFailure {
  const { timestamp, destination, tags } = data.mail
  const mailed = {
    address: destination[0],
    mailedAt: Date.parse(timestamp),
    isOfLink: tags.about?.[0] === 'link',
  }
  const to = { projectId: tags.project[0], channelId: tags.channel[0], ...mailed }
  switch (data.eventType) {
    case 'Bounce': {
      const { bounceType, bounceSubType, bouncedRecipients } = data.bounce
      const said = [bounceType, bounceSubType, bouncedRecipients[0]?.diagnosticCode ?? '']
        .filter((part) => part !== '')
        .join(', ')
      const isPermanent = bounceType === 'Permanent'
      return {
        ...to,
        reason: 'bounce',
        isPermanent,
        detail: inShort(said),
        at: Date.parse(data.bounce.timestamp),
      }
    }
    case 'Complaint': {
      const detail = inShort(data.complaint.complaintFeedbackType ?? '')
      return {
        ...to,
        reason: 'complaint',
        isPermanent: true,
        detail,
        at: Date.parse(data.complaint.timestamp),
      }
    }
  }
}

function inShort(text: string): string {
  return shortened(oneLine(text), DETAIL_LENGTH)
}
