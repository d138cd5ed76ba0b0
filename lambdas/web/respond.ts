import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Html } from './html.ts'
import type { WebPage } from './parts/frame.ts'
import { frame } from './parts/frame.ts'
import type { WebCall, PersonalCall, ProjectCall } from './route.ts'

/** Answers with a whole page. */
export function respond(
  call: WebCall | PersonalCall | ProjectCall,
  page: WebPage,
  status: ContentfulStatusCode = 200,
): Response {
  return markup(call, frame(frameOf(call), page), status)
}

/** Answers with a part of a page, for the script. */
export function respondPart(call: WebCall, part: Html): Response {
  return markup(call, part, 200)
}

/** Goes on to another page after something was done. */
export function goTo({ context }: WebCall, path: string): Response {
  return context.redirect(path, 303)
}

function markup({ context }: WebCall, text: Html, status: ContentfulStatusCode): Response {
  return context.body(text.toString(), status, { 'Content-Type': 'text/html; charset=utf-8' })
}

function frameOf(call: WebCall | PersonalCall | ProjectCall) {
  const { assets, localPage } = call
  const user = 'user' in call ? { user: call.user } : {}
  return 'project' in call
    ? { assets, localPage, ...user, project: call.project, role: call.role }
    : { assets, localPage, ...user }
}
