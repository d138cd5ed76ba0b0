import { nearInstant, on } from '../wire/words.ts'
import { awaitedRunOf } from './awaited-run.ts'
import { missOf } from './deadline.ts'
import type { Heartbeat } from './heartbeat.ts'
import { unimpaired } from './impairment.ts'
import type { Leeway } from './leeway.ts'
import { isFailedRun } from './run-result.ts'
import { snoozedUntilAt } from './snooze.ts'
import { isWithoutState } from './state-loss.ts'
import { judgedAt, statusAt } from './status-at.ts'
import { whyDown } from './why-down.ts'

/** `timeZone`: whose clocks the instants are told by; without it, those of the check. */
type ReadBy = { readonly leeway?: Leeway; readonly timeZone?: string }

/** A heartbeat at an instant, and how instants are told: as far as they need to be at another. */
type Seen = {
  readonly heartbeat: Heartbeat
  readonly now: number
  readonly leeway: Leeway
  readonly instant: (at: number, near?: number) => string
}

/**
 * Why a check is what it is, and what comes next: `Down since 04:00: nothing came between 03:30 and
 * 04:00 (Europe/Riga). The last ping, 02:12, was for the run before.` The first word is the status.
 */
export function explain(
  heartbeat: Heartbeat,
  now: number,
  { leeway = unimpaired, timeZone = heartbeat.timeZone }: ReadBy = {},
): string {
  const seen: Seen = {
    heartbeat: judgedAt(heartbeat, now, leeway),
    now,
    leeway,
    instant: (at, near = now) => nearInstant(at, near, timeZone),
  }
  const sentences = [...stateOf(seen, statusAt(heartbeat, now, leeway)), ...circumstancesOf(seen)]
  const zoned = sentences.findIndex((sentence) => /\d\d:\d\d/.test(sentence))
  return sentences
    .map((sentence, index) => `${index === zoned ? withZone(sentence, timeZone) : sentence}.`)
    .join(' ')
}

/** The zone stands behind the last of the times that it is about, not behind an exit status. */
function withZone(sentence: string, timeZone: string): string {
  return sentence.replace(
    /.*\d\d:\d\d(:\d\d)?( \(UTC[^)]+\))?/,
    (upToTime) => `${upToTime} (${timeZone})`,
  )
}

/** Sentences, without the full stop. */
type Sentences = readonly string[]

function stateOf(seen: Seen, status: ReturnType<typeof statusAt>): Sentences {
  switch (status) {
    case 'new':
      return [newness(seen), ...runUnderWay(seen)]
    case 'paused':
      return pauseOf(seen)
    case 'up':
      return [lastPingOf(seen, 'Up'), ...nextOf(seen), ...toleratedBy(seen)]
    case 'grace':
      return [...latenessOf(seen), ...runUnderWay(seen), ...toleratedBy(seen)]
    case 'down':
      return whyDown(seen.heartbeat, seen.instant)
  }
}

function newness({ heartbeat, instant }: Seen): string {
  const { since, lostAt, pingCount } = heartbeat
  if (lostAt !== undefined && isWithoutState(heartbeat))
    return `New: what its pings had left was lost ${on(instant(lostAt))}, and nothing is expected before the next ping`
  if (since !== undefined)
    return `New since ${instant(since.at)}: it was resumed, and nothing is expected before its next ping`
  return pingCount === 0
    ? 'New: no ping has come yet, and nothing is expected before the first'
    : 'New: no run has ended yet, and nothing is expected before the first one does'
}

function pauseOf({ heartbeat: { since, manualResume }, instant }: Seen): Sentences {
  const start = since === undefined ? 'Paused' : `Paused since ${instant(since.at)}`
  return [
    `${start}: nothing is expected`,
    manualResume ? 'Pings do not resume it' : 'Its next success resumes it',
  ]
}

function lastPingOf({ heartbeat: { lastPingAt }, instant }: Seen, status: string): string {
  return lastPingAt === undefined
    ? status
    : `${status}: the last ping came ${on(instant(lastPingAt))}`
}

function nextOf(seen: Seen): Sentences {
  const { heartbeat, leeway, instant } = seen
  const underWay = runUnderWay(seen)
  if (underWay.length > 0) return underWay
  const awaited = awaitedRunOf(heartbeat, leeway)
  if (awaited === undefined) return ['No further run is scheduled']
  const what = heartbeat.schedule.kind === 'simple' ? 'ping is' : 'run is'
  const deadline = on(instant(awaited.deadline, awaited.dueAt))
  return [
    `The next ${what} due ${on(instant(awaited.dueAt))}, and ${missed(heartbeat)} ${deadline}`,
  ]
}

/** What happens at a deadline. */
function missed({ rules }: Heartbeat): string {
  return rules?.failures === undefined
    ? 'without it the check goes down'
    : 'without it the run counts as missed'
}

function latenessOf({ heartbeat, leeway, instant }: Seen): Sentences {
  const awaited = awaitedRunOf(heartbeat, leeway)
  if (awaited === undefined) return ['Late']
  const { dueAt, deadline } = awaited
  const last = heartbeat.lastPingAt
  return [
    `Late: a ping was due ${on(instant(dueAt))}, and ${missed(heartbeat)} ${on(instant(deadline, dueAt))}`,
    ...(last === undefined ? [] : [`The last one came ${on(instant(last))}`]),
  ]
}

function runUnderWay({ heartbeat, leeway, instant }: Seen): Sentences {
  const { running } = heartbeat
  if (running === undefined) return []
  const miss = missOf(heartbeat, leeway)
  const start = `A run started ${on(instant(running.startedAt))}`
  return [miss === undefined ? start : `${start}, and has to end by ${instant(miss.at)}`]
}

function toleratedBy({ heartbeat: { rules, results = [] } }: Seen): Sentences {
  const failed = results.filter(isFailedRun).length
  if (rules?.failures === undefined || failed === 0) return []
  const { count, of } = rules.failures
  return [`${failed} of its last ${results.length} runs failed: ${count} of ${of} bring it down`]
}

/** What holds alerts, or puts deadlines off. */
function circumstancesOf({ heartbeat, now, leeway, instant }: Seen): Sentences {
  const snoozedUntil = snoozedUntilAt(heartbeat, now)
  const planned = leeway.planned?.(now, now)
  const { startedAt, endedAt = 0 } = leeway.intervals.at(-1) ?? { startedAt: 0 }
  const isHeldBack = startedAt > 0 && endedAt === 0 && heartbeat.status === 'up'
  return [
    ...(snoozedUntil === undefined
      ? []
      : [`Its alerts are snoozed until ${instant(snoozedUntil)}`]),
    ...(planned === undefined
      ? []
      : [`A maintenance window is open until ${instant(planned.endedAt)}`]),
    ...(isHeldBack
      ? [`Pings cannot be taken since ${instant(startedAt)}, so its deadline is put off`]
      : []),
  ]
}
