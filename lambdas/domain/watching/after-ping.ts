import { noted } from './changed-status.ts'
import { finished, goesOn } from './finished-run.ts'
import type { Heartbeat } from './heartbeat.ts'
import { isMail, type Ping, type PingType } from './ping.ts'
import { started } from './started-run.ts'

/**
 * The heartbeat after a ping; the same object when it holds this very ping already, as for a retry
 * after a lost answer. A ping that a rule ignores, or that is older than what is stored, is only
 * counted and logged. One exception: a late end of the run under way still ends that run.
 * @param bodyType what the body says by the check's rules, if it has any
 */
export function afterPing(heartbeat: Heartbeat, ping: Ping, bodyType?: PingType): Heartbeat {
  if (heartbeat.lastRequestId === ping.requestId) return heartbeat
  const type = typeOf(heartbeat, ping, bodyType)
  const after = counted(heartbeat, ping, type)
  if (isLate(heartbeat, ping)) return endsLate(heartbeat, ping, type) ? withoutRun(after) : after
  switch (type) {
    case 'log':
    case 'ign':
      return after
    case 'start':
      return started(after, ping)
    case 'success':
    case 'fail':
      return finished(after, { ...ping, signal: type })
  }
}

/** What a ping means by all rules of the check, in the order of Healthchecks. */
function typeOf(heartbeat: Heartbeat, ping: Ping, bodyType: PingType | undefined): PingType {
  const isHttp = !isMail(ping)
  if (isHttp && heartbeat.methods !== '' && heartbeat.methods !== ping.method) return 'ign'
  if (heartbeat.manualResume && heartbeat.status === 'paused') return 'ign'
  return isHttp && heartbeat.hasBodyRules ? (bodyType ?? ping.signal) : ping.signal
}

/** Whether a ping is older than what is stored. */
export function isLate(heartbeat: Heartbeat, ping: Ping): boolean {
  return (
    ping.at < (heartbeat.lastPingAt ?? ping.at) ||
    ping.at < (heartbeat.running?.startedAt ?? ping.at)
  )
}

/**
 * Whether a late ping ends its run. Without its end the run would count as one that takes too long.
 */
function endsLate({ running }: Heartbeat, ping: Ping, type: PingType): boolean {
  const isEnd = type === 'success' || type === 'fail'
  return (
    isEnd &&
    running !== undefined &&
    ping.at >= running.startedAt &&
    !goesOn(running, { ...ping, signal: type })
  )
}

function withoutRun({ running: _, ...rest }: Heartbeat): Heartbeat {
  return rest
}

function counted(heartbeat: Heartbeat, ping: Ping, type: PingType): Heartbeat {
  const { signal: _, requestId, ...details } = ping
  return {
    ...heartbeat,
    pingCount: heartbeat.pingCount + 1,
    lastPing: { ...details, type },
    lastRequestId: requestId,
  }
}

/**
 * The heartbeat after a ping that waited to be recorded. What people did to the check meanwhile
 * counts more: a ping from before a pause or a resume is only counted and logged.
 */
export function afterReplayedPing(
  heartbeat: Heartbeat,
  ping: Ping,
  { now, bodyType }: Replay,
): Heartbeat {
  const { status, since, lastRequestId } = heartbeat
  const isOutdated =
    (status === 'paused' || status === 'new') && since !== undefined && ping.at < since.at
  if (isOutdated && lastRequestId !== ping.requestId)
    return counted(heartbeat, ping, typeOf(heartbeat, ping, bodyType))
  return noted(heartbeat, afterPing(heartbeat, ping, bodyType), now)
}

/** When a ping that waited is recorded, and what its body says by the check's rules, if any. */
export type Replay = { readonly now: number; readonly bodyType?: PingType | undefined }
