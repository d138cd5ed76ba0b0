import { type Beat, changesOf, isCounted } from '../oracle/history.ts'
import type { Invariant } from '../invariant.ts'

/** What a ping leaves behind is what the design says of its signal, whichever way it was written. The log's words are the oracle's input. */
export const pingsMeanWhatTheySay: Invariant = {
  name: 'pings mean what they say',
  find: (run) =>
    changesOf(run).flatMap((change) => {
      const { id, before, after } = change
      if (before === undefined || after === undefined || !isCounted(change)) return []
      const [wanted, found] = [JSON.stringify(stateAfter(before, after)), JSON.stringify([after.s, after.p, after.t, after.r])]
      return wanted === found ? [] : [`${after.c?.k} leaves ${id} as ${found} and not as ${wanted}`]
    }),
}

type State = readonly [status: string, lastPingAt: number | undefined, startedAt: number | undefined, runId: string | undefined]

function stateAfter({ s, p, t, r }: Beat, { c }: Beat): State {
  if (c === undefined || c.k === 'log' || c.k === 'ign' || c.i < (p ?? 0) || c.i < (t ?? 0)) return [s, p, t, r]
  if (c.k === 'start') return [s, p, c.i, c.r]
  const goesOn = c.k === 'success' && t !== undefined && c.r !== undefined && c.r !== r
  const [startedAt, runId] = goesOn ? [t, r] : []
  return [c.k === 'fail' ? 'down' : 'up', c.i, startedAt, runId]
}
