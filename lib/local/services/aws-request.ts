import type { IncomingMessage } from 'node:http'
import type { ServiceAnswer, AwsCall, AwsServiceName } from './aws-call.ts'

type Addressed = Pick<AwsCall, 'service' | 'operation' | 'input'>

const targets: ReadonlyMap<string, AwsServiceName> = new Map([
  ['DynamoDB_20120810', 'dynamodb'],
  ['AmazonSQS', 'sqs'],
  ['AWSEvents', 'events'],
])

/**
 * The call in a request, whose header, path or form names the service and the operation. An answer
 * when the request holds no call that is known.
 */
export function readCall(
  request: IncomingMessage,
  path: string,
  body: Buffer,
): AwsCall | ServiceAnswer {
  const caller = /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1]
  if (caller === undefined) return refused(403, 'MissingAuthenticationToken')
  try {
    const addressed =
      byTarget(request.headers['x-amz-target'], body) ??
      byPath(path, body) ??
      byQuery(path) ??
      byForm(body)
    return addressed === undefined
      ? refused(400, 'UnknownOperationException')
      : { ...addressed, caller, body }
  } catch {
    return refused(400, 'SerializationException')
  }
}

function byTarget(target: string | string[] | undefined, body: Buffer): Addressed | undefined {
  if (typeof target !== 'string') return undefined
  const [prefix = '', operation = ''] = target.split('.')
  const service = targets.get(prefix)
  return service && { service, operation, input: parsed(body) }
}

function byPath(path: string, body: Buffer): Addressed | undefined {
  if (path.startsWith('/v2/email/outbound-emails'))
    return { service: 'ses', operation: 'SendEmail', input: parsed(body) }
  if (path === '/2016-08-19/account-settings/')
    return { service: 'lambda', operation: 'GetAccountSettings', input: {} }
  const name = /^\/2015-03-31\/functions\/([^/?]+)\/invocations/.exec(path)?.[1]
  return name === undefined
    ? undefined
    : { service: 'lambda', operation: 'Invoke', input: { FunctionName: decodeURIComponent(name) } }
}

/** S3 names the operation in the query, bucket and key in the path. */
function byQuery(path: string): Addressed | undefined {
  const [, bucket, key, operation] = /^\/([^/?]+)\/([^?]+)\?(?:.*&)?x-id=(\w+)/.exec(path) ?? []
  if (bucket === undefined || key === undefined || operation !== 'GetObject') return undefined
  return { service: 's3', operation, input: { Bucket: bucket, Key: decodeURIComponent(key) } }
}

function byForm(body: Buffer): Addressed | undefined {
  const form = new URLSearchParams(body.toString())
  const operation = form.get('Action')
  if (operation === null) return undefined
  const service = form.has('TopicArn')
    ? 'sns'
    : operation === 'GetMetricData'
      ? 'cloudwatch'
      : 'cloudformation'
  return { service, operation, input: Object.fromEntries(form) }
}

function parsed(body: Buffer): Readonly<Record<string, unknown>> {
  return JSON.parse(body.toString()) as Record<string, unknown>
}

function refused(status: number, name: string): ServiceAnswer {
  return {
    status,
    headers: { 'x-amzn-errortype': name },
    body: JSON.stringify({ __type: name, message: 'the local stack does not play this' }),
  }
}
