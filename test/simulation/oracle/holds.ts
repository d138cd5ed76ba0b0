import type { Stretch } from '../faults.ts'
import type { Run } from '../invariant.ts'
import type { ToldCall } from '../told.ts'
import { nextRun, scheduleBehind } from '../workload/schedules.ts'
import { ruledTag } from '../workload/ruled.ts'
import { changesByCheck, type Change } from './history.ts'
import { toldBy } from './rules.ts'

/**
 * When alerts of a check wait, each hold by itself: when they may, when they must; and those of its
 * windows.
 */
export type Holds = {
  readonly all: readonly Stretch[]
  readonly sure: readonly Stretch[]
  readonly windows: readonly Planned[]
}

/** A stretch of a window, and when that was taken back. */
export type Planned = { readonly stretch: Stretch; readonly takenBackAt: number }

/** A hold that came or went so shortly before may not be known yet, or still be believed. */
export const KNOWN_MS = 15_000

export function holdsOf(run: Run, checkId: string): Holds {
  const windows = plannedIn(run)
  const own = changesByCheck(run).get(checkId) ?? []
  const parents = toldBy(run, checkId).parents.flatMap((parent) =>
    downsOf(changesByCheck(run).get(parent) ?? []),
  )
  const others = [...snoozesOf(own), ...windows.map(({ stretch }) => stretch)]
  return {
    all: [...others, ...parents.map(({ datedAt, until }): Stretch => [datedAt, until])],
    sure: [...others, ...parents.map(({ writtenAt, until }): Stretch => [writtenAt, until])],
    windows,
  }
}

/** Whether one hold lasted all the time. */
export function isHeld(holds: readonly Stretch[], from: number, until: number): boolean {
  return holds.some(([began, ended]) => began <= from && until < ended)
}

/** The first moment since which nothing held for so long; undefined if there is none by `until`. */
export function freeFrom(
  holds: readonly Stretch[],
  [from, until]: Stretch,
  longMs: number,
): number | undefined {
  const ends = holds.map(([, ended]) => ended).filter((at) => at > from && at < until)
  return [from, ...ends]
    .toSorted((one, other) => one - other)
    .find(
      (at) =>
        at + longMs <= until &&
        holds.every(([began, ended]) => ended <= at || began >= at + longMs),
    )
}

function snoozesOf(changes: readonly Change[]): readonly Stretch[] {
  const set = changes.filter(({ before, after }) => after?.S !== before?.S)
  return set.flatMap(({ at, after }, index): readonly Stretch[] =>
    after?.S === undefined ? [] : [[at, Math.min(after.S, set[index + 1]?.at ?? Infinity)]],
  )
}

/** When a check was down: from when it is dated, and from when that is written. */
type Down = { readonly datedAt: number; readonly writtenAt: number; readonly until: number }

function downsOf(changes: readonly Change[]): readonly Down[] {
  const flips = changes.filter(
    ({ before, after }) => (after?.s === 'down') !== (before?.s === 'down'),
  )
  return flips.flatMap(({ at: writtenAt, after }, index): readonly Down[] =>
    after?.s === 'down'
      ? [{ datedAt: after.w ?? 0, writtenAt, until: flips[index + 1]?.at ?? Infinity }]
      : [],
  )
}

/** The windows of checks with rules, from when they were planned until that was taken back. */
function plannedIn(run: Run): readonly Planned[] {
  const { calls } = run.told
  const planned = calls.filter(
    // What nobody answered may be planned all the same.
    ({ action, status, fields }) =>
      action === 'plan' &&
      (status === 201 || status === 0 || status >= 500) &&
      fields['tags'] === ruledTag,
  )
  return planned.flatMap((call) => {
    const ended = calls.find(
      // What nobody answered may be planned still.
      ({ action, checkId, sentAt, status }) =>
        action === 'unplan' &&
        checkId === call.answer['id'] &&
        sentAt > call.answeredAt &&
        status === 200,
    )
    const until = ended?.sentAt ?? Infinity
    return occurrencesOf(run, call)
      .filter(([began, over]) => over > call.answeredAt && began < until)
      .map(([began, over]) => ({
        stretch: [Math.max(began, call.answeredAt), Math.min(over, until)],
        takenBackAt: until,
      }))
  })
}

function occurrencesOf({ world, startAt }: Run, { fields }: ToldCall): readonly Stretch[] {
  const lengthMs = Number(fields['seconds']) * 1000
  if (typeof fields['start'] === 'string') {
    const at = Math.floor(Date.parse(fields['start']) / 1000) * 1000
    return [[at, at + lengthMs]]
  }
  const schedule = scheduleBehind(undefined, String(fields['schedule']))
  const starts: number[] = []
  for (let at = startAt - lengthMs; at < world.now; at = nextRun(schedule, at)) starts.push(at)
  return starts.slice(1).map((at) => [at, at + lengthMs])
}
