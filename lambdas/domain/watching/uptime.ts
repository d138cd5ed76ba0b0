import { type Flip, flipKey } from './flip.ts'
import type { Since, Status } from './heartbeat.ts'
import { inside, lengthOf, merged, outside, type Span } from './spans.ts'

/** What is known of the past of a check: its flips in any order, and what it is now. */
export type History = {
  readonly createdAt: number
  readonly status: Status
  readonly since?: Pick<Since, 'at' | 'count'> | undefined
  readonly flips: readonly Flip[]
}

/**
 * How much of a time a check was observed, and down in it. A check that is late, or has a run under
 * way, is up.
 */
export type Uptime = {
  readonly observedMs: number
  readonly downMs: number
  /** How many times it was down, those that began before included. */
  readonly downtimes: number
}

/** A time in which a check had one status. */
export type StatusSpan = Span & { readonly status: Status }

/**
 * The uptime in a time that is not later than now. Not observed is what lies before the check's
 * creation, or in `excused` time, and what it was new or paused in. Several checks together are
 * down while any of them is.
 */
export function uptimeOf(
  histories: readonly History[],
  range: Span,
  excused: readonly Span[] = [],
): Uptime {
  const spans = histories.flatMap((history) => statusSpansOf(history, range))
  const counted = (some: readonly Span[]) => lengthOf(outside(excused, some))
  const downtimes = merged(spans.filter(isDown))
  return {
    observedMs: counted(spans.filter(isObserved)),
    downMs: counted(downtimes),
    downtimes: downtimes.filter((downtime) => counted([downtime]) > 0).length,
  }
}

/** What a check was from its creation on, in order and inside a time. */
export function statusSpansOf(history: History, range: Span): readonly StatusSpan[] {
  const changes = changesOf(history)
  return changes.flatMap(({ at, status }, index) => {
    const to = changes[index + 1]?.at ?? Infinity
    return inside(range, [{ from: at, to }]).map((span) => ({ ...span, status }))
  })
}

/**
 * The share of time that a check was up, rounded down to two digits, so that it is whole only if
 * the check was never down. Undefined while nothing was observed.
 */
export function percentOf({ observedMs, downMs }: Uptime): string | undefined {
  return shareInPercent(observedMs - downMs, observedMs)
}

/** A share, rounded down to two digits; undefined of nothing. */
export function shareInPercent(part: number, whole: number): string | undefined {
  return whole === 0 ? undefined : `${Math.floor((part * 10_000) / whole) / 100} %`
}

function isObserved({ status }: StatusSpan): boolean {
  return status === 'up' || status === 'down'
}

function isDown({ status }: StatusSpan): boolean {
  return status === 'down'
}

type Change = { readonly at: number; readonly status: Status }

/**
 * The first flip says what the check was before it. The log is some seconds late: what the
 * heartbeat knows of the last flip is added.
 */
function changesOf({ createdAt, status, since, flips }: History): readonly Change[] {
  const ordered = flips.toSorted((one, other) => (flipKey(one) < flipKey(other) ? -1 : 1))
  const before = since === undefined ? status : mostlyBefore[status]
  const first = { at: createdAt, status: ordered[0]?.from ?? before }
  const lastAt = ordered.at(-1)?.at ?? -Infinity
  const unlogged = since === undefined || since.at <= lastAt ? [] : [{ at: since.at, status }]
  return [first, ...ordered, ...unlogged]
}

/** What a check was before its only known change, as a rule. */
const mostlyBefore = { new: 'paused', up: 'new', down: 'up', paused: 'up' } as const
