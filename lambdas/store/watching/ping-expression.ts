import { failureBy } from '../../domain/watching/down-cause.ts'
import { isMail, type Ping } from '../../domain/watching/ping.ts'
import type { Fields } from '../../runtime/database.ts'
import { downCauseItem } from './down-cause-item.ts'
import * as attribute from './heartbeat-attributes.ts'
import * as clause from './heartbeat-clauses.ts'
import type { HeartbeatUpdate } from './heartbeat-expressions.ts'
import { sinceAttributes, sinceNames } from './heartbeat-item.ts'
import { detailsItem } from './ping-details-item.ts'

/*
 * A plain ping is one write and no read. The condition states every rule that can be stated on the
 * item alone; the update does what `afterPing` of the domain does where they hold. Where they
 * don't, the domain decides in a second step. What is the same for all pings is put together once.
 */
const accepted = [clause.isKnown, clause.mayResume, clause.isNotRepeated]

const counted = [attribute.lastPing, attribute.requestId]
  .map((name) => `${name} = :${name}`)
  .join(', ')
const addsOne = `ADD ${attribute.count} :one`
const counts = `SET ${counted} ${addsOne}`
const starts = `SET ${attribute.startedAt} = :now, ${counted} ${addsOne} REMOVE ${attribute.runId}`
const startsRun = `SET ${attribute.startedAt} = :now, ${attribute.runId} = :rid, ${counted} ${addsOne}`
const succeeds = finish('up')
const fails = finish('down')

/**
 * The single write of a plain ping.
 * @param version of the check whose rules on bodies have made the signal what it is; without it,
 * the check must have no such rules
 */
export function pingExpression(ping: Ping, version?: number): HeartbeatUpdate {
  const expression = (update: string, rules: readonly string[]) =>
    write(update, rules, { ping, version })
  switch (ping.signal) {
    case 'success':
      return expression(succeeds, finishing(ping))
    case 'fail':
      return expression(fails, finishing(ping))
    case 'start':
      return expression(ping.runId === undefined ? starts : startsRun, [
        clause.pingIsNotOlder,
        clause.startMovesNoLimit,
      ])
    case 'log':
    case 'ign':
      return expression(counts, [])
  }
}

/**
 * Ends a run: sets the status and, unless it was that before, its instant and cause; and removes
 * those of other statuses.
 */
function finish(status: 'up' | 'down'): string {
  const [since, count, cause] = sinceAttributes[status]
  const gone = sinceNames.filter((name) => !sinceAttributes[status].includes(name))
  const set = [
    `${attribute.status} = :${status}`,
    `${attribute.lastPingAt} = :now`,
    `${attribute.duration} = :now - if_not_exists(${attribute.startedAt}, :begunAt)`,
    `${since} = if_not_exists(${since}, :now)`,
    `${count} = if_not_exists(${count}, ${attribute.count})`,
    ...(cause === undefined ? [] : [`${cause} = if_not_exists(${cause}, :${cause})`]),
    counted,
  ]
  const removed = [attribute.startedAt, attribute.runId, attribute.awaitedAfter, ...gone]
  return `SET ${set.join(', ')} ${addsOne} REMOVE ${removed.join(', ')}`
}

function finishing(ping: Ping): readonly string[] {
  return [
    clause.pingIsNotOlder,
    clause.endsAreNotCounted,
    ping.runId === undefined ? clause.runsWithoutId : clause.endsItsOwnRun,
  ]
}

/**
 * Counts and logs a ping that is older than what is stored. Newer pings at the same time don't make
 * it fail.
 */
export function latePingExpression(ping: Ping, version?: number): HeartbeatUpdate {
  return write(counts, [clause.pingIsOlder], { ping, version })
}

type Written = { readonly ping: Ping; readonly version: number | undefined }

function write(
  update: string,
  rules: readonly string[],
  { ping, version }: Written,
): HeartbeatUpdate {
  const condition = [...accepted, ...requestRules(ping, version), ...rules].join(' AND ')
  const { signal, requestId: _, ...details } = ping
  const values: Fields = {
    ':now': ping.at,
    // For a run that reported no start. A duration of -1 stands for none.
    ':begunAt': ping.at - (ping.tookMs ?? -1),
    ':one': 1,
    ':up': 'up',
    ':down': 'down',
    ':paused': 'paused',
    ':method': ping.method,
    [`:${attribute.requestId}`]: ping.requestId,
    [`:${attribute.lastPing}`]: detailsItem({ ...details, type: signal }),
    [`:${attribute.version}`]: version,
    ':rid': ping.runId,
    [`:${attribute.downCause}`]: downCauseItem(failureBy(ping)),
  }
  return {
    update,
    condition,
    values: onlyUsed(values, `${update} ${condition}`),
  }
}

/** A check's rules on HTTP requests are not for mails. */
function requestRules(ping: Ping, version: number | undefined): readonly string[] {
  if (isMail(ping)) return []
  return [clause.methodIsAllowed, version === undefined ? clause.hasNoBodyRules : clause.hasVersion]
}

/** DynamoDB refuses values that an expression doesn't use. */
function onlyUsed(values: Fields, text: string): Fields {
  const used = new Set(text.match(/:\w+/g))
  return Object.fromEntries(Object.entries(values).filter(([name]) => used.has(name)))
}
