import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AwsEndpoint } from '../services/aws-endpoint.ts'
import type { Internet } from '../internet/internet.ts'
import { control, type ControlDeps } from './control.ts'
import { serveFunction } from './function-url.ts'
import type { LocalFunction } from '../functions/local-function.ts'
import { functionBehind, listsLog } from '../overdue.ts'
import { isOfThisMachine } from './own-site.ts'
import { answerPlainly } from './plain-answer.ts'
import { servePage } from './serve-page.ts'
import { signInOwner } from './sign-in-owner.ts'

/** The parts that answer behind the one port. Some start later than the port. */
export type Backends = {
  readonly aws?: AwsEndpoint
  readonly internet?: Internet
  readonly functions?: ReadonlyMap<string, LocalFunction>
  readonly control?: ControlDeps
}

/** The path at which the operator's command finds this machine's AWS. */
const awsPath = '/_local/aws'

/** Answers a request at the one port. Its path stays as it came, because clients send odd ones. */
export async function serve(
  backends: Backends,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '/'
  const path = url.split('?')[0] ?? '/'
  if (path.startsWith('/_local/') && !isOfThisMachine(request.headers)) {
    refuse(request, response)
    return
  }
  if (path.startsWith(`${awsPath}/`))
    return serveAws(backends, { request, response, path: url.slice(awsPath.length) })
  if (path === '/_local/') return servePage(backends, request, response)
  if (path === '/_local/sign-in') return signInOwner(backends, request, response)
  if (path.startsWith('/_local/')) {
    const { status, json } = await control(request, path.slice('/_local'.length), backends.control)
    answerPlainly(response, status, { type: 'application/json', body: JSON.stringify(json) })
    return
  }
  request.once('error', () => response.destroy())
  if (backends.control === undefined) {
    answerPlainly(response, 503, { type: 'text/plain', body: 'the local stack is starting\n' })
    return
  }
  const { clock, catchUp } = backends.control
  // On this machine the log shows a ping at once.
  if (listsLog(path)) await catchUp()
  const target = backends.functions?.get(functionBehind(path) ?? '')
  if (target) return serveFunction(target, request, response, clock)
  request.resume()
  answerPlainly(response, 404, { type: 'text/plain', body: 'not found\n' })
}

export type AwsRequest = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The path below the endpoint, with its query. */
  readonly path: string
}

export async function serveAws(
  { aws }: Backends,
  { request, response, path }: AwsRequest,
): Promise<void> {
  if (!isOfThisMachine(request.headers)) refuse(request, response)
  else if (aws === undefined)
    answerPlainly(response, 503, { type: 'text/plain', body: 'the local stack is starting\n' })
  else await aws.handle(request, response, path)
}

/** Pages of elsewhere can't ask for the whole URLs that a proxy takes. */
export async function serveInternet(
  { internet }: Backends,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await internet?.handle(request, response)
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  const error = 'only this machine may ask that, by its own name, and no page from elsewhere'
  answerPlainly(response, 400, { type: 'application/json', body: JSON.stringify({ error }) })
}
