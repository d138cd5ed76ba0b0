import type { Alert, Cause } from '../alert.ts'
import type { FailedRun } from '../../watching/down-cause.ts'
import { scheduleInWords } from '../../schedule/words.ts'
import { oneLine } from '../../wire/plain-text.ts'
import { durationInWords, instantInWords } from '../../wire/words.ts'

/** A value of several lines is a list. */
export type Fact = { readonly label: string; readonly value: string }

/**
 * The facts in the order in which somebody woken up asks for them; those that are unknown are left
 * out.
 */
export function factsOf(alert: Alert, now: number): readonly Fact[] {
  const { check, cause, flip } = alert
  const instant = (at: number): string => instantInWords(at, check.timeZone)
  const past = (at: number): string => `${instant(at)}, ${durationInWords(now - at)} ago`
  const dueAt = cause.kind === 'missed' ? cause.dueAt : undefined
  const facts: readonly (readonly [label: string, value: string | undefined])[] = [
    ['Project', oneLine(alert.projectName)],
    [flip.status === 'down' ? 'Down since' : 'Up since', past(flip.at)],
    ['Failures', failuresIn(cause, instant)],
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

/** The failures that counted, oldest first, a line each; one alone is told of elsewhere. */
function failuresIn(cause: Cause, instant: (at: number) => string): string | undefined {
  if (cause.kind === 'recovered' || cause.among === undefined || cause.among.length < 2)
    return undefined
  return cause.among.map((run) => `${instant(run.at)}: ${failureIn(run)}`).join('\n')
}

function failureIn({ kind, exitStatus }: FailedRun): string {
  switch (kind) {
    case 'missed':
      return 'missed'
    case 'unfinished':
      return 'not finished in time'
    case 'failed':
      return exitStatus === undefined ? 'failed' : `failed with exit status ${exitStatus}`
    case 'too-short':
      return 'too short'
    case 'too-often':
      return 'too often'
  }
}

function wasDown(cause: Cause, upAt: number, instant: (at: number) => string): string | undefined {
  if (cause.kind !== 'recovered' || cause.downSinceAt === undefined) return undefined
  return `${durationInWords(upAt - cause.downSinceAt)}, since ${instant(cause.downSinceAt)}`
}
