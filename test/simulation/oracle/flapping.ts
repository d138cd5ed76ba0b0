import { promptAlerts } from '../../../lambdas/domain/telling/pace.ts'
import type { Run } from '../invariant.ts'
import { flipsOf, type ToldFlip } from './flips.ts'

const HOUR_MS = 3_600_000
/**
 * Flips whose mail may wait for an hour: of a check that changed so often in the hour before that
 * it flaps, and whatever follows such a flip within an hour. @param lookMs from when a flip happens
 * to when it is looked at, at most
 */
export function patientOf(flips: readonly ToldFlip[], lookMs: number): ReadonlySet<ToldFlip> {
  const patient = new Set<ToldFlip>()
  for (const own of Map.groupBy(flips, ({ checkId }) => checkId).values()) {
    const inOrder = own.toSorted((one, other) => one.happenedAt - other.happenedAt)
    let until = -Infinity
    inOrder.forEach((flip, index) => {
      const before = inOrder[index - promptAlerts]?.happenedAt ?? -Infinity
      if (flip.happenedAt - before < HOUR_MS + lookMs) until = flip.happenedAt + HOUR_MS + lookMs
      if (flip.happenedAt < until) patient.add(flip)
    })
  }
  return patient
}

/** Checks any of whose mails may wait for an hour. */
export function flappingChecks(run: Run): ReadonlySet<string> {
  return new Set([...patientOf(flipsOf(run), Infinity)].map(({ checkId }) => checkId))
}
