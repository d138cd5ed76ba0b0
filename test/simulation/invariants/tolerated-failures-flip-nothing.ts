import type { Invariant } from '../invariant.ts'
import {
  type Beat,
  type Change,
  changesByCheck,
  isCounted,
  ruledChecks,
} from '../oracle/history.ts'
import { failuresIn, missNoted, runRulesIn } from '../oracle/rules.ts'

/**
 * A check with rules is up as long as fewer of its last runs have failed than it does not tolerate,
 * and goes down with the failure that is one too many; it comes up again with as many successes in
 * a row as it wants. What failed is told by the pings and the misses alone, counted here once more.
 */
export const toleratedFailuresFlipNothing: Invariant = {
  name: 'tolerated failures flip nothing',
  find: (run) =>
    [...ruledChecks(run)].flatMap((id) => wrongStatus(changesByCheck(run).get(id) ?? [])),
}

/**
 * What the oracle remembers of a check's runs: the failures have their instants if they are misses.
 */
type Memory = {
  readonly runs: readonly ('success' | 'failure' | { readonly missedAt: number })[]
  readonly successes: number
  readonly ends: readonly [from: number, count: number]
}

const nothing: Memory = { runs: [], successes: 0, ends: [-Infinity, 0] }

function wrongStatus(changes: readonly Change[]): readonly string[] {
  const wrong: string[] = []
  let memory = nothing
  for (const change of changes) {
    const { id, before, after } = change
    if (before === undefined || after === undefined) {
      memory = nothing
      continue
    }
    const [next, status] = judged(memory, change, before, after)
    memory = next
    const wanted = [status, failuresOf(memory.runs)]
    const found = [after.s, failuresIn(after)]
    const counts = runRulesIn(after).failures !== undefined && isCounted(change)
    if (wanted[0] !== found[0] || (counts && wanted[1] !== found[1]))
      wrong.push(
        `${id} is ${after.s} with ${found[1]} failures after ${change.by.name} at ${change.at}, and not ${wanted.join(' with ')}`,
      )
  }
  return wrong
}

function judged(
  memory: Memory,
  change: Change,
  before: Beat,
  after: Beat,
): readonly [Memory, string] {
  if (!isCounted(change)) {
    if (after.s === 'paused' || after.s === 'new')
      return [before.s === after.s ? memory : nothing, after.s]
    return missed(memory, before, after)
  }
  const { c } = after
  if (c === undefined || c.i < (before.p ?? c.i) || c.i < (before.t ?? c.i))
    return [memory, before.s]
  if (change.by.name === 'replay' && c.i < (before.h ?? 0)) return [memory, before.s]
  if (c.k === 'start') return overtaken(memory, before, c)
  return c.k === 'success' || c.k === 'fail' ? ended(memory, before, c) : [memory, before.s]
}

/**
 * A run whose place another takes has failed, where runs may overlap. While a check is down, no
 * limit judges its runs.
 */
function overtaken(
  memory: Memory,
  before: Beat,
  { r }: NonNullable<Beat['c']>,
): readonly [Memory, string] {
  const isOther = before.t !== undefined && r !== undefined && r !== before.r
  const isJudged = before.X !== undefined && before.D !== undefined && before.s !== 'down'
  if (!isOther || !isJudged) return [memory, before.s]
  return failed(memory, before, 'failure')
}

function ended(
  memory: Memory,
  before: Beat,
  { k, i, r }: NonNullable<Beat['c']>,
): readonly [Memory, string] {
  const { minRuntimeSeconds = 0, mostPings: most } = runRulesIn(before)
  const [from, count] = memory.ends
  const isOver = most === undefined || i >= from + most.seconds * 1000
  const ends = isOver ? ([i, 1] as const) : ([from, count + 1] as const)
  const tookMs = before.t !== undefined && before.r === r ? i - before.t : Infinity
  const isFailure =
    k === 'fail' ||
    tookMs < minRuntimeSeconds * 1000 ||
    (most !== undefined && ends[1] > most.count)
  const runs = memory.runs.filter((run) => typeof run === 'string' || run.missedAt < i)
  const next = { ...memory, runs, ends }
  return isFailure ? failed(next, before, 'failure') : succeeded(next, before)
}

function failed(
  memory: Memory,
  before: Beat,
  failure: Memory['runs'][number],
): readonly [Memory, string] {
  const { count, of } = runRulesIn(before).failures ?? { count: 1, of: 1 }
  const runs = [...memory.runs, failure].slice(-of)
  const isDown = before.s === 'down' || failuresOf(runs) >= count
  // What comes late takes no place any more once the check is down.
  const known = isDown ? runs.map((run) => (run === 'success' ? run : 'failure')) : runs
  return [{ ...memory, runs: known, successes: 0 }, isDown ? 'down' : 'up']
}

function succeeded(memory: Memory, before: Beat): readonly [Memory, string] {
  const { failures, successes = 1 } = runRulesIn(before)
  const runs = [...memory.runs, 'success' as const].slice(-(failures?.of ?? 1))
  if (before.s !== 'down') return [{ ...memory, runs }, 'up']
  if (memory.successes + 1 >= successes) return [{ ...memory, runs: [], successes: 0 }, 'up']
  return [{ ...memory, runs, successes: memory.successes + 1 }, 'down']
}

/** The sweep notes one miss at a time, and nothing else of this. */
function missed(memory: Memory, before: Beat, after: Beat): readonly [Memory, string] {
  const isDown = before.s !== 'down' && after.s === 'down'
  const missedAt = isDown ? after.w : missNoted(before, after)
  return missedAt !== undefined ? failed(memory, before, { missedAt }) : [memory, before.s]
}

function failuresOf(runs: Memory['runs']): number {
  return runs.filter((run) => run !== 'success').length
}
