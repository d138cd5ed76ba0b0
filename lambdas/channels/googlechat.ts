import type { Message } from '../domain/telling/message.ts'
import { playedAt } from './played-answer.ts'
import { secret, url } from './fields.ts'
import { fitted } from './fitting.ts'
import { detailsIn, headlineIn, indented, LINK_WORDS, type Markup, plain } from './message-text.ts'
import { jsonPost, withQuery } from './request.ts'
import type { ChannelService, ServiceChannel } from './service.ts'
import { answerInWords } from './service-answer.ts'
import { withEntities } from '../domain/wire/entities.ts'

/** Webhooks of Google Chat. https://developers.google.com/workspace/chat/quickstart/webhooks */
export const kind = {
  kind: 'googlechat',
  title: 'Google Chat',
  isGathered: true,
  fields: () => ({
    url: secret(
      url({
        help: 'the URL of a webhook',
        example:
          'https://chat.googleapis.com/v1/spaces/AAAAAAAAAAA/messages?key=abcdefghijklmnopqrstuvwx&token=ABCDEFGHIJKLMNOPQRSTUVWX',
      }),
    ),
  }),
} as const

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  /** Spaces without threads ignore the key. */
  request({ channel, message, outage }) {
    const query = { messageReplyOption: 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD' }
    const payload = fitted(message, (shown) => payloadOf(shown, outage), isShort)
    return jsonPost(withQuery(channel.url, query), payload, {
      'Content-Type': 'application/json; charset=UTF-8',
    })
  },
  /** A wrong token is a 403, but a wrong key is a bad request. */
  judge: (answer) =>
    answer.status === 400 && answer.body.includes('API_KEY_INVALID')
      ? { kind: 'denied', reason: answerInWords(answer) }
      : undefined,
  /** The space is gone, or the webhook. */
  gone: [404],
  playedAnswer: playedAt(
    /^chat\.googleapis\.com$/,
    '{"name":"spaces/AAAAAAAAAAA/messages/BBB.BBB"}',
  ),
}

function payloadOf(message: Message, threadKey: string) {
  const title = unmarked(headlineIn(plain, message))
  const { link } = message
  const details = detailsIn(html, message)
  const text = [details, ...(link === undefined ? [] : [`<a href="${link}">${LINK_WORDS}</a>`])]
    .join('\n\n')
    .replaceAll('\n', '<br>')
  return {
    cardsV2: [
      { card: { header: { title }, sections: [{ widgets: [{ textParagraph: { text } }] }] } },
    ],
    fallbackText: `${title}\n${unmarked(message.summary)}`,
    thread: { threadKey },
  }
}

/** https://developers.google.com/workspace/chat/api/guides/v1/messages/create */
const LONGEST = 32_000

function isShort(payload: ReturnType<typeof payloadOf>): boolean {
  return Buffer.byteLength(JSON.stringify(payload)) <= LONGEST
}

/** https://developers.google.com/workspace/chat/format-messages#card-formatting */
const html: Markup = {
  escaped: withEntities,
  strong: (text) => `<b>${text}</b>`,
  quoted: (text) => withEntities(indented(text)),
}

/** Text that is shown as it is, with a gap of no width where `<users/all>` would begin. */
function unmarked(text: string): string {
  return text.replaceAll('<', '<\u200b')
}
