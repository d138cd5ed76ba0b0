import type { Measured } from './cost-model.ts'
import type { MeasuredPings } from './measured-pings.ts'

/**
 * How long a function waits for DynamoDB to write one item, or a batch: what AWS calls single-digit
 * milliseconds. The local engine's own time says nothing of it.
 */
const WRITE_MS = 5
/** A ping and its line in the log, as the cost model takes them. */
export function pingUses({
  ping,
  record,
  cpuMs,
  ...measured
}: MeasuredPings): Pick<Measured, 'ping' | 'logLine' | 'logInvocation'> {
  return {
    ping: {
      invocations: 1,
      waitMs: WRITE_MS,
      ...ping,
      cpuMs: cpuMs.ping,
      loggedBytes: measured.loggedBytes / measured.pings,
    },
    logLine: { ...record, cpuMs: cpuMs.line },
    logInvocation: {
      invocations: 1,
      cpuMs: Math.max(0, cpuMs.lineAlone - cpuMs.line),
      waitMs: WRITE_MS,
    },
  }
}
