import { deadlineOf, type Heartbeat } from '../domain/watching/heartbeat.ts'
import { type Impairment, unimpaired } from '../domain/watching/impairment.ts'
import { ARRIVAL_MS } from '../domain/watching/sweep.ts'
import { groupsOf, inGroups } from '../runtime/groups.ts'
import { nameOf } from '../runtime/log.ts'
import { fail, judged, type Run } from './run.ts'

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
  // looked at once more.
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
 * Reads heartbeats as they are now, flags what is overdue, and puts the rest down for later if its
 * time is near.
 * @param newest the newest of their deadlines, as far as it is known
 */
export async function judge(run: Run, ids: readonly string[], newest: number): Promise<void> {
  const impairmentBy = impairmentOnce(run, newest)
  for (const some of groupsOf(fromOwnEnd(run, ids), READ_AT_ONCE))
    await judgeSome(run, some, impairmentBy)
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
  impairmentBy: ImpairmentBy,
): Promise<void> {
  const current = await currently(run, ids)
  const now = run.deps.clock.now()
  const overdue: Awaited[] = []
  for (const awaited of await withDeadlines(run, current, { now, impairmentBy })) {
    if (awaited.deadline > run.horizon) continue
    if (awaited.deadline + ARRIVAL_MS <= now) overdue.push(awaited)
    else appointAt(run, awaited.heartbeat.id, awaited.deadline + ARRIVAL_MS)
  }
  await inGroups(overdue, CONCURRENT_WRITES, (awaited) => flag(run, awaited))
}

/** The next run reads what can't be read now. */
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

type Awaited = { readonly heartbeat: Heartbeat; readonly deadline: number }

/**
 * Heartbeats with their deadlines. Once a deadline is past, it is asked whether pings could be
 * taken, and all deadlines are put off by the time in which they could not.
 */
async function withDeadlines(
  run: Run,
  heartbeats: readonly Heartbeat[],
  { now, impairmentBy }: { readonly now: number; readonly impairmentBy: ImpairmentBy },
): Promise<readonly Awaited[]> {
  const awaited = heartbeats.flatMap((heartbeat): readonly Awaited[] => {
    const deadline = judged(run, heartbeat, (one) => deadlineOf(one))
    return deadline === undefined ? [] : [{ heartbeat, deadline }]
  })
  const past = awaited
    .map(({ deadline }) => deadline)
    .filter((deadline) => deadline + ARRIVAL_MS <= now)
  if (past.length === 0) return awaited
  const impairment = await impairmentBy(Math.max(...past))
  if (impairment.intervals.length === 0) return awaited
  return awaited.map(({ heartbeat, deadline }) => ({
    heartbeat,
    deadline: deadlineOf(heartbeat, impairment) ?? deadline,
  }))
}

/** The impairment of pings up to a deadline. */
type ImpairmentBy = (deadline: number) => Promise<Impairment>

/**
 * Asked at the first deadline that is past, for all up to the newest: the answer may take seconds,
 * and a storm must not wait for many.
 */
function impairmentOnce(run: Run, newest: number): ImpairmentBy {
  let known: { readonly until: number; readonly impairment: Promise<Impairment> } | undefined
  return (deadline) => {
    const until = Math.max(newest, deadline)
    if (known === undefined || known.until < until)
      known = { until, impairment: impairmentSince(run, until) }
    return known.impairment
  }
}

/** If nobody can say whether pings could be taken, people are told. */
async function impairmentSince(run: Run, deadline: number): Promise<Impairment> {
  try {
    return await run.deps.intake.impairmentSince(deadline)
  } catch (error) {
    fail(run, '', nameOf(error))
    return unimpaired
  }
}

/** A heartbeat that changes meanwhile is looked at again. */
async function flag(run: Run, { heartbeat, deadline }: Awaited): Promise<void> {
  try {
    if (
      (await run.deps.heartbeats.flagMissed(heartbeat, deadline, run.deps.clock.now())) ===
      'flagged'
    )
      run.done.flagged += 1
    else appointAt(run, heartbeat.id, run.deps.clock.now())
  } catch (error) {
    fail(run, heartbeat.id, nameOf(error))
  }
}
