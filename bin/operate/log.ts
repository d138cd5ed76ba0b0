import type { FailedRun } from '../../lambdas/domain/watching/down-cause.ts'
import type { Flip } from '../../lambdas/domain/watching/flip.ts'
import type { LoggedPing } from '../../lambdas/domain/watching/ping.ts'
import type { CommandAnswer } from './command-answer.ts'
import { type LogLine, logText, pingDetails } from './log-lines.ts'
import type { Deployment } from './target.ts'

/** The most lines of each kind that are read. */
const MOST_LINES = 100

/** When something happened, and what. */
type Event = Omit<LogLine, 'at'> & { readonly at: number }

/**
 * The last pings of a check, its changes of status, and the missed runs that it tolerated, newest
 * first.
 */
export async function showLog(
  { registry, journal, clock }: Deployment,
  checkId: string,
): Promise<CommandAnswer> {
  if ((await registry.ownerOf(checkId)) === undefined)
    throw new Error(`there is no check ${checkId}; its UUID is the end of its ping URL`)
  const now = clock.now()
  const check = { id: checkId }
  const [pings, flips, misses] = await Promise.all([
    journal.pings(check, MOST_LINES, now),
    journal.flips(check, { limit: MOST_LINES }, now),
    journal.misses(check, MOST_LINES, now),
  ])
  const lines = [...pings.map(lineOfPing), ...flips.map(lineOfFlip), ...misses.map(lineOfMiss)]
    .sort((one, other) => other.at - one.at)
    .slice(0, MOST_LINES)
    .map(({ at, what, details }) => ({ at: new Date(at).toISOString(), what, details }))
  return { text: logText(lines), json: { log: lines } }
}

function lineOfPing({ at, type, ...ping }: LoggedPing): Event {
  return { at, what: type, details: pingDetails(ping) }
}

function lineOfFlip({ at, status, from, reason }: Flip): Event {
  return { at, what: status, details: `was ${from}${reason === '' ? '' : `: ${reason}`}` }
}

function lineOfMiss({ at, kind }: FailedRun): Event {
  return { at, what: kind, details: 'tolerated' }
}
