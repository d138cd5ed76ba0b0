import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { type Miss, missOf } from '../domain/watching/deadline.ts'
import { type Impairment, unimpaired } from '../domain/watching/impairment.ts'
import type { Leeway } from '../domain/watching/leeway.ts'
import { ARRIVAL_MS } from '../domain/watching/inspection.ts'
import { groupsOf, inGroups } from '../runtime/groups.ts'
import { nameOf } from '../runtime/log.ts'
import { evaluate, fail, type Run } from './run.ts'

/** Deadlines this close to each other are judged together. */
const GROUP_MS = 100
/** What one call reads. */
const READ_AT_ONCE = 100
const CONCURRENT_WRITES = 25
const RUN_EVERY_MS = 60_000

/**
 * Makes an appointment to judge a heartbeat once its deadline is past and earlier pings have had
 * time to arrive.
 */
export function appoint(run: Run, id: string, deadline: number): 'past' | 'appointed' {
  const at = deadline + ARRIVAL_MS
  if (at <= run.deps.clock.now()) return 'past'
  appointAt(run, id, at)
  return 'appointed'
}

function appointAt({ appointments }: Run, id: string, at: number): void {
  const group = Math.ceil(at / GROUP_MS) * GROUP_MS
  const ids = appointments.get(group)
  if (ids === undefined) appointments.set(group, [id])
  else ids.push(id)
}

/**
 * Waits for the appointments, one group after another, and judges each heartbeat as it is by then.
 */
export async function keepAppointments(run: Run): Promise<void> {
  const { appointments, deps } = run
  // Twice as many rounds as groups, because a heartbeat that changes while it is being flagged is
  // judged once more.
  const rounds = (2 * (run.horizon - run.startedAt)) / GROUP_MS
  for (let round = 0; round < rounds && appointments.size > 0; round += 1) {
    await deps.clock.waitUntil(Math.min(...appointments.keys()))
    const now = deps.clock.now()
    const due = [...appointments.keys()].filter((at) => at <= now)
    const ids = due.flatMap((at) => appointments.get(at) ?? [])
    for (const at of due) appointments.delete(at)
    await judge(run, ids, Math.max(...due) - ARRIVAL_MS)
  }
}

/**
 * Reads heartbeats as they are now, flags the overdue ones, and makes appointments for those whose
 * deadline is near.
 * @param latest the latest of their deadlines, as far as it is known
 */
export async function judge(run: Run, ids: readonly string[], latest: number): Promise<void> {
  const impairmentUpTo = impairmentOnce(run, latest)
  for (const some of groupsOf(fromOwnEnd(run, ids), READ_AT_ONCE))
    await judgeSome(run, some, impairmentUpTo)
}

/**
 * Even and odd runs begin at different ends. The run before or after this one has the same
 * appointments at the same instants; each finds flagged what the other has flagged, so both
 * together write once a check.
 */
function fromOwnEnd({ startedAt }: Run, ids: readonly string[]): readonly string[] {
  const isEven = Math.floor(startedAt / RUN_EVERY_MS) % 2 === 0
  return isEven ? ids.toSorted() : ids.toSorted().reverse()
}

async function judgeSome(
  run: Run,
  ids: readonly string[],
  impairmentUpTo: ImpairmentUpTo,
): Promise<void> {
  const current = await currently(run, ids)
  const now = run.deps.clock.now()
  const overdue: Expected[] = []
  for (const expected of await withDeadlines(run, current, { now, impairmentUpTo })) {
    const { at } = expected.miss
    if (at > run.horizon) continue
    if (at + ARRIVAL_MS <= now) overdue.push(expected)
    else appointAt(run, expected.heartbeat.id, at + ARRIVAL_MS)
  }
  await inGroups(overdue, CONCURRENT_WRITES, (each) => flag(run, each))
}

/** What can't be read now is left to the next run. */
async function currently(run: Run, ids: readonly string[]): Promise<readonly Heartbeat[]> {
  try {
    return [
      ...(await run.deps.heartbeats.readMany(ids, (id) => fail(run, id, 'unreadable'))).values(),
    ]
  } catch (error) {
    for (const id of ids) fail(run, id, nameOf(error))
    return []
  }
}

/** A heartbeat that expects a ping, the time that is planned for it, and its end without a ping. */
type Expected = {
  readonly heartbeat: Heartbeat
  readonly planned: Pick<Leeway, 'planned'>
  readonly miss: Miss
}

/**
 * Heartbeats with their deadlines, but for those that have none. Once a deadline is past, all are
 * put off by the time in which pings could not be taken.
 */
async function withDeadlines(
  run: Run,
  heartbeats: readonly Heartbeat[],
  { now, impairmentUpTo }: { readonly now: number; readonly impairmentUpTo: ImpairmentUpTo },
): Promise<readonly Expected[]> {
  const expected = (
    await Promise.all(heartbeats.map((heartbeat) => expectedOf(run, heartbeat)))
  ).flat()
  const past = expected
    .map(({ miss }) => miss.at)
    .filter((deadline) => deadline + ARRIVAL_MS <= now)
  if (past.length === 0) return expected
  const impairment = await impairmentUpTo(Math.max(...past))
  if (impairment.intervals.length === 0) return expected
  return expected.map(({ heartbeat, miss, planned }) => ({
    heartbeat,
    planned,
    miss: missOf(heartbeat, { ...impairment, ...planned }) ?? miss,
  }))
}

async function expectedOf(run: Run, heartbeat: Heartbeat): Promise<readonly Expected[]> {
  const found = await run.plannedFor(heartbeat)
  const planned = found === undefined ? {} : { planned: found }
  const miss = evaluate(run, heartbeat, (one) => missOf(one, { ...unimpaired, ...planned }))
  return miss === undefined ? [] : [{ heartbeat, planned, miss }]
}

/** Finds out in which time pings could not be taken, up to a deadline. */
type ImpairmentUpTo = (deadline: number) => Promise<Impairment>

/**
 * Asks once for all deadlines up to the latest, when the first is past: the answer may take
 * seconds, and a storm must not wait for it many times.
 */
function impairmentOnce(run: Run, latest: number): ImpairmentUpTo {
  let known: { readonly until: number; readonly impairment: Promise<Impairment> } | undefined
  return (deadline) => {
    const until = Math.max(latest, deadline)
    if (known === undefined || known.until < until)
      known = { until, impairment: impairmentOrNone(run, until) }
    return known.impairment
  }
}

/** If nobody can say whether pings could be taken, people are told. */
async function impairmentOrNone(run: Run, deadline: number): Promise<Impairment> {
  try {
    return await run.deps.intake.impairmentUpTo(deadline)
  } catch (error) {
    fail(run, '', nameOf(error))
    return unimpaired
  }
}

/**
 * A heartbeat that changes meanwhile is judged again, and one that tolerates the miss, since
 * another may be due.
 */
async function flag(run: Run, { heartbeat, miss }: Expected): Promise<void> {
  const { heartbeats, clock } = run.deps
  try {
    const outcome = await heartbeats.flagMissed(heartbeat, miss, clock.now())
    if (outcome !== 'changed') run.done[outcome] += 1
    if (outcome !== 'flagged') appointAt(run, heartbeat.id, clock.now())
  } catch (error) {
    fail(run, heartbeat.id, nameOf(error))
  }
}
