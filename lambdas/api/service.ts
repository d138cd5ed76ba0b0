import type { Context, Hono } from 'hono'
import { zoneDataVersion } from '../domain/schedule/schedule.ts'
import { uuidPattern } from '../domain/wire/uuid.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { HttpError } from './http-error.ts'
import { serveOpenly } from './resource.ts'

const anyVersion = '/api/:version{v[123]}'

/** No check and no project has it. */
const nobody = '00000000-0000-0000-0000-000000000000'

export type ServiceDeps = {
  readonly registry: Pick<Registry, 'ownerOf'>
  readonly heartbeats: Pick<Heartbeats, 'read'>
}

/** What tells of the service itself, without a key. */
export function serveService(app: Hono, deps: ServiceDeps): void {
  for (const slash of ['/', '']) {
    serveOpenly(app, `${anyVersion}/status${slash}`, { GET: (context) => status(deps, context) })
    serveOpenly(app, `${anyVersion}/metrics${slash}`, { GET: refuseMetrics })
  }
  serveOpenly(app, `${anyVersion}/notifications/:id{${uuidPattern}}/status`, {
    POST: (context) => context.body(null, 200),
  })
}

/**
 * Answers after a real look into both tables that pings and checks need, and says which law
 * schedules are judged by. What fails there is not caught: Lambda answers 5xx.
 */
async function status({ registry, heartbeats }: ServiceDeps, context: Context): Promise<Response> {
  await Promise.all([registry.ownerOf(nobody), heartbeats.read(nobody)])
  return context.text('OK', 200, { 'Time-Zone-Data': zoneDataVersion })
}

/**
 * Open to a key that no deployment has: the numbers of the reference are of its one database, and
 * CloudWatch has those of this one.
 */
function refuseMetrics(): never {
  throw new HttpError(403, 'metrics are not served here')
}
