import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { CallNote, Process } from '../process.ts'
import type { Invariant } from '../invariant.ts'

/**
 * What has not been recorded by then waits for its replay, even if it is recorded a moment later.
 */
const RECORDING_MS = 1700
const uuidPath = /^\/ping\/[0-9a-f]{8}-/

/**
 * 2. A plain ping is one write and no read, and one more for its body; only what meets an exception
 * pays for a further step.
 */
export const pingsCostOneWrite: Invariant = {
  name: '2 pings cost one write',
  find: ({ world }) =>
    world.processes
      .filter(isPingByUuid)
      .flatMap((process) =>
        wasted(process).map((text) => `${process.name}#${process.number} ${text}`),
      ),
}

function isPingByUuid({ name, event }: Process): boolean {
  return name === 'ping' && uuidPath.test((event as APIGatewayProxyEventV2).rawPath)
}

function wasted({ calls, event }: Process): readonly string[] {
  const [first, ...further] = calls
  if (first === undefined) return []
  if (first.operation !== 'UpdateItem' || tableOf(first) !== 'Heartbeats')
    return [`begins with ${first.operation} on ${tableOf(first)}`]
  if (first.outcome === 'refused')
    return isException(first) ? [] : ['is refused without an exception that it meets']
  // What could not be recorded in time goes to the spill queue.
  const isRecorded =
    first.outcome === 'answered' && (first.answeredAt ?? 0) - first.at < RECORDING_MS
  const others = isRecorded
    ? further
    : further.filter(({ operation }) => operation !== 'SendMessageBatch')
  const keepsBody = (event as APIGatewayProxyEventV2).body !== undefined
  const allowed = first.outcome === 'answered' && keepsBody ? 1 : 0
  return others.length <= allowed &&
    others.every((call) => call.operation === 'PutItem' && tableOf(call) === 'Journal')
    ? []
    : [`goes on with ${others.map((call) => `${call.operation} on ${tableOf(call)}`).join(', ')}`]
}

type Values = Readonly<
  Record<string, { readonly S?: string; readonly N?: string; readonly BOOL?: boolean } | undefined>
>

/** Whether what a condition found is one of the cases that the design leaves to a second step. */
function isException({ error, input }: CallNote): boolean {
  const item = (error as { readonly Item?: Values }).Item
  const sent = (
    input as { readonly ExpressionAttributeValues: Values; readonly UpdateExpression: string }
  ).ExpressionAttributeValues
  if (item === undefined || item['z'] !== undefined) return true
  const now = Number(sent[':now']?.N ?? Infinity)
  const isNewer = Number(item['p']?.N ?? 0) > now || Number(item['t']?.N ?? 0) > now
  const runsOther = item['t'] !== undefined && item['r']?.S !== sent[':rid']?.S
  return (
    isNewer ||
    runsOther ||
    item['q']?.S === sent[':q']?.S ||
    item['x'] !== undefined ||
    item['R'] !== undefined ||
    (item['X'] !== undefined && item['t'] !== undefined) ||
    (item['M'] !== undefined && item['M'].S !== sent[':method']?.S) ||
    (item['m'] !== undefined && item['s']?.S === 'paused')
  )
}

function tableOf({ input }: CallNote): string {
  return (input as { readonly TableName?: string }).TableName ?? ''
}
