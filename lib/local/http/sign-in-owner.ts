import type { IncomingMessage, ServerResponse } from 'node:http'
import { sessionCookie } from '../../../lambdas/domain/people/session-life.ts'
import type { ControlDeps } from './control.ts'
import { answerPlainly } from './plain-answer.ts'

/**
 * Signs a browser of this machine in to the dashboard, without a mail. A page from elsewhere can't
 * have a browser do so: its requests are refused before.
 */
export async function signInOwner(
  { control }: { readonly control?: ControlDeps },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume()
  if (control === undefined) {
    answerPlainly(response, 503, { type: 'text/plain', body: 'the local stack is starting\n' })
    return
  }
  if (request.method !== 'GET') {
    answerPlainly(response, 405, {
      type: 'application/json',
      body: JSON.stringify({ error: '/sign-in takes GET' }),
    })
    return
  }
  const token = await control.owner.signIn(request.headers['user-agent'] ?? '')
  response.writeHead(303, { location: '/app/', 'set-cookie': sessionCookie(token) }).end()
}
