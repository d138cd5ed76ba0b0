import type { FailedRun } from '../../lambdas/domain/watching/down-cause.ts'
import type { Flip } from '../../lambdas/domain/watching/flip.ts'
import type { LoggedPing } from '../../lambdas/domain/watching/ping.ts'
import type { CommandAnswer } from './command-answer.ts'
import { table } from './table.ts'
import type { Deployment } from './target.ts'

/** The most lines of each kind that are read. */
const MOST_LINES = 100

/** A line of the log: when, and what happened. */
type Line = { readonly at: number; readonly what: string; readonly details: string }

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
  const [pings, flips, misses] = await Promise.all([
    journal.pings(checkId, MOST_LINES, now),
    journal.flips(checkId, { limit: MOST_LINES }, now),
    journal.misses(checkId, MOST_LINES, now),
  ])
  const lines = [...pings.map(lineOfPing), ...flips.map(lineOfFlip), ...misses.map(lineOfMiss)]
    .sort((one, other) => other.at - one.at)
    .slice(0, MOST_LINES)
    .map(({ at, what, details }) => ({ at: new Date(at).toISOString(), what, details }))
  const text =
    lines.length === 0
      ? 'Nothing yet: no ping has come.'
      : table(
          ['AT', 'WHAT', 'DETAILS'],
          lines.map(({ at, what, details }) => [at, what, details]),
        )
  return { text, json: { log: lines } }
}

function lineOfPing({ at, type, number, exitStatus, runId }: LoggedPing): Line {
  const details = [
    `ping ${number}`,
    ...(exitStatus === undefined ? [] : [`exit status ${exitStatus}`]),
    ...(runId === undefined ? [] : [`run ${runId}`]),
  ]
  return { at, what: type, details: details.join(', ') }
}

function lineOfFlip({ at, status, from, reason }: Flip): Line {
  return { at, what: status, details: `was ${from}${reason === '' ? '' : `: ${reason}`}` }
}

function lineOfMiss({ at, kind }: FailedRun): Line {
  return { at, what: kind, details: 'tolerated' }
}
