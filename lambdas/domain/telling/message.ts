import type { Alert, LastBody } from './alert.ts'
import { type Fact, factsOf } from './message/facts.ts'
import { noteOf } from './message/note.ts'
import { summaryOf } from './message/summary.ts'
import { titleOf } from '../watching/check.ts'
import { durationsMs } from '../watching/duration.ts'
import type { LoggedPing, PingType } from '../watching/ping.ts'
import { block, oneLine, shortened } from '../wire/plain-text.ts'
import { shortDuration, shortInstant } from '../wire/words.ts'

/**
 * What an alert says, in words that every channel can use: plain text, made harmless, in no markup
 * yet.
 */
export type Message = {
  readonly subject: string
  readonly status: ToldStatus
  readonly title: string
  /** What happened, in a sentence. */
  readonly summary: string
  /** What else there is to know of it, in a sentence; empty for nothing. */
  readonly note: string
  readonly facts: readonly Fact[]
  readonly description: string
  readonly timeZone: string
  /** Newest first. */
  readonly pings: readonly PingLine[]
  /** Absent where it would show nothing, which Slack refuses the whole message for. */
  readonly lastBody?: { readonly heading: string; readonly text: string }
  /** Where there is more. It is made by us, and needs no escaping. */
  readonly link?: string
}

export type ToldStatus = 'DOWN' | 'STILL DOWN' | 'UP'

/**
 * A ping in words: `took`, as in `in 5 min 3 s`, is empty unless the ping ended a run that had
 * reported its start.
 */
export type PingLine = {
  readonly number: number
  readonly type: PingType
  readonly at: string
  readonly what: string
  readonly took: string
  readonly address: string
  readonly userAgent: string
}

const USER_AGENT_LENGTH = 60

/** The alert in words, told at `now`. */
export function messageOf(alert: Alert, now: number): Message {
  const { check, link } = alert
  const lastBody = alert.lastBody && bodyOf(alert.lastBody)
  const status = statusOf(alert)
  const title = oneLine(titleOf({ ...check, name: oneLine(check.name) }))
  const tookMs = durationsMs(alert.pings)
  return {
    subject: `${status} | ${title}`,
    status,
    title,
    summary: summaryOf(alert, now),
    note: noteOf(alert),
    facts: factsOf(alert, now),
    description: block(check.description),
    timeZone: check.timeZone,
    pings: alert.pings.map((ping) => lineOf(ping, check.timeZone, tookMs.get(ping.number))),
    ...(lastBody === undefined || lastBody.text === '' ? {} : { lastBody }),
    ...(link === undefined ? {} : { link }),
  }
}

function statusOf({ flip, telling }: Alert): ToldStatus {
  if (flip.status !== 'down') return 'UP'
  return telling === undefined ? 'DOWN' : 'STILL DOWN'
}

function bodyOf({ pingNumber, tail, cut, subject }: LastBody): NonNullable<Message['lastBody']> {
  const heading = `End of the ${subject === undefined ? 'body' : 'mail'} of ping #${pingNumber}`
  return {
    heading: cut === undefined ? heading : `${heading}, cut to ${cut}`,
    text:
      subject === undefined
        ? block(tail)
        : `Subject: ${oneLine(subject)}\n\n${block(tail)}`.trimEnd(),
  }
}

function lineOf(ping: LoggedPing, timeZone: string, tookMs: number | undefined): PingLine {
  return {
    number: ping.number,
    type: ping.type,
    at: shortInstant(ping.at, timeZone),
    what: whatOf(ping),
    took: tookMs === undefined ? '' : `in ${shortDuration(tookMs)}`,
    address: oneLine(ping.address),
    userAgent: shortened(oneLine(ping.userAgent), USER_AGENT_LENGTH),
  }
}

function whatOf({ type, exitStatus }: LoggedPing): string {
  const word = type === 'ign' ? 'ignored' : type
  return exitStatus === undefined || exitStatus === 0 ? word : `${word}, exit ${exitStatus}`
}
