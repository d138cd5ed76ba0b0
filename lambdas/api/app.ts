import { Hono } from 'hono'
import { serveBadges } from './badges.ts'
import { serveChannels } from './channels.ts'
import { serveChecks } from './checks.ts'
import type { ApiDeps } from './deps.ts'
import { serveFlips } from './flips.ts'
import { HttpError } from './http-error.ts'
import { serveOpenApi } from './openapi.ts'
import { servePings } from './pings.ts'
import { servePrometheus } from './prometheus.ts'
import { serveService } from './service.ts'
import { serveVerification } from './verification.ts'

/**
 * On every answer, errors included: browsers may read it, and nobody between may keep it, as it
 * depends on the key.
 */
const headers = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'X-Api-Key',
  'Access-Control-Max-Age': '600',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
}

/** The management API. What is not the caller's mistake is not caught: Lambda reports it. */
export function makeApp(deps: ApiDeps): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
    await next()
  })
  serveChecks(app, deps)
  servePings(app, deps)
  serveFlips(app, deps)
  serveChannels(app, deps)
  serveBadges(app, deps)
  servePrometheus(app, deps)
  serveService(app, deps)
  serveOpenApi(app)
  serveVerification(app, deps)
  app.notFound((context) => context.json({ error: 'not found' }, 404))
  app.onError((error, context) => {
    if (error instanceof HttpError) return context.json({ error: error.message }, error.status)
    throw error
  })
  return app
}
