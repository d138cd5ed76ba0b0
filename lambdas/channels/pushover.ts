import * as z from 'zod'
import { shortened } from '../domain/wire/plain-text.ts'
import { playedAt } from './played-answer.ts'
import { saidIn } from './error-body.ts'
import { level, secret, shortText } from './fields.ts'
import { fitted } from './fitting.ts'
import { detailsIn, LINK_WORDS, plain } from './message-text.ts'
import type { ChannelService, ServiceChannel, Telling } from './service.ts'
import { answerInWords } from './service-answer.ts'

const NORMAL = 0
const EMERGENCY = 2

/** Messages by Pushover, in the name of an application of one's own. https://pushover.net/api */
export const kind = {
  kind: 'pushover',
  title: 'Pushover',
  isGathered: true,
  fields: () => ({
    token: secret(
      shortText({
        help: 'the API token of an application',
        example: 'azGDORePK8gMaC0QOYAMyEEuzJnyUi',
        pattern: /^[A-Za-z0-9]{30}$/,
        wanted: '30 letters and digits',
      }),
    ),
    user: secret(
      shortText({
        help: 'the key of a user or a group, or up to 50 keys of users with commas between them',
        example: 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG',
        longest: 50 * 31,
        pattern: /^[A-Za-z0-9]{30}(,[A-Za-z0-9]{30}){0,49}$/,
        wanted: 'a key of 30 letters and digits, or several',
      }),
    ),
    priority_down: priority('a check that went down', EMERGENCY),
    priority_up: priority('a check that is up again', NORMAL),
  }),
} as const

function priority(of: string, example: number) {
  const help = `how urgent ${of} is: -2, the least, to 2, an emergency; ${NORMAL} unless given`
  return level({ help, example, from: -2, to: EMERGENCY, otherwise: NORMAL })
}

export const service: ChannelService<ServiceChannel<typeof kind>> = {
  kind,
  request: (telling) => ({
    method: 'POST',
    url: 'https://api.pushover.net/1/messages.json',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(formOf(telling)).toString(),
  }),
  /** https://pushover.net/api#friendly: a request that got a 4xx is never to be sent again. */
  judge: (answer) =>
    saidIn(complaint(), answer.body)?.token === 'invalid'
      ? { kind: 'denied', reason: answerInWords(answer) }
      : undefined,
  playedAnswer: playedAt(
    /^api\.pushover\.net$/,
    '{"status":1,"request":"647d2300-702c-4b38-8b2f"}',
  ),
}

const complaint = () => z.object({ token: z.string() })

// https://pushover.net/api#limits
const LONGEST_TITLE = 250
const LONGEST_MESSAGE = 1024

/** An emergency sounds each minute until somebody acknowledges it, for three hours at most. */
const urgency = { retry: '60', expire: '10800' }

function formOf({ channel, message, at }: Telling<ServiceChannel<typeof kind>>) {
  const priority = message.status === 'UP' ? channel.priority_up : channel.priority_down
  return {
    token: channel.token,
    user: channel.user,
    title: shortened(message.subject, LONGEST_TITLE),
    message: fitted(message, (shown) => detailsIn(plain, shown), isShort),
    timestamp: Math.floor(at / 1000).toString(),
    priority: priority.toString(),
    ...(message.link === undefined ? {} : { url: message.link, url_title: LINK_WORDS }),
    ...(priority === EMERGENCY ? urgency : {}),
  }
}

function isShort(text: string): boolean {
  return Array.from(text).length <= LONGEST_MESSAGE
}
