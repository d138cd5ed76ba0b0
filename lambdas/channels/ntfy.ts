import type { Message } from '../domain/telling/message.ts'
import type { AnswerPlayer } from './played-answer.ts'
import { level, optionalText, secret, shortText, url, visibleAscii } from './fields.ts'
import { fitted } from './fitting.ts'
import { detailsIn, plain } from './message-text.ts'
import { jsonPost } from './request.ts'
import type { ChannelService, ServiceChannel } from './service.ts'

const NORMAL = 3
const publicServer = 'https://ntfy.sh'

/** Topics of ntfy, at ntfy.sh or at a server of one's own. https://docs.ntfy.sh/publish/ */
export const kind = {
  kind: 'ntfy',
  title: 'ntfy',
  isGathered: true,
  fields: () => ({
    server: url({
      help: `the URL of the server; ${publicServer} unless given`,
      example: publicServer,
      otherwise: publicServer,
    }),
    topic: secret(
      shortText({
        help: 'the topic; whoever knows it may read it, unless the server protects it',
        example: 'overdue-mKq7vR2xTf9w',
        longest: 64,
        pattern: /^[-\w]+$/,
        wanted: 'made of letters, digits, - and _',
      }),
    ),
    token: secret(
      optionalText({
        help: 'an access token of an account that may publish to the topic',
        example: 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2',
        ...visibleAscii,
      }),
    ),
    priority_down: priority('a check that went down', 5),
    priority_up: priority('a check that is up again', 3),
  }),
} as const

function priority(of: string, example: number) {
  const help = `how urgent ${of} is: 1, the least, to 5; ${NORMAL} unless given`
  return level({ help, example, from: 1, to: 5, otherwise: NORMAL })
}

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: ({ channel, message }) =>
    jsonPost(
      channel.server,
      fitted(message, (shown) => payloadOf(channel, shown), isShort),
      channel.token === undefined ? {} : { Authorization: `Bearer ${channel.token}` },
    ),
  playedAnswer,
}

/** Tags are no more than the emoji before the title: those of checks may be codes of emojis. */
function payloadOf(channel: ServiceChannel<typeof kind>, message: Message) {
  const isUp = message.status === 'UP'
  return {
    topic: channel.topic,
    title: message.subject,
    message: detailsIn(plain, message),
    tags: [isUp ? 'green_circle' : 'red_circle'],
    priority: isUp ? channel.priority_up : channel.priority_down,
    ...(message.link === undefined ? {} : { click: message.link }),
  }
}

/** Of what is longer, ntfy makes an attachment. https://docs.ntfy.sh/publish/#limitations */
const MESSAGE_BYTES = 4000
/** The server reads twice as much JSON as a message may have. */
const PAYLOAD_BYTES = 8000

function isShort(payload: ReturnType<typeof payloadOf>): boolean {
  return (
    Buffer.byteLength(payload.message) <= MESSAGE_BYTES &&
    Buffer.byteLength(JSON.stringify(payload)) <= PAYLOAD_BYTES
  )
}

/** Servers are anywhere: what is published tells them. */
function playedAnswer({ body }: Parameters<AnswerPlayer>[0]) {
  const [, topic] = /^\{"topic":("[-\w]+"),/.exec(body) ?? []
  if (topic === undefined) return undefined
  return { status: 200, body: `{"id":"mXeVa1bqQhZ3","event":"message","topic":${topic}}` }
}
