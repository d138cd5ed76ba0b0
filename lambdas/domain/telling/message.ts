import type { Alert, Cause, LastBody } from './alert.ts'
import { titleOf } from '../watching/check.ts'
import { durationsMs } from '../watching/duration.ts'
import type { LoggedPing, PingType } from '../watching/ping.ts'
import { block, oneLine, shortened } from '../wire/plain-text.ts'
import { scheduleInWords } from '../schedule/words.ts'
import { durationInWords, instantInWords, shortDuration, shortInstant } from '../wire/words.ts'

/**
 * What an alert says, in words that every channel can use: plain text, made harmless, in no markup
 * yet.
 */
export type Message = {
  readonly subject: string
  readonly status: 'DOWN' | 'UP'
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
}

export type Fact = { readonly label: string; readonly value: string }

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
  const { check } = alert
  const lastBody = alert.lastBody && bodyOf(alert.lastBody)
  const status = alert.flip.status === 'down' ? 'DOWN' : 'UP'
  const title = oneLine(titleOf({ ...check, name: oneLine(check.name) }))
  const tookMs = durationsMs(alert.pings)
  return {
    subject: `${status} | ${title}`,
    status,
    title,
    summary: summaryOf(alert),
    note: noteOf(alert),
    facts: factsOf(alert, now),
    description: block(check.description),
    timeZone: check.timeZone,
    pings: alert.pings.map((ping) => lineOf(ping, check.timeZone, tookMs.get(ping.number))),
    ...(lastBody === undefined || lastBody.text === '' ? {} : { lastBody }),
  }
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

function summaryOf({ cause, flip, check: { timeZone } }: Alert): string {
  switch (cause.kind) {
    case 'missed':
      return `No ping came by the deadline, ${instantInWords(flip.at, timeZone)}.`
    case 'unfinished':
      return `The run that started ${instantInWords(cause.startedAt, timeZone)} did not finish within ${durationInWords(cause.limitSeconds * 1000)}.`
    case 'failed':
      return cause.exitStatus === undefined
        ? 'The job reported a failure.'
        : `The job failed with exit status ${cause.exitStatus}.`
    case 'too-short':
      return `The run was too short: it took ${durationInWords(cause.tookMs)}, less than the ${durationInWords(cause.leastSeconds * 1000)} that it should.`
    case 'too-often':
      return `The job ran too often: ${cause.count} times within ${durationInWords(cause.seconds * 1000)}.`
    case 'recovered':
      return cause.downSinceAt === undefined
        ? 'A success ping came: the check is up again.'
        : `A success ping came: the check is up again after ${durationInWords(flip.at - cause.downSinceAt)}.`
  }
}

/** That the ping may be missing because of us. */
function noteOf({ impaired, check: { timeZone } }: Alert): string {
  if (impaired === undefined) return ''
  const from = instantInWords(impaired.startedAt, timeZone)
  const until =
    impaired.endedAt === undefined ? undefined : instantInWords(impaired.endedAt, timeZone)
  const when =
    until === undefined
      ? `Since ${from} pings cannot be taken`
      : `Pings could not be taken between ${from} and ${until}`
  return `${when}: this may be the fault of the monitoring, not of the job.`
}

/**
 * The facts in the order in which somebody woken up asks for them; those that are unknown are left
 * out.
 */
function factsOf(alert: Alert, now: number): readonly Fact[] {
  const { check, cause, flip } = alert
  const instant = (at: number): string => instantInWords(at, check.timeZone)
  const past = (at: number): string => `${instant(at)}, ${durationInWords(now - at)} ago`
  const dueAt = cause.kind === 'missed' ? cause.dueAt : undefined
  const facts: readonly (readonly [label: string, value: string | undefined])[] = [
    ['Project', oneLine(alert.projectName)],
    [flip.status === 'down' ? 'Down since' : 'Up since', past(flip.at)],
    ['Was down', wasDown(cause, flip.at, instant)],
    ['Last ping', alert.lastPingAt === undefined ? 'none so far' : past(alert.lastPingAt)],
    ['Was due', dueAt === undefined ? undefined : past(dueAt)],
    ['Next due', alert.nextDueAt === undefined ? undefined : instant(alert.nextDueAt)],
    ['Schedule', oneLine(scheduleInWords(check.schedule, check.timeZone))],
    ['Grace', durationInWords(check.graceSeconds * 1000)],
    ['Tags', oneLine(check.tags)],
  ]
  return facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [{ label, value }],
  )
}

function wasDown(cause: Cause, upAt: number, instant: (at: number) => string): string | undefined {
  if (cause.kind !== 'recovered' || cause.downSinceAt === undefined) return undefined
  return `${durationInWords(upAt - cause.downSinceAt)}, since ${instant(cause.downSinceAt)}`
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
