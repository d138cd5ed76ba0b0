import { awaitedBy } from '../oracle/deadline.ts'
import { type Beat, type Change, plainChangesByCheck, isCounted } from '../oracle/history.ts'
import { spilledRequests } from '../oracle/spilled.ts'
import type { Invariant, Run } from '../invariant.ts'
import type { ToldPing } from '../told.ts'

/** How long a ping may be limited after an equal one. */
const LIMITED_MS = 1000
/** How far apart a limited ping and the one that waits for its replay may have been sent. */
const WAITING_MS = 15_000

/**
 * Nobody is woken for nothing, by what jobs were told: no check is flagged as missing while a job
 * had an answer for a success that it sent after whatever the deadline counts from. Documented
 * exception (decision 3): clocks of functions that differ put signals closer to each other than
 * they differ in the wrong order. And pings that wait in the spill queue are not known yet. A ping
 * that was limited is one that the same job was heard with within the same second, so nobody is
 * woken that it would have kept asleep, but for that second.
 */
export const nobodyWokenForNothing: Invariant = {
  name: 'nobody woken for nothing',
  find(run) {
    const pings = Map.groupBy(run.told.pings.filter(isHeard), ({ checkId }) => checkId ?? '')
    const limited = Map.groupBy(limitedIn(run), ({ checkId }) => checkId ?? '')
    return [...plainChangesByCheck(run)].flatMap(([id, changes]) =>
      wokenFor(run, changes, { heard: pings.get(id) ?? [], limited: limited.get(id) ?? [] }),
    )
  },
}

function isHeard({ status, signal }: ToldPing): boolean {
  return status === 200 && signal === 'success'
}

/** Limited successes, unless the one that was taken waits to be recorded. */
function limitedIn(run: Run): readonly ToldPing[] {
  const spilled = spilledRequests(run)
  const waiting = run.told.pings.filter(({ requestId }) => spilled.has(requestId))
  const isWaiting = (ping: ToldPing) =>
    waiting.some(
      ({ checkId, sentAt }) =>
        checkId === ping.checkId && Math.abs(sentAt - ping.sentAt) < WAITING_MS,
    )
  return run.told.pings.filter(
    (ping) => ping.isLimited && ping.signal === 'success' && !isWaiting(ping),
  )
}

type Pings = { readonly heard: readonly ToldPing[]; readonly limited: readonly ToldPing[] }

function wokenFor({ world }: Run, changes: readonly Change[], pings: Pings): readonly string[] {
  const margin = 2 * world.faults.maxSkewMs
  const counted = changes.filter(isCounted)
  const accepted = new Set(
    counted
      .filter((change) => change.by.name !== 'replay' && isSuccessInOrder(change, margin))
      .map(({ after }) => after?.q),
  )
  const starts = counted.flatMap(({ after }) => (after?.c?.k === 'start' ? [after.c.i] : []))
  const isBesideStart = ({ sentAt }: ToldPing) =>
    starts.some((at) => Math.abs(at - sentAt) <= margin + LIMITED_MS)
  return changes.flatMap((change) => {
    const { id, at, before, after } = change
    if (before === undefined || before.s === 'down' || after?.s !== 'down' || isCounted(change))
      return []
    const countsFrom = awaitedBy(before)?.since ?? 0
    const isOwn = ({ runId }: ToldPing) =>
      countsFrom !== before.t || before.r === undefined || before.r === runId
    const isSince = (ping: ToldPing, since: number) =>
      isOwn(ping) && ping.answeredAt < at && ping.sentAt > since
    const ended =
      pings.heard.find(
        (ping) => accepted.has(ping.requestId) && isSince(ping, countsFrom + margin),
      ) ??
      pings.limited.find(
        (ping) =>
          rulesOf(changes, ping).every((beat) => takes(beat, ping)) &&
          !isBesideStart(ping) &&
          isSince(ping, countsFrom + margin + LIMITED_MS),
      )
    return ended === undefined
      ? []
      : [
          `${id} is flagged as of ${after.w}, though ping ${ended.requestId}, sent at ${ended.sentAt}, was answered ${ended.status}`,
        ]
  })
}

/**
 * Whether a success was recorded that is not dated, by clocks that differ, before a signal that was
 * there already.
 */
function isSuccessInOrder({ before, after }: Change, margin: number): boolean {
  if (before === undefined || after?.c?.k !== 'success') return false
  const behindMs = Math.max(before.p ?? 0, before.t ?? 0) - after.c.i
  return behindMs <= 0 || behindMs > margin
}

/**
 * A check as it was when a ping came: its rules may be others by the time at which it is judged.
 */
function rulesOf(changes: readonly Change[], { sentAt, answeredAt }: ToldPing): readonly Beat[] {
  const until = changes.filter(({ at }) => at <= answeredAt)
  const first = Math.max(0, until.filter(({ at }) => at <= sentAt).length - 1)
  return until.slice(first).flatMap(({ after }) => after ?? [])
}

/** Whether no rule of the check gives a ping another meaning. */
function takes({ M, x }: Beat, { method }: ToldPing): boolean {
  return (M === undefined || M === method) && x === undefined
}
