import { playedAt } from './played-answer.ts'
import { secret, shortText, url } from './fields.ts'
import { fitted } from './fitting.ts'
import { messageIn, plain, withLink } from './message-text.ts'
import type { ChannelService, ServiceChannel } from './service.ts'
import { shortened } from '../domain/wire/plain-text.ts'

/** Channels of Zulip, by a bot of one's own. https://zulip.com/api/send-message */
export const kind = {
  kind: 'zulip',
  title: 'Zulip',
  isGathered: true,
  fields: () => ({
    site: url({ help: 'where the organization is', example: 'https://example.zulipchat.com' }),
    bot_email: shortText({ help: 'the address of a bot', example: 'overdue-bot@example.com' }),
    api_key: secret(
      shortText({ help: 'the API key of the bot', example: 'gK4vXwq2TzB7mLr9cYdNfHs3pJu6eAQy' }),
    ),
    to: shortText({ help: 'the name of the channel that is told', example: 'operations' }),
  }),
} as const

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: ({ channel: { site, bot_email, api_key, to }, message }) => ({
    method: 'POST',
    url: new URL('/api/v1/messages', site).href,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: `Basic ${Buffer.from(`${bot_email}:${api_key}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      type: 'channel',
      to,
      topic: shortened(message.title, LONGEST_TOPIC),
      content: fitted(
        message,
        (shown) => withLink(fenced(messageIn(plain, shown)), shown),
        isShort,
      ),
    }).toString(),
  }),
  playedAnswer: playedAt(/zulip/, '{"result":"success","msg":"","id":42}'),
}

const LONGEST_TOPIC = 60
const LONGEST_CONTENT = 10_000

/** Zulip has no escapes, and reads nothing in a block of code: no markup, no mention, no emoji. */
function fenced(text: string): string {
  return `\`\`\`text\n${text.replace(/```|~~~/g, (fence) => fence.split('').join('\u200b'))}\n\`\`\``
}

function isShort(content: string): boolean {
  return Buffer.byteLength(content) <= LONGEST_CONTENT
}
