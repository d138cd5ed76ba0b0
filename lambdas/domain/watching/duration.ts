import type { LoggedPing } from './ping.ts'

/** A run that took longer than this is not recognised as one. */
const LONGEST_RUN_MS = 72 * 3600 * 1000

/**
 * How long the runs took that pings of a log ended, by the number of the ping that ended them: the
 * time since the latest start with the same run ID, unless a run of that ID ended in between (wire
 * contract 3.4); else what the ping itself says. A start that the given pings lack is not known.
 * @param pings newest first, as the log lists them
 */
export function durationsMs(pings: readonly LoggedPing[]): ReadonlyMap<number, number> {
  const durations = new Map<number, number>()
  const startedAt = new Map<string | undefined, number>()
  for (const ping of pings.toReversed()) {
    if (ping.type === 'start') startedAt.set(ping.runId, ping.at)
    if (ping.type !== 'success' && ping.type !== 'fail') continue
    const elapsedMs = ping.at - (startedAt.get(ping.runId) ?? -Infinity)
    const tookMs = elapsedMs >= 0 && elapsedMs <= LONGEST_RUN_MS ? elapsedMs : ping.tookMs
    if (tookMs !== undefined) durations.set(ping.number, tookMs)
    startedAt.delete(ping.runId)
  }
  return durations
}
