import { type Hold, holdOf, type Parent } from '../domain/telling/hold.ts'
import type { Check } from '../domain/watching/check.ts'
import { deadlineOf } from '../domain/watching/deadline.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Impairment } from '../domain/watching/impairment.ts'
import type { Leeway } from '../domain/watching/leeway.ts'
import { statusAt } from '../domain/watching/status-at.ts'
import { holdingAt } from '../domain/watching/window.ts'
import type { Heartbeats } from './watching/heartbeats.ts'
import type { KnownWindows } from './watching/known-windows.ts'

export type LeewayDeps = { readonly knownWindows: Pick<KnownWindows, 'concerning' | 'plannedFor'> }

export type ParentDeps = LeewayDeps & {
  readonly heartbeats: Pick<Heartbeats, 'readMany'>
  /** Checks of the project that is asked about, without those that are gone. */
  readonly checksOf: (ids: readonly string[]) => Promise<readonly Check[]>
}

/** When a check is looked at, and what kept pings from being taken until then. */
export type Moment = { readonly now: number; readonly impairment: Impairment }

/** What puts the deadlines of a check off. */
export async function leewayOf(
  { knownWindows }: LeewayDeps,
  heartbeat: Pick<Heartbeat, 'windows'>,
  { now, impairment }: Moment,
): Promise<Leeway> {
  const planned = await knownWindows.plannedFor(heartbeat, now)
  return planned === undefined ? impairment : { ...impairment, planned }
}

/** What holds the alerts of a check now; undefined for nothing. */
export async function holdOn(
  { knownWindows }: LeewayDeps,
  { heartbeat, parents }: { readonly heartbeat: Heartbeat; readonly parents: readonly Parent[] },
  { now }: Pick<Moment, 'now'>,
): Promise<Hold | undefined> {
  const windows = holdingAt(await knownWindows.concerning(heartbeat, now), now)
  return holdOf({ heartbeat, now, windows, parents })
}

/** Checks that others depend on, as people see them now, without those that are gone. */
export async function parentsBehind(
  deps: ParentDeps,
  ids: readonly string[],
  moment: Moment,
): Promise<readonly Parent[]> {
  if (ids.length === 0) return []
  const [heartbeats, checks] = await Promise.all([
    deps.heartbeats.readMany(ids),
    deps.checksOf(ids),
  ])
  return parentsAmong(deps, { checks, heartbeats }, moment)
}

type Read = {
  readonly checks: readonly Check[]
  readonly heartbeats: ReadonlyMap<string, Heartbeat>
}

/** The same, of those that have been read. */
export async function parentsAmong(
  deps: LeewayDeps,
  { checks, heartbeats }: Read,
  moment: Moment,
): Promise<readonly Parent[]> {
  const parents = checks.map(async ({ id, name }): Promise<readonly Parent[]> => {
    const heartbeat = heartbeats.get(id)
    if (heartbeat === undefined) return []
    const leeway = await leewayOf(deps, heartbeat, moment)
    const status = statusAt(heartbeat, moment.now, leeway)
    return [{ id, name, status, deadline: deadlineOf(heartbeat, leeway) }]
  })
  return (await Promise.all(parents)).flat()
}
