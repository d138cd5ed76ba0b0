import type { Context, Hono } from 'hono'
import { uuidPattern } from '../domain/wire/uuid.ts'
import { gaugesOf } from './gauges.ts'
import { bearerOf } from './bearer.ts'
import { HttpError } from './http-error.ts'
import { type AccessDeps, API_KEY_LENGTH, serveOpenly } from './resource.ts'
import { watchedChecks, type WatchedDeps } from '../managing/watched.ts'

const project = `/projects/:project{${uuidPattern}}`

export type PrometheusDeps = WatchedDeps & Pick<AccessDeps, 'registry' | 'intake' | 'clock'>

/**
 * A project's checks for Prometheus. The read-only key comes in the path, or as a bearer token. It
 * says which project is meant: the one in the path is not looked at, as in the reference.
 */
export function servePrometheus(app: Hono, deps: PrometheusDeps): void {
  const byPath = (context: Context) => gauges(deps, context, context.req.param('key') ?? '')
  serveOpenly(app, `${project}/metrics/`, {
    GET: (context) => gauges(deps, context, bearerOf(context, 'read-only')),
  })
  serveOpenly(app, `${project}/metrics/:key{[-a-zA-Z0-9_]+}`, { GET: byPath })
  serveOpenly(app, `${project}/checks/metrics/:key{[-a-zA-Z0-9_]+}`, { GET: byPath })
}

async function gauges(deps: PrometheusDeps, context: Context, key: string): Promise<Response> {
  if (key.length !== API_KEY_LENGTH)
    throw new HttpError(400, `api key must have ${API_KEY_LENGTH} characters, got ${key.length}`)
  const caller = await deps.registry.access(key)
  if (caller?.access !== 'read-only')
    throw new HttpError(403, 'wrong api key, the read-only one is needed')
  const now = deps.clock.now()
  const moment = { now, impairment: await deps.intake.impairmentAt(now) }
  const text = gaugesOf(await watchedChecks(deps, caller.projectId, moment), now)
  return context.body(text, 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' })
}
