import type { Message } from '../domain/telling/message.ts'
import type { AnswerPlayer } from './played-answer.ts'
import { secret, url } from './fields.ts'
import { fitted } from './fitting.ts'
import { markdown } from './markdown.ts'
import { colours, messageIn, withLink } from './message-text.ts'
import { jsonPost } from './request.ts'
import type { ChannelService, ServiceChannel } from './service.ts'

/**
 * Incoming webhooks of Mattermost, wherever its server is.
 * https://developers.mattermost.com/integrate/webhooks/incoming/
 */
export const kind = {
  kind: 'mattermost',
  title: 'Mattermost',
  isGathered: true,
  fields: () => ({
    url: secret(
      url({
        help: 'the URL of an incoming webhook',
        example: 'https://mattermost.example.com/hooks/xd3pfbtgptyxmkeh8bnpqfcssr',
      }),
    ),
  }),
} as const

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: ({ channel, message }) => jsonPost(channel.url, fitted(message, payloadOf, isShort)),
  /** The channel was deleted. A hook that was deleted gets a 400. */
  gone: [404],
  playedAnswer,
}

/** https://developers.mattermost.com/integrate/reference/message-attachments/ */
function payloadOf(message: Message) {
  const { subject, summary, status } = message
  return {
    attachments: [
      {
        /** For notifications, which show it as it is. */
        fallback: `${subject}\n${summary}`,
        color: colours[status],
        text: withLink(messageIn(markdown, message), message),
      },
    ],
  }
}

/** As long as a post may be. An attachment may be longer, but nobody reads it. */
const LONGEST = 16_383

function isShort(payload: ReturnType<typeof payloadOf>): boolean {
  return JSON.stringify(payload).length <= LONGEST
}

/** Servers are anywhere: the path tells them. */
function playedAnswer({ url: called }: Parameters<AnswerPlayer>[0]) {
  return /\/hooks\/\w+$/.test(new URL(called).pathname) ? { status: 200, body: 'ok' } : undefined
}
