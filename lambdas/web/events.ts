import type { Flip } from '../domain/watching/flip.ts'
import { hasFlippedSince, type ListedCheck } from '../domain/watching/listing.ts'
import type { Journal } from '../store/watching/journal.ts'
import { readerOf } from './check-in.ts'
import type { ListedChecks } from './listed-checks.ts'
import { eventsPage } from './pages/events.ts'
import { respond } from './respond.ts'
import type { ProjectCall, Route } from './route.ts'

export type EventsPageDeps = {
  readonly listed: Pick<ListedChecks, 'of'>
  readonly journal: Pick<Journal, 'flips'>
}

export const eventsRoutes: readonly Route<EventsPageDeps>[] = [
  { method: 'GET', path: '/p/:project/events', needs: 'see', act: showEvents },
]

const DAYS = 7
const DAY_MS = 86_400_000
/** Of so many checks the flips are read, those that changed last; each is a query. */
const MOST_CHECKS = 100
const MOST_FLIPS = 20
const MOST_EVENTS = 200

async function showEvents(deps: EventsPageDeps, call: ProjectCall): Promise<Response> {
  const { project, now } = call
  const since = now - DAYS * DAY_MS
  const all = await deps.listed.of(project.id, now)
  // A check has flipped since exactly when its last flip is later.
  const changed = all.filter((each) => hasFlippedSince(each, since)).toSorted(byLastFlip)
  const read = changed.slice(0, MOST_CHECKS)
  const flips = await Promise.all(read.map((each) => eventsOf(deps, each, { since, now })))
  const events = flips.flat().toSorted((one, other) => other.flip.at - one.flip.at)
  const isWhole = changed.length <= MOST_CHECKS && events.length <= MOST_EVENTS
  const shown = events.slice(0, MOST_EVENTS)
  return respond(
    call,
    eventsPage({ project, days: DAYS, events: shown, isWhole, reader: readerOf(call) }),
  )
}

function byLastFlip({ heartbeat: one }: ListedCheck, { heartbeat: other }: ListedCheck): number {
  return (other.since?.at ?? 0) - (one.since?.at ?? 0)
}

async function eventsOf(
  { journal }: EventsPageDeps,
  { check }: ListedCheck,
  { since, now }: { readonly since: number; readonly now: number },
) {
  const flips: readonly Flip[] = await journal.flips(check, { from: since, limit: MOST_FLIPS }, now)
  return flips.map((flip) => ({ check, flip }))
}
