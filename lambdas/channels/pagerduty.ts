import * as z from 'zod'
import type { Message } from '../domain/telling/message.ts'
import { shortened } from '../domain/wire/plain-text.ts'
import { playedAt } from './played-answer.ts'
import { saidIn } from './error-body.ts'
import { choice, secret, shortText } from './fields.ts'
import { fitted } from './fitting.ts'
import type { Answer } from './http.ts'
import type { Attempt } from './outcome.ts'
import { jsonPost } from './request.ts'
import type { ChannelService, ServiceChannel, Telling } from './service.ts'
import { answerInWords } from './service-answer.ts'

const hosts = { us: 'events.pagerduty.com', eu: 'events.eu.pagerduty.com' } as const

/**
 * Incidents of PagerDuty.
 * https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 */
export const kind = {
  kind: 'pagerduty',
  title: 'PagerDuty',
  fields: () => ({
    routing_key: secret(
      shortText({
        help: 'the integration key of an Events API v2 integration',
        example: 'R0123456789abcdefghijklmnopqrstu',
        pattern: /^\w{32}$/,
        wanted: '32 letters and digits',
      }),
    ),
    region: choice(['us', 'eu'], {
      help: 'the service region of the account; us unless given',
      example: 'us',
      otherwise: 'us',
    }),
    severity: choice(['critical', 'error', 'warning', 'info'], {
      help: 'the severity of each incident; critical unless given',
      example: 'critical',
      otherwise: 'critical',
    }),
  }),
} as const

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: (telling) =>
    jsonPost(
      `https://${hosts[telling.channel.region]}/v2/enqueue`,
      fitted(telling.message, (shown) => eventOf({ ...telling, message: shown }), isShort),
    ),
  judge,
  playedAnswer: playedAt(
    /^events\.(eu\.)?pagerduty\.com$/,
    '{"status":"success","message":"Event processed","dedup_key":"of the event"}',
    202,
  ),
}

const LONGEST_SUMMARY = 1024
/** https://developer.pagerduty.com/docs/events-api-v2-overview#size-limits */
const EVENT_BYTES = 512_000

/** The end of an outage has the words of an event as well: the log of the incident shows them. */
function eventOf({ channel, message, outage, at }: Telling<ServiceChannel<typeof kind>>) {
  const { subject, summary, title } = message
  return {
    routing_key: channel.routing_key,
    event_action: message.status === 'UP' ? 'resolve' : 'trigger',
    dedup_key: outage,
    client: 'Overdue',
    ...(message.link === undefined ? {} : { client_url: message.link }),
    payload: {
      summary: shortened(`${subject}: ${summary}`, LONGEST_SUMMARY),
      source: title,
      severity: channel.severity,
      timestamp: new Date(at).toISOString(),
      custom_details: detailsOf(message),
    },
  }
}

function detailsOf({ note, facts, description, lastBody }: Message) {
  const details = [
    { label: 'Note', value: note },
    ...facts,
    { label: 'Description', value: description },
    { label: lastBody?.heading ?? '', value: lastBody?.text ?? '' },
  ]
  const known = details.filter(({ value }) => value !== '')
  return Object.fromEntries(known.map(({ label, value }) => [label, value]))
}

function isShort(event: ReturnType<typeof eventOf>): boolean {
  return Buffer.byteLength(JSON.stringify(event)) <= EVENT_BYTES
}

const complaint = () => z.object({ message: z.string(), errors: z.array(z.string()).default([]) })

/** A key that is no good is a bad request here, as `Invalid routing key` or among the errors. */
function judge(answer: Answer): Attempt | undefined {
  const said = answer.status === 400 ? saidIn(complaint(), answer.body) : undefined
  const isOfKey = [said?.message ?? '', ...(said?.errors ?? [])].some((text) =>
    /routing.key/i.test(text),
  )
  return isOfKey ? { kind: 'denied', reason: answerInWords(answer) } : undefined
}
