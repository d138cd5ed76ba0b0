import { type Change, changesByCheck, isCounted, itemsOf } from '../oracle/history.ts'
import type { Invariant, Run } from '../invariant.ts'
import { deletedChecks, spilledRequests } from '../oracle/spilled.ts'
import type { ToldPing } from '../told.ts'

/**
 * 1. A ping answered 200 is counted, and counted once. Documented exception (decision 3): the item
 * remembers the last request only, so a write that was sent again may count twice when another ping
 * came between. And a ping that waited in the spill queue until its check was deleted counts for
 * nobody. Nothing is counted that nobody sent.
 */
export const pingsCountOnce: Invariant = {
  name: '1 pings count once',
  find(run) {
    const counted = [...changesByCheck(run).values()].flatMap((changes) =>
      changes.filter(isCounted),
    )
    const countedRequests = new Set(counted.map(({ after }) => after?.q))
    const sent = new Map(run.told.pings.map((ping) => [ping.requestId, ping]))
    const [spilled, deleted] = [spilledRequests(run), deletedChecks(run)]
    const isDropped = ({ requestId, checkId }: ToldPing) =>
      spilled.has(requestId) && (checkId === undefined || deleted.has(checkId))
    return [
      ...run.told.pings
        .filter(
          (ping) =>
            (ping.status === 200 || ping.status === 201) &&
            !countedRequests.has(ping.requestId) &&
            !isDropped(ping),
        )
        .map(
          ({ requestId, status, path }) =>
            `ping ${requestId} to ${path} was answered ${status} and is not counted`,
        ),
      ...counted.flatMap(({ id, after }) => {
        const ping = sent.get(after?.q ?? '')
        if (ping === undefined)
          return [`heartbeat ${id} counts request ${after?.q}, which nobody sent`]
        return ping.checkId !== undefined && ping.checkId !== id
          ? [`ping ${ping.requestId} was for ${ping.checkId}, and counts for ${id}`]
          : []
      }),
      ...[...changesByCheck(run).values()].flatMap(repeated),
      ...countedAgain(counted, spilled),
      ...unlogged(run, counted),
    ]
  },
}

/** Counts that go up by other than one, or twice in a row for the same request. */
function repeated(changes: readonly Change[]): readonly string[] {
  return changes.filter(isCounted).flatMap(({ id, before, after }) => {
    if (before === undefined || after === undefined) return []
    if (after.n !== before.n + 1) return [`the count of ${id} goes from ${before.n} to ${after.n}`]
    return after.q === before.q ? [`request ${after.q} counts twice for ${id}`] : []
  })
}

/**
 * Requests that count more than once, though each call of theirs that took effect was heard of, and
 * they did not wait for a replay.
 */
function countedAgain(counted: readonly Change[], spilled: ReadonlySet<string>): readonly string[] {
  const byRequest = Map.groupBy(counted, ({ after }) => after?.q)
  return [...byRequest].flatMap(([request, changes]) => {
    if (changes.length === 1 || spilled.has(request ?? '')) return []
    const calls = changes.flatMap(({ by }) =>
      by.calls.filter(({ operation }) => operation === 'UpdateItem'),
    )
    const isUnheard = calls.some(
      ({ effects, outcome }) => effects > 1 || (effects === 1 && outcome !== 'answered'),
    )
    return isUnheard ? [] : [`request ${request} counts ${changes.length} times`]
  })
}

/** Counted pings whose line in the log is missing or tells something else. */
function unlogged(run: Run, counted: readonly Change[]): readonly string[] {
  const log = new Map(
    itemsOf(run, 'Journal').map((item) => [
      `${String(item['check'])} ${String(item['entry'])}`,
      item,
    ]),
  )
  return counted.flatMap(({ id, after }) => {
    const entry = log.get(`${id} ping#${after?.n.toString().padStart(12, '0')}`)
    if (entry === undefined) return [`ping ${after?.n} of ${id} is not in the log`]
    return entry['type'] === after?.c?.k && entry['at'] === after?.c?.i
      ? []
      : [`ping ${after?.n} of ${id} stands wrong in the log`]
  })
}
