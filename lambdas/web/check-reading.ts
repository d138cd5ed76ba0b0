import type { Project } from '../domain/people/project.ts'
import { may, type Role } from '../domain/people/role.ts'
import type { CheckDelivery } from '../domain/telling/check-delivery.ts'
import type { Check } from '../domain/watching/check.ts'
import { type CheckEvent, eventsOf } from '../domain/watching/check-event.ts'
import type { Flip } from '../domain/watching/flip.ts'
import type { LoggedPing } from '../domain/watching/ping.ts'
import type { Window } from '../domain/watching/window.ts'
import { type Held, heldCheck, type OneWatchedDeps } from '../managing/watched.ts'
import type { Audits } from '../store/people/audits.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Deliveries } from '../store/telling/deliveries.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { Journal } from '../store/watching/journal.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'
import { channelNames, type KnownChannels, knownChannels } from './channels/known-channels.ts'
import { checkIn, readerOf } from './check-in.ts'
import type { Reader } from './parts/time.ts'
import type { ProjectCall } from './route.ts'

export type CheckReadingDeps = OneWatchedDeps & {
  readonly registry: Pick<Registry, 'checkByUniqueKey' | 'channels'>
  readonly heartbeats: Pick<Heartbeats, 'read'>
  readonly journal: Pick<Journal, 'pings' | 'flips'>
  readonly deliveries: Pick<Deliveries, 'about'>
  readonly audits: Pick<Audits, 'of' | 'ofCheck'>
  readonly intake: Pick<KnownIntake, 'impairmentAt'>
}

/** The chart shows as many runs; each has two pings at most. */
const READ_PINGS = 200
const MOST_FLIPS = 1000
const MOST_DELIVERIES = 30
/** Of the project: the changes of one check are found among them. */
const MOST_CHANGES = 40

/** A check as it is now, to whom it is shown. */
export type SeenCheck = {
  readonly project: Project
  readonly role: Role
  readonly reader: Reader
  readonly held: Held
}

/** The same with its past, and what belongs to it. */
export type CheckView = SeenCheck & {
  /** Newest first. */
  readonly pings: readonly LoggedPing[]
  readonly flips: readonly Flip[]
  readonly events: readonly CheckEvent[]
  /** Those of the whole project: rules and events name others than the check tells. */
  readonly known: KnownChannels
  readonly channelName: (id: string) => string
  readonly deliveries: readonly CheckDelivery[]
  readonly windows: readonly Window[]
}

/** One check as it is now: three units at most beside what it depends on. */
export async function seenCheck(deps: CheckReadingDeps, call: ProjectCall): Promise<SeenCheck> {
  return asSeen(deps, call, await checkIn(deps, call))
}

async function asSeen(deps: CheckReadingDeps, call: ProjectCall, check: Check): Promise<SeenCheck> {
  const { project, role, now } = call
  const [stored, impairment] = await Promise.all([
    deps.heartbeats.read(check.id),
    deps.intake.impairmentAt(now),
  ])
  const held = await heldCheck(deps, { check, stored }, { now, impairment })
  return { project, role, reader: readerOf(call), held }
}

/** All that the page of a check shows: six reads side by side, once its definition is read. */
export async function viewedCheck(deps: CheckReadingDeps, call: ProjectCall): Promise<CheckView> {
  const check = await checkIn(deps, call)
  return withPast(deps, call, { check, seen: asSeen(deps, call, check) })
}

/** The same of a check that has been seen. */
export function viewOfSeen(
  deps: CheckReadingDeps,
  call: ProjectCall,
  seen: SeenCheck,
): Promise<CheckView> {
  return withPast(deps, call, { check: seen.held.check, seen })
}

type Seeing = { readonly check: Check; readonly seen: SeenCheck | Promise<SeenCheck> }

async function withPast(
  deps: CheckReadingDeps,
  call: ProjectCall,
  { check, seen: seeing }: Seeing,
): Promise<CheckView> {
  const { now, project, role } = call
  const [seen, pings, flips, known, told, entries] = await Promise.all([
    seeing,
    deps.journal.pings(check, READ_PINGS, now),
    deps.journal.flips(check, { limit: MOST_FLIPS }, now),
    knownChannels(deps, project.id),
    deps.deliveries.about(check, MOST_DELIVERIES, now),
    changesOf(deps, call),
  ])
  const windows = await deps.knownWindows.concerning(seen.held.heartbeat, now)
  const deliveries = may(role, 'see-secrets') ? told : told.map(withoutError)
  const events = eventsOf({ flips, deliveries, entries })
  const nameOf = channelNames(known, role)
  const channelName = (id: string) => nameOf(id) ?? 'a channel that is gone'
  return { ...seen, pings, flips, events, known, channelName, deliveries, windows }
}

/** An error is in the words of a service, which may name an address, or hold what it was sent. */
function withoutError({ error: _, ...delivery }: CheckDelivery): CheckDelivery {
  return delivery
}

/** Who may not change a check is not told who did. */
async function changesOf({ audits }: CheckReadingDeps, call: ProjectCall) {
  const { project, role, now, context } = call
  if (!may(role, 'change')) return []
  const entries = await audits.of(project.id, { limit: MOST_CHANGES }, now)
  const key = context.req.param('key')
  return entries.filter(({ subject }) => subject.kind === 'check' && subject.id === key)
}
