import type { Message } from '../domain/telling/message.ts'
import { playedAt } from './played-answer.ts'
import { secret, url } from './fields.ts'
import { fitted } from './fitting.ts'
import { LINK_WORDS, marks } from './message-text.ts'
import { jsonPost } from './request.ts'
import type { ChannelService, ServiceChannel } from './service.ts'
import { withEntities } from '../domain/wire/entities.ts'

/**
 * Incoming webhooks of Slack.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export const kind = {
  kind: 'slack',
  title: 'Slack',
  isGathered: true,
  fields: () => ({
    url: secret(
      url({
        help: 'the URL of an incoming webhook',
        example: 'https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx',
      }),
    ),
  }),
} as const

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: ({ channel, message }) => jsonPost(channel.url, fitted(message, payloadOf, isShort)),
  /** Its errors no_service, channel_not_found and channel_is_archived. */
  gone: [404, 410],
  playedAnswer: playedAt(/^hooks\.slack\.com$/, 'ok'),
}

// https://docs.slack.dev/reference/block-kit/blocks
const LONGEST_HEADER = 150
const LONGEST_SECTION = 3000
const LONGEST_FIELD = 2000
/** Of the whole message, which Slack cuts off at 40,000 characters. */
const LONGEST = 12_000

/** The blocks, and the same once more for notifications and readers of screens. */
function payloadOf(message: Message) {
  const { subject, status, summary, note, facts, description, lastBody, link } = message
  const headline = `${marks[status]} ${subject}`
  const blocks = [
    lengthOf(headline) <= LONGEST_HEADER
      ? { type: 'header', text: plainText(headline) }
      : section(headline),
    section([summary, note].filter((text) => text !== '').join('\n')),
    ...(facts.length === 0 ? [] : [{ type: 'section', fields: facts.map(fieldOf) }]),
    ...(description === '' ? [] : [section(description)]),
    ...(lastBody === undefined ? [] : [section(lastBody.heading), preformatted(lastBody.text)]),
    ...(link === undefined ? [] : [linked(link)]),
  ]
  // https://docs.slack.dev/messaging/formatting-message-text#escaping
  return { text: withEntities(`${headline}\n${summary}`), blocks }
}

function isShort(payload: ReturnType<typeof payloadOf>): boolean {
  const texts = payload.blocks.flatMap((block) => ('text' in block ? [block.text.text] : []))
  const fields = payload.blocks.flatMap((block) => ('fields' in block ? block.fields : []))
  return (
    texts.every((text) => lengthOf(text) <= LONGEST_SECTION) &&
    fields.every(({ text }) => lengthOf(text) <= LONGEST_FIELD) &&
    JSON.stringify(payload).length <= LONGEST
  )
}

function section(text: string) {
  return { type: 'section', text: plainText(text) }
}

function linked(url: string) {
  const text = `<${url}|${LINK_WORDS}>`
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }
}

function fieldOf({ label, value }: Message['facts'][number]) {
  return plainText(`${label}\n${value}`)
}

/** Shown as it is: no markup, no mentions, no `:emoji:`. */
function plainText(text: string) {
  return { type: 'plain_text', text, emoji: false }
}

function preformatted(text: string) {
  const element = { type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }
  return { type: 'rich_text', elements: [element] }
}

/** The most that a text may count for: nothing says whether Slack counts it escaped. */
function lengthOf(text: string): number {
  return withEntities(text).length
}
