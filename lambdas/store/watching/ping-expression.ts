import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { isMail, type Ping } from '../../domain/watching/ping.ts'
import type { UpdateExpression } from './heartbeat-expressions.ts'
import { detailsItem } from './ping-details-item.ts'

/*
 * What a plain ping does, in one write and no read: the condition states every rule that can be
 * stated on the item alone, the update what `takePing` of the domain does where they hold. Whatever
 * fails the condition is decided by the domain in a second step. Attribute names are those of
 * heartbeat-item.ts; none of them is a reserved word of DynamoDB.
 */
const clauses = {
  isKnown: 'attribute_exists(v) AND attribute_not_exists(z)',
  hasNoBodyRules: 'attribute_not_exists(x)',
  hasTheseRules: 'v = :v',
  methodIsAllowed: '(attribute_not_exists(M) OR contains(M, :method))',
  mayResume: '(attribute_not_exists(m) OR s <> :paused)',
  isNotOlder: '(attribute_not_exists(p) OR p <= :now) AND (attribute_not_exists(t) OR t <= :now)',
  isNotRepeated: '(attribute_not_exists(q) OR q <> :q)',
  runsWithoutId: 'attribute_not_exists(r)',
  endsItsOwnRun: '(attribute_not_exists(t) OR r = :rid)',
}

const accepted = [clauses.isKnown, clauses.mayResume, clauses.isNotRepeated]

const counted = 'c = :c, q = :q'
// A duration of -1 stands for none: without a start, what is subtracted is one more than now.
const finished = 'p = :now, d = :now - if_not_exists(t, :nowPlus1)'
const since = (name: string, count: string): string =>
  `${name} = if_not_exists(${name}, :now), ${count} = if_not_exists(${count}, n)`

/**
 * The single write of a plain ping.
 * @param version of the check whose rules on bodies have made the signal what it is; without it,
 * the check must have no such rules
 */
export function pingExpression(ping: Ping, version?: number): UpdateExpression {
  const expression = (update: string, rules: readonly string[]) =>
    write(update, rules, { ping, version })
  switch (ping.signal) {
    case 'success':
      return expression(
        `SET s = :up, ${finished}, ${since('u', 'U')}, ${counted} ADD n :one REMOVE t, r, w, W, h, H`,
        finishing(ping),
      )
    case 'fail':
      return expression(
        `SET s = :down, ${finished}, ${since('w', 'W')}, ${counted} ADD n :one REMOVE t, r, u, U, h, H`,
        finishing(ping),
      )
    case 'start':
      return ping.runId === undefined
        ? expression(`SET t = :now, ${counted} ADD n :one REMOVE r`, [clauses.isNotOlder])
        : expression(`SET t = :now, r = :rid, ${counted} ADD n :one`, [clauses.isNotOlder])
    case 'log':
    case 'ign':
      return expression(`SET ${counted} ADD n :one`, [])
  }
}

function finishing(ping: Ping): readonly string[] {
  return [
    clauses.isNotOlder,
    ping.runId === undefined ? clauses.runsWithoutId : clauses.endsItsOwnRun,
  ]
}

/**
 * The write of a ping that is older than what is stored: it is counted and logged. Newer pings
 * beside it don't make it fail.
 */
export function latePingExpression(ping: Ping, version?: number): UpdateExpression {
  return write(`SET ${counted} ADD n :one`, ['(p > :now OR t > :now)'], { ping, version })
}

type Written = { readonly ping: Ping; readonly version: number | undefined }

function write(
  update: string,
  rules: readonly string[],
  { ping, version }: Written,
): UpdateExpression {
  const condition = [...accepted, ...requestRules(ping, version), ...rules].join(' AND ')
  const { signal, requestId: _, ...details } = ping
  const values: Record<string, AttributeValue> = {
    ':now': { N: ping.at.toString() },
    ':nowPlus1': { N: (ping.at + 1).toString() },
    ':one': { N: '1' },
    ':up': { S: 'up' },
    ':down': { S: 'down' },
    ':paused': { S: 'paused' },
    ':method': { S: ping.method },
    ':q': { S: ping.requestId },
    ':c': detailsItem({ ...details, type: signal }),
    ...(version === undefined ? {} : { ':v': { N: version.toString() } }),
    ...(ping.runId === undefined ? {} : { ':rid': { S: ping.runId } }),
  }
  return {
    UpdateExpression: update,
    ConditionExpression: condition,
    ExpressionAttributeValues: onlyUsed(values, `${update} ${condition}`),
  }
}

/** What a check says of HTTP requests is not for mails. */
function requestRules(ping: Ping, version: number | undefined): readonly string[] {
  if (isMail(ping)) return []
  return [
    clauses.methodIsAllowed,
    version === undefined ? clauses.hasNoBodyRules : clauses.hasTheseRules,
  ]
}

/** DynamoDB refuses values that an expression doesn't use. */
function onlyUsed(
  values: Record<string, AttributeValue>,
  text: string,
): Record<string, AttributeValue> {
  const used = new Set(text.match(/:\w+/g))
  return Object.fromEntries(Object.entries(values).filter(([name]) => used.has(name)))
}
