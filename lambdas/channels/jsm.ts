import { shortenedToUnits } from '../domain/wire/plain-text.ts'
import { playedAt } from './played-answer.ts'
import { optionalChoice, secret, shortText, visibleAscii } from './fields.ts'
import { fitted } from './fitting.ts'
import { headlineIn, type Markup, messageIn, withLink } from './message-text.ts'
import { jsonPost } from './request.ts'
import type { ChannelService, ServiceChannel } from './service.ts'

/**
 * Alerts of Jira Service Management.
 * https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v1/api-group-integration-events/
 */
export const kind = {
  kind: 'jsm',
  title: 'Jira Service Management',
  fields: () => ({
    api_key: secret(
      shortText({
        help: 'the API key of an integration of type API',
        example: 'eb243592-faa2-4ba2-a551-1afdf565c889',
        ...visibleAscii,
      }),
    ),
    priority: optionalChoice(['P1', 'P2', 'P3', 'P4', 'P5'], {
      help: 'the priority of each alert; that of the integration unless given',
      example: 'P2',
    }),
  }),
} as const

const alerts = 'https://api.atlassian.com/jsm/ops/integration/v2/alerts'

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: ({ channel, message, outage }) => {
    const text = fitted(message, (shown) => withLink(messageIn(inert, shown), shown), isShort)
    const headers = { Authorization: `GenieKey ${channel.api_key}` }
    if (message.status === 'UP') {
      const close = `${alerts}/${encodeURIComponent(outage)}/close?identifierType=alias`
      return jsonPost(close, { source, note: text }, headers)
    }
    const { priority } = channel
    const alert = {
      message: shortenedToUnits(headlineIn(inert, message), LONGEST_MESSAGE),
      alias: outage,
      description: text,
      entity: withoutTags(message.title),
      source,
      ...(priority === undefined ? {} : { priority }),
    }
    return jsonPost(alerts, alert, headers)
  },
  playedAnswer: playedAt(
    /^api\.atlassian\.com$/,
    '{"result":"Request will be processed","took":0.1,"requestId":"43a29c5c-3dbf-4fa4"}',
    202,
  ),
}

const source = 'Overdue'

// https://docs.opsgenie.com/docs/alerts-and-alert-fields
const LONGEST_MESSAGE = 130
const LONGEST_DESCRIPTION = 15_000

function isShort(text: string): boolean {
  return text.length <= LONGEST_DESCRIPTION
}

/** The fields may hold HTML, and are shown without it in messages: a word joiner ends a tag. */
const inert: Markup = { escaped: withoutTags, strong: (text) => text, quoted: withoutTags }

function withoutTags(text: string): string {
  return text.replaceAll('<', '<\u2060')
}
