import * as z from 'zod'
import type { Message } from '../domain/telling/message.ts'
import { playedAt } from './played-answer.ts'
import { saidIn } from './error-body.ts'
import { secret, url } from './fields.ts'
import { fitted } from './fitting.ts'
import { markdown } from './markdown.ts'
import { colours, messageIn, withLink } from './message-text.ts'
import { jsonPost, withQuery } from './request.ts'
import type { ChannelService, ServiceChannel } from './service.ts'
import { answerInWords } from './service-answer.ts'

/** Webhooks of Discord. https://docs.discord.com/developers/resources/webhook#execute-webhook */
export const kind = {
  kind: 'discord',
  title: 'Discord',
  isGathered: true,
  fields: () => ({
    url: secret(
      url({
        help: 'the URL of a webhook',
        example: 'https://discord.com/api/webhooks/1234567890123456789/abcdefghijklmnopqrstuvwxyz',
      }),
    ),
  }),
} as const

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  /** Without `wait`, Discord says that it took what it then did not save. */
  request: ({ channel, message }) =>
    jsonPost(withQuery(channel.url, { wait: 'true' }), fitted(message, payloadOf, isShort)),
  /** https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit */
  judge(answer) {
    const seconds = answer.status === 429 ? saidIn(limited(), answer.body)?.retry_after : undefined
    return seconds === undefined
      ? undefined
      : { kind: 'postponed', seconds: Math.ceil(seconds), reason: answerInWords(answer) }
  },
  /** Its errors 10003, unknown channel, and 10015, unknown webhook. */
  gone: [404],
  turnsAway: ({ body }) => saidIn(blocked(), body) !== undefined,
  playedAnswer: playedAt(/^discord(app)?\.com$/, '{"id":"1234567890123456789","type":0}'),
}

/**
 * Its filters of messages, such as 240000, harmful links; and 40333, by which Cloudflare blocks an
 * address: https://github.com/discord/discord-api-docs/issues/6473
 */
const blocked = () => z.object({ code: z.literal(40_333).or(z.int().min(200_000)) })

const limited = () => z.object({ retry_after: z.number().nonnegative() })

function payloadOf(message: Message) {
  const color = Number.parseInt(colours[message.status].slice(1), 16)
  return {
    embeds: [{ description: withLink(messageIn(markdown, message), message), color }],
    allowed_mentions: { parse: [] },
  }
}

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const LONGEST_DESCRIPTION = 4096

function isShort({ embeds }: ReturnType<typeof payloadOf>): boolean {
  return embeds.every(({ description }) => description.length <= LONGEST_DESCRIPTION)
}
