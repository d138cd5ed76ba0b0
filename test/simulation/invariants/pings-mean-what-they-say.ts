import { type Beat, type Change, plainChangesOf, isCounted } from '../oracle/history.ts'
import type { Invariant, Run } from '../invariant.ts'

/**
 * A ping is taken for what its job said, unless a rule of the check says otherwise, and leaves
 * behind what the design says of that.
 */
export const pingsMeanWhatTheySay: Invariant = {
  name: 'pings mean what they say',
  find: (run) => {
    const counted = plainChangesOf(run).filter(isCounted)
    return [...counted.flatMap(wrongState), ...misunderstood(run, counted)]
  },
}

function wrongState({ id, by, before, after }: Change): readonly string[] {
  if (before === undefined || after === undefined) return []
  // A replayed ping from before a pause or a resume only counts: what people have done since counts
  // more.
  const isOutdated = by.name === 'replay' && (after.c?.i ?? 0) < (before.h ?? 0)
  const state = isOutdated ? [before.s, before.p, before.t, before.r] : stateAfter(before, after)
  const [wanted, found] = [
    JSON.stringify(state),
    JSON.stringify([after.s, after.p, after.t, after.r]),
  ]
  return wanted === found ? [] : [`${after.c?.k} leaves ${id} as ${found} and not as ${wanted}`]
}

function misunderstood({ told }: Run, counted: readonly Change[]): readonly string[] {
  const sent = new Map(told.pings.map((ping) => [ping.requestId, ping]))
  return counted.flatMap(({ id, before, after }) => {
    const ping = sent.get(after?.q ?? '')
    if (ping === undefined || before === undefined || after?.c === undefined) return []
    const isIgnored =
      (before.M !== undefined && before.M !== ping.method) ||
      (before.m === true && before.s === 'paused')
    if (isIgnored || before.x !== undefined)
      return isIgnored && after.c.k !== 'ign' ? [`${id} takes a ping that its rules ignore`] : []
    // What says it in its body means success to a check that does not look there.
    const meant = ping.signal === 'by-body' ? 'success' : ping.signal
    return after.c.k === meant ? [] : [`${id} takes a ${meant} for a ${after.c.k}`]
  })
}

type State = readonly [
  status: string,
  lastPingAt: number | undefined,
  startedAt: number | undefined,
  runId: string | undefined,
]

function stateAfter({ s, p, t, r }: Beat, { c }: Beat): State {
  if (c === undefined || c.k === 'log' || c.k === 'ign' || c.i < (t ?? 0)) return [s, p, t, r]
  const isOvertaken = c.i < (p ?? 0)
  if (c.k === 'start') return isOvertaken ? [s, p, t, r] : [s, p, c.i, c.r]
  const goesOn = c.k === 'success' && t !== undefined && c.r !== undefined && c.r !== r
  const [startedAt, runId] = goesOn ? [t, r] : []
  if (isOvertaken) return [s, p, startedAt, runId]
  return [c.k === 'fail' ? 'down' : 'up', c.i, startedAt, runId]
}
