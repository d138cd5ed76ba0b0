import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { ControlDeps } from './control.ts'
import { readBody } from './http-body.ts'
import { page } from './page.ts'
import { answerPlainly } from './plain-answer.ts'

const LONGEST_FORM_BYTES = 1000
const formShape = z.object({ advanceSeconds: z.coerce.number().gt(0).max(40_000_000) })

/** Shows the page of the local stack, and moves its clock by a button there. */
export async function servePage(
  { control }: { readonly control?: ControlDeps },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, LONGEST_FORM_BYTES)
  if (control === undefined) {
    answerPlainly(response, 503, { type: 'text/plain', body: 'the local stack is starting\n' })
    return
  }
  if (request.method === 'POST') {
    const form = Object.fromEntries(new URLSearchParams(body.toString()))
    const parsed = formShape.safeParse(form)
    if (parsed.success) await control.travel.advance(parsed.data.advanceSeconds)
    response.writeHead(303, { location: '/_local/' }).end()
    return
  }
  const { baseUrl, project, clock, mailbox, outgoing } = control
  const shown = { project, now: clock.now(), mails: mailbox.mails, outgoing: outgoing.all }
  answerPlainly(response, 200, { type: 'text/html; charset=utf-8', body: page(baseUrl, shown) })
}
