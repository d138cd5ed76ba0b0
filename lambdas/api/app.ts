import { Hono } from 'hono'
import type { VerifyAddressDeps } from '../managing/verify-address.ts'
import { type BadgesDeps, serveBadges } from './badges.ts'
import { type ChannelsDeps, serveChannels } from './channels.ts'
import { type ChecksDeps, serveChecks } from './checks.ts'
import { type FlipsDeps, serveFlips } from './flips.ts'
import { FieldError } from '../managing/fields/field-error.ts'
import { HttpError } from './http-error.ts'
import { type OhDearDeps, serveOhDear } from './oh-dear/oh-dear.ts'
import { serveOpenApi } from './openapi.ts'
import { type PingsDeps, servePings } from './pings.ts'
import { type PrometheusDeps, servePrometheus } from './prometheus.ts'
import { serveService, type ServiceDeps } from './service.ts'
import { serveVerification } from './verification.ts'
import { serveWindows, type WindowsDeps } from './windows.ts'

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

/** What the management API needs of the world: what its routes do. */
export type ApiDeps = BadgesDeps &
  ChannelsDeps &
  ChecksDeps &
  FlipsDeps &
  OhDearDeps &
  PingsDeps &
  PrometheusDeps &
  ServiceDeps &
  VerifyAddressDeps &
  WindowsDeps

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
  serveWindows(app, deps)
  serveBadges(app, deps)
  servePrometheus(app, deps)
  serveService(app, deps)
  serveOpenApi(app)
  serveOhDear(app, deps)
  serveVerification(app, deps)
  app.notFound((context) => context.json({ error: 'not found' }, 404))
  app.onError((error, context) => {
    if (error instanceof FieldError)
      return context.json({ error: `json validation error: ${error.message}` }, 400)
    if (error instanceof HttpError) return context.json({ error: error.message }, error.status)
    throw error
  })
  return app
}
