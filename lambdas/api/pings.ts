import type { Hono } from 'hono'
import { durationsMs } from '../domain/watching/duration.ts'
import type { LoggedPing } from '../domain/watching/ping.ts'
import { findCheck, type FindCheckDeps } from '../managing/find-check.ts'
import type { Journal } from '../store/watching/journal.ts'
import { byUuid } from './check-paths.ts'
import { HttpError } from './http-error.ts'
import { millisecondsText } from '../managing/shown/instants.ts'
import { accepted } from './refusals.ts'
import { type AccessDeps, type Call, serveCollection, serveResource } from './resource.ts'

/** How many pings are listed: what the reference lists for an account that nobody changed. */
const LISTED_PINGS = 100

/**
 * How many more are read for the starts of the runs that listed pings ended. A run that began
 * before them shows no duration.
 */
const PINGS_READ_BEYOND = 100

export type PingsDeps = AccessDeps &
  FindCheckDeps & { readonly journal: Pick<Journal, 'pings' | 'body'> }

export function servePings(app: Hono, deps: PingsDeps): void {
  serveCollection(app, deps, `/checks/${byUuid}/pings/`, {
    GET: { needs: 'read-write', act: (call) => listPings(deps, call) },
  })
  serveResource(app, deps, `/checks/${byUuid}/pings/:number{[0-9]{1,12}}/body`, {
    GET: { needs: 'read-write', act: (call) => getBody(deps, call) },
  })
}

async function listPings(deps: PingsDeps, { context, caller, viewer }: Call): Promise<Response> {
  const check = accepted(await findCheck(deps, caller.projectId, context.req.param('id') ?? ''))
  const pings = await deps.journal.pings(check, LISTED_PINGS + PINGS_READ_BEYOND, viewer.now)
  const durations = durationsMs(pings)
  const root = `${viewer.site.root}/api/v${viewer.site.version}/checks/${check.id}/pings`
  return context.json({
    pings: pings
      .slice(0, LISTED_PINGS)
      .map((ping) => pingAnswer(ping, durations.get(ping.number), root)),
  })
}

function pingAnswer(ping: LoggedPing, durationMs: number | undefined, root: string): object {
  return {
    type: ping.type,
    date: millisecondsText(ping.at),
    n: ping.number,
    scheme: ping.scheme,
    remote_addr: ping.address === '' ? null : ping.address,
    method: ping.method,
    ua: ping.userAgent,
    rid: ping.runId ?? null,
    body_url: ping.bodyBytes === 0 ? null : `${root}/${ping.number}/body`,
    ...(ping.exitStatus === undefined ? {} : { exit_status: ping.exitStatus }),
    ...(ping.receivedBytes === undefined
      ? {}
      : { body_bytes: ping.receivedBytes, body_bytes_kept: ping.bodyBytes }),
    ...(durationMs === undefined ? {} : { duration: Math.round(durationMs / 10) / 100 }),
  }
}

async function getBody(deps: PingsDeps, { context, caller, viewer }: Call): Promise<Response> {
  const check = accepted(await findCheck(deps, caller.projectId, context.req.param('id') ?? ''))
  const body = await deps.journal.body(check, Number(context.req.param('number')), viewer.now)
  if (body === undefined) throw new HttpError(404, 'ping has no body')
  return context.body(new Uint8Array(body.bytes), 200, {
    'Content-Type': 'text/plain',
    'Ping-Body-Bytes': body.receivedBytes.toString(),
  })
}
