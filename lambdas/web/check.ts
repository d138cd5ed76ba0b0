import { createHash } from 'node:crypto'
import { may } from '../domain/people/role.ts'
import { eventsOf } from '../domain/watching/check-event.ts'
import type { Journal } from '../store/watching/journal.ts'
import { checkIn, readerOf } from './check-in.ts'
import { type CheckReadingDeps, seenCheck, viewedCheck, viewOfSeen } from './check-reading.ts'
import { shownSnippet, snippetAsked } from './check-snippet.ts'
import { changingParts, checkPage } from './pages/check.ts'
import { checkEventsPage } from './pages/check-events.ts'
import { pingPage } from './pages/check-ping.ts'
import { snippetPage } from './pages/check-snippet.ts'
import { isSettling, stateOf } from './pages/check-state.ts'
import { NotHere } from './refused.ts'
import { respond } from './respond.ts'
import { showPingLog } from './check-log.ts'
import type { ProjectCall, Route } from './route.ts'

export type CheckPageDeps = CheckReadingDeps & {
  readonly journal: Pick<Journal, 'pings' | 'pingsBefore' | 'numberAt' | 'flips' | 'body'>
  readonly pingEndpoint: string
  /** Where mails ping, if they do. */
  readonly pingEmailDomain?: string | undefined
}

const path = '/p/:project/c/:key'
const ping = `${path}/pings/:n`

export const checkRoutes: readonly Route<CheckPageDeps>[] = [
  { method: 'GET', path, needs: 'see', act: showCheck },
  { method: 'GET', path: `${path}/live`, needs: 'see', act: showState },
  { method: 'GET', path: `${path}/log`, needs: 'see', act: showPingLog },
  { method: 'GET', path: `${path}/events`, needs: 'see', act: showEvents },
  { method: 'GET', path: `${path}/snippets/:kind`, needs: 'see-secrets', act: showSnippet },
  { method: 'GET', path: ping, needs: 'see-secrets', act: showPing },
  { method: 'GET', path: `${ping}/body`, needs: 'see-secrets', act: sendBody },
]

async function showCheck(deps: CheckPageDeps, call: ProjectCall): Promise<Response> {
  const view = await viewedCheck(deps, call)
  const { project, held, role } = view
  const snippet = may(role, 'see-secrets')
    ? shownSnippet(deps, { project, check: held.check }, snippetAsked(call.query))
    : undefined
  return respond(call, checkPage(view, snippet))
}

/**
 * Most polls find the state as it was: they cost two read units, and no page is sent. Else the rest
 * is read as well, and goes without a tag while it settles, so that the next poll reads it again.
 */
async function showState(deps: CheckPageDeps, call: ProjectCall): Promise<Response> {
  const { context, now } = call
  const seen = await seenCheck(deps, call)
  const state = stateOf(seen).toString()
  const tag = `"${createHash('sha256').update(state).digest('base64url').slice(0, 22)}"`
  const asOf = { 'X-As-Of': new Date(now).toISOString() }
  if (context.req.header('If-None-Match') === tag)
    return context.body(null, 304, { ...asOf, ETag: tag })
  const view = await viewOfSeen(deps, call, seen)
  return context.body(changingParts(view).toString(), 200, {
    ...asOf,
    ...(isSettling(view) ? {} : { ETag: tag }),
    'Content-Type': 'text/html; charset=utf-8',
  })
}

async function showEvents(deps: CheckPageDeps, call: ProjectCall): Promise<Response> {
  const view = await viewedCheck(deps, call)
  const { project, held, reader, flips, deliveries } = view
  const { check } = held
  const entries = may(view.role, 'change')
    ? await deps.audits.ofCheck(project.id, call.context.req.param('key') ?? '', call.now)
    : []
  const events = eventsOf({ flips, deliveries, entries })
  const channelName = view.channelName
  return respond(call, checkEventsPage({ project, check, events, reader, channelName }))
}

async function showSnippet(deps: CheckPageDeps, call: ProjectCall): Promise<Response> {
  const { project, query, context } = call
  const check = await checkIn(deps, call)
  const asked = snippetAsked(query, context.req.param('kind'))
  return respond(call, snippetPage(shownSnippet(deps, { project, check }, asked)))
}

async function showPing(deps: CheckPageDeps, call: ProjectCall): Promise<Response> {
  const { project, now, context } = call
  const check = await checkIn(deps, call)
  const number = numberIn(context.req.param('n'))
  const [[found], body] = await Promise.all([
    deps.journal.pingsBefore(check, { before: number + 1, limit: 1 }, now),
    deps.journal.body(check, number, now),
  ])
  if (found?.number !== number) throw new NotHere()
  return respond(call, pingPage({ project, check, ping: found, body, reader: readerOf(call) }))
}

/** To be saved, and never shown by a browser as what its sender says it is. */
async function sendBody(deps: CheckPageDeps, call: ProjectCall): Promise<Response> {
  const { now, context } = call
  const check = await checkIn(deps, call)
  const number = numberIn(context.req.param('n'))
  const body = await deps.journal.body(check, number, now)
  if (body === undefined) throw new NotHere()
  return context.body(new Uint8Array(body.bytes), 200, {
    'Content-Type': 'text/plain',
    'Content-Disposition': `attachment; filename="ping-${number}.txt"`,
  })
}

/** @throws NotHere for what is no number of a ping */
function numberIn(text = ''): number {
  if (!/^[1-9][0-9]{0,11}$/.test(text)) throw new NotHere()
  return Number(text)
}
