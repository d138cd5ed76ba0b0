import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Invariant } from '../invariant.ts'
import type { ToldCall } from '../told.ts'

const writes = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
  'SendMessageBatch',
])

/**
 * 9. Who has no key, one for reading only, or another project's, is refused, is shown nothing of
 * the project and changes nothing.
 */
export const wrongKeysChangeNothing: Invariant = {
  name: '9 wrong keys change nothing',
  find({ told, world }) {
    const wrong = new Map(
      told.calls.filter(({ key }) => key !== 'owner').map((call) => [call.requestId, call]),
    )
    const requests = world.processes.filter(({ name }) => name === 'api')
    return [
      ...[...wrong.values()]
        .filter((call) => !isRefused(call))
        .map(({ key, action, status }) => `${action} by ${key} was answered ${status}`),
      ...requests.flatMap(({ event, calls }) => {
        const call = wrong.get((event as APIGatewayProxyEventV2).requestContext.requestId)
        const written = calls.filter(({ operation }) => writes.has(operation))
        return call === undefined || written.length === 0
          ? []
          : [
              `${call.action} by ${call.key} does ${written.map(({ operation }) => operation).join(', ')}`,
            ]
      }),
    ]
  },
}

/** Trouble on the way is no consent. */
function isRefused({ key, action, status, answer, checkId }: ToldCall): boolean {
  if (status === 0 || status === 429 || status >= 500) return true
  const isReading = action === 'read' || action === 'list'
  switch (key) {
    case 'owner':
      return false
    case 'reader':
      return isReading ? status === 200 || status === 404 : status === 401
    case 'stranger':
      return action === 'list'
        ? !JSON.stringify(answer).includes(checkId ?? '-')
        : status === 403 || status === 404
    case 'nobody':
      return status === 401
  }
}
