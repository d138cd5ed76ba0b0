import * as z from 'zod'
import { shortened } from '../domain/wire/plain-text.ts'
import { playedAt } from './played-answer.ts'
import { saidIn } from './error-body.ts'
import { secret, shortText, url } from './fields.ts'
import { fitted } from './fitting.ts'
import { detailsIn, plain, withLink } from './message-text.ts'
import { jsonPost } from './request.ts'
import type { ChannelService, ServiceChannel } from './service.ts'
import { answerInWords } from './service-answer.ts'

/**
 * Incidents of Splunk On-Call, by its REST endpoint.
 * https://docs.splunk.com/observability/en/sp-oncall/spoc-integrations/rest-endpoint-integration-guide.html
 */
export const kind = {
  kind: 'splunkoncall',
  title: 'Splunk On-Call',
  fields: () => ({
    url: secret(
      url({
        help: 'the URL of the REST endpoint, without its routing key',
        example:
          'https://alert.victorops.com/integrations/generic/20131114/alert/01234567-89ab-cdef-0123-456789abcdef',
      }),
    ),
    routing_key: shortText({
      help: 'the routing key of who is told',
      example: 'database',
      pattern: /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}]+$/u,
      wanted: 'the name of a key',
    }),
  }),
} as const

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: ({ channel, message, outage, at }) =>
    jsonPost(urlOf(channel), {
      message_type: message.status === 'UP' ? 'RECOVERY' : 'CRITICAL',
      entity_id: outage,
      entity_display_name: shortened(message.subject, LONGEST_NAME),
      state_message: fitted(message, (shown) => withLink(detailsIn(plain, shown), shown), isShort),
      state_start_time: Math.floor(at / 1000),
      monitoring_tool: 'Overdue',
    }),
  judge: (answer) =>
    saidIn(complaint(), answer.body) !== undefined && answer.status < 300
      ? { kind: 'refused', reason: answerInWords(answer) }
      : undefined,
  playedAnswer: playedAt(
    /^alert\.victorops\.com$/,
    '{"result":"success","entity_id":"of the alert"}',
  ),
}

const complaint = () => z.object({ result: z.literal('failure') })

/** What people paste may end in a placeholder for the key. */
function urlOf({ url, routing_key }: ServiceChannel<typeof kind>): string {
  return `${url.replace(/\/+((\$|%24)routing_key)?$/, '')}/${encodeURIComponent(routing_key)}`
}

// https://docs.splunk.com/observability/en/sp-oncall/alerts/incident-fields-glossary.html
const LONGEST_NAME = 1024
const LONGEST_MESSAGE = 20_480

function isShort(text: string): boolean {
  return text.length <= LONGEST_MESSAGE
}
