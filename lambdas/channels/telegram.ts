import * as z from 'zod'
import type { Message } from '../domain/telling/message.ts'
import type { HttpRequest } from '../domain/telling/webhook-request.ts'
import { playedAt } from './played-answer.ts'
import { saidIn } from './error-body.ts'
import { optionalCount, secret, shortText } from './fields.ts'
import { fitted } from './fitting.ts'
import type { Answer } from './http.ts'
import { type Markup, messageIn, withLink } from './message-text.ts'
import type { Attempt } from './outcome.ts'
import { jsonPost } from './request.ts'
import type { ChannelService, ServiceChannel } from './service.ts'
import { answerInWords } from './service-answer.ts'
import { withEntities } from '../domain/wire/entities.ts'

/** Chats of Telegram, by a bot of one's own. https://core.telegram.org/bots/api#sendmessage */
export const kind = {
  kind: 'telegram',
  title: 'Telegram',
  isGathered: true,
  fields: () => ({
    token: secret(
      shortText({
        help: 'the token of a bot, as @BotFather shows it',
        example: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
        pattern: /^\d+:[\w-]+$/,
        wanted: 'a number, a colon, and letters, digits, - and _',
      }),
    ),
    chat_id: shortText({
      help: 'the id of the chat, or the @name of a public one',
      example: '-1001234567890',
      pattern: /^(-?\d+|@\w+)$/,
      wanted: 'a number or an @name',
    }),
    topic_id: optionalCount({ help: 'the id of a topic of the group', example: 42 }),
  }),
} as const

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: ({ channel, message }) =>
    jsonPost(
      `https://api.telegram.org/bot${channel.token}/sendMessage`,
      fitted(message, (shown) => payloadOf(channel, shown), isShort),
    ),
  judge,
  moved,
  playedAnswer: playedAt(/^api\.telegram\.org$/, '{"ok":true,"result":{"message_id":1}}'),
}

function payloadOf({ chat_id, topic_id }: ServiceChannel<typeof kind>, message: Message) {
  return {
    chat_id,
    ...(topic_id === undefined ? {} : { message_thread_id: topic_id }),
    text: withLink(messageIn(html, message), message),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
  }
}

/** Of the text without its markup, so that this leaves some room. */
const LONGEST = 4096

function isShort({ text }: ReturnType<typeof payloadOf>): boolean {
  return text.length <= LONGEST
}

/**
 * Telegram takes each `@name` for a mention, but in preformatted text. A word joiner behind the `@`
 * keeps it from being one. https://core.telegram.org/bots/api#html-style
 */
const html: Markup = {
  escaped: (text) => withEntities(text).replace(/(?<!\w)@(?=\w)/g, '@\u2060'),
  strong: (escaped) => `<b>${escaped}</b>`,
  quoted: (text) => `<pre>${withEntities(text)}</pre>`,
}

// https://core.telegram.org/bots/api#making-requests
const complaint = () =>
  z.object({
    ok: z.literal(false),
    parameters: z
      .object({ retry_after: z.number().optional(), migrate_to_chat_id: z.int().optional() })
      .optional(),
  })

/**
 * A bot without a right token is unknown (401, 404). What is forbidden is forbidden by the chat:
 * people let the bot in again without a change of the channel.
 */
function judge(answer: Answer): Attempt | undefined {
  const said = saidIn(complaint(), answer.body)
  if (said === undefined) return undefined
  const reason = answerInWords(answer)
  const seconds = said.parameters?.retry_after
  if (seconds !== undefined) return { kind: 'postponed', seconds, reason }
  if (answer.status === 403 || answer.status < 300) return { kind: 'refused', reason }
  return answer.status === 404 ? { kind: 'denied', reason } : undefined
}

/** A group that becomes a supergroup has a new id from then on. */
function moved(request: HttpRequest, { body }: Answer) {
  const id = saidIn(complaint(), body)?.parameters?.migrate_to_chat_id
  if (id === undefined) return undefined
  const payload = { ...(JSON.parse(request.body) as object), chat_id: id.toString() }
  return {
    request: { ...request, body: JSON.stringify(payload) },
    remark: `the group has become a supergroup: set chat_id to ${id}`,
  }
}
