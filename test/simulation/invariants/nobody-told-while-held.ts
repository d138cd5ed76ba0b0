import type { Invariant, Run } from '../invariant.ts'
import { isCalm } from '../oracle/calm.ts'
import { outsidersOf } from '../oracle/channels.ts'
import { flappingChecks } from '../oracle/flapping.ts'
import { ruledChecks } from '../oracle/history.ts'
import { holdsOf, isHeld, KNOWN_MS } from '../oracle/holds.ts'
import { toldOf } from '../oracle/outages.ts'
import { gathersAlerts } from '../settings.ts'

/** What is handed to a digest is told up to a minute later. */
const DIGEST_MS = 60_000

/**
 * While nothing fails, nobody is told that a check is down, or still down, while something holds
 * that. What waits for the digest of an hour was handed to it long before.
 */
export const nobodyToldWhileHeld: Invariant = {
  name: 'nobody told while held',
  find: (run) => (isCalm(run) ? [...ruledChecks(run)].flatMap((id) => toldDespite(run, id)) : []),
}

function toldDespite(run: Run, id: string): readonly string[] {
  const { sure } = holdsOf(run, id)
  if (flappingChecks(run).has(id)) return []
  const outsiders = outsidersOf(run)
  const onTheWayMs = KNOWN_MS + (gathersAlerts(run.settings) ? DIGEST_MS : 0)
  return toldOf(run, id)
    .filter(({ status, channel }) => status === 'down' && !outsiders.has(channel))
    .filter(({ at }) => isHeld(sure, at - onTheWayMs, at))
    .map(({ key, at }) => `${key} is told at ${at}, while it is held`)
}
