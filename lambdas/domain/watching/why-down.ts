import { on, ordinal } from '../wire/words.ts'
import type { DownCause } from './down-cause.ts'
import { failureInWords } from './failure-in-words.ts'
import type { Heartbeat, Since } from './heartbeat.ts'

/** Tells an instant, as far as it needs to be told at another one; without it, now. */
type Instant = (at: number, near?: number) => string

/** Why a check is down and what has come since, in sentences without their full stops. */
export function whyDown(heartbeat: Heartbeat, instant: Instant): readonly string[] {
  const { since } = heartbeat
  if (since === undefined) return ['Down', ...comeSince(heartbeat, instant)]
  const { cause } = since
  const start = `Down since ${instant(since.at)}`
  return [
    cause === undefined
      ? start
      : `${start}: ${reason(heartbeat, { at: since.at, cause }, instant)}`,
    ...countedIn(cause),
    ...lastBefore(heartbeat, since, instant),
    ...comeSince(heartbeat, instant),
  ]
}

type Down = { readonly at: number; readonly cause: DownCause }

function reason({ lastPing }: Heartbeat, { at, cause }: Down, instant: Instant): string {
  if (cause.kind !== 'missed') return failureInWords(cause, (of) => on(instant(of, at)))
  const { dueAt } = cause
  const wait = `came between ${instant(dueAt, at)} and ${instant(at, at)}`
  const isOther = lastPing !== undefined && lastPing.at >= dueAt && lastPing.at <= at
  return isOther ? `no success ${wait}, but another ping did` : `nothing ${wait}`
}

function countedIn(cause: DownCause | undefined): readonly string[] {
  const count = cause?.among?.length ?? 0
  return count < 2 ? [] : [`It was the ${ordinal(count)} failure that counted`]
}

/** Of a missed run: which ping was the last before it. */
function lastBefore(
  { lastPingAt, schedule }: Heartbeat,
  { cause }: Since,
  instant: Instant,
): readonly string[] {
  if (cause?.kind !== 'missed' || lastPingAt === undefined || lastPingAt >= cause.dueAt) return []
  return schedule.kind === 'simple'
    ? [`The last ping came ${on(instant(lastPingAt))}`]
    : [`The last ping, ${instant(lastPingAt)}, was for the run before`]
}

/** Of a check that is down: runs that have ended or begun since. */
function comeSince(
  { since, lastPingAt, successCount = 0, rules, running }: Heartbeat,
  instant: Instant,
): readonly string[] {
  const isLater = lastPingAt !== undefined && since !== undefined && lastPingAt > since.at
  const needed = rules?.successes ?? 1
  return [
    ...(isLater && successCount === 0
      ? [`The last ping, ${instant(lastPingAt)}, was no success`]
      : []),
    ...(successCount > 0 ? [`${successCount} of ${needed} successes have come since`] : []),
    ...(running === undefined ? [] : [`A run started ${on(instant(running.startedAt))}`]),
  ]
}
