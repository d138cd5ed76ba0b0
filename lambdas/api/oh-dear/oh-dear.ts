import type { Context, Hono } from 'hono'
import { isPlainName } from '../../domain/people/plain-name.ts'
import type { Check } from '../../domain/watching/check.ts'
import { syncedPrefix } from '../../domain/watching/managed-by.ts'
import { type CheckSync, syncChecks, type SyncChecksDeps } from '../../managing/sync-checks.ts'
import { bearerOf } from '../bearer.ts'
import { HttpError } from '../http-error.ts'
import { accepted, errorOf } from '../refusals.ts'
import { type AccessDeps, authorised, type Call, serveOpenly } from '../resource.ts'
import { cronCheckAnswer } from './cron-check-answer.ts'
import { parseCronChecks } from './cron-checks.ts'

export type OhDearDeps = AccessDeps & SyncChecksDeps

const monitor = '/monitors/:monitor'

/**
 * The part of Oh Dear's API by which spatie's schedule monitor for Laravel tells the schedule of an
 * application. A monitor is whatever the application calls it; the key says which project is meant.
 */
export function serveOhDear(app: Hono, deps: OhDearDeps): void {
  serveOpenly(app, monitor, { GET: (context) => getMonitor(deps, context) })
  serveOpenly(app, `${monitor}/cron-checks`, { POST: (context) => postCheck(deps, context) })
  serveOpenly(app, `${monitor}/cron-checks/sync`, { POST: (context) => postSync(deps, context) })
}

/** What `schedule-monitor:verify` asks for, and shows. */
async function getMonitor(deps: OhDearDeps, context: Context): Promise<Response> {
  const { viewer } = await authorised(deps, context, {
    needs: 'read-only',
    key: bearerOf(context, 'read-only'),
  })
  const { root } = viewer.site
  return context.json({ url: root, sort_url: root })
}

/** What `schedule-monitor:sync` sends: all checks of the application. */
async function postSync(deps: OhDearDeps, context: Context): Promise<Response> {
  const call = await callOf(deps, context)
  const wanted = parseCronChecks(call.body)
  const checks = await synced(deps, call, { wanted, isComplete: true })
  return context.json(checks.map((check) => cronCheckAnswer(check, call.viewer.site)))
}

/** What it sends with `--keep-old`: one check that is new to the application. */
async function postCheck(deps: OhDearDeps, context: Context): Promise<Response> {
  const call = await callOf(deps, context)
  const wanted = parseCronChecks({ cron_checks: [call.body] })
  const [check] = await synced(deps, call, { wanted, isComplete: false })
  return context.json(check && cronCheckAnswer(check, call.viewer.site))
}

function callOf(deps: OhDearDeps, context: Context): Promise<Call> {
  return authorised(deps, context, { needs: 'read-write', key: bearerOf(context, 'read-write') })
}

async function synced(
  deps: OhDearDeps,
  { context, caller: { projectId }, by }: Call,
  sync: Pick<CheckSync, 'wanted' | 'isComplete'>,
): Promise<readonly Check[]> {
  const name = context.req.param('monitor') ?? ''
  if (!isPlainName(name)) throw new HttpError(422, 'the monitor must have 1–100 characters')
  const outcome = await syncChecks(deps, {
    ...sync,
    projectId,
    by,
    keeper: `${syncedPrefix}${name}`,
  })
  if ('refusal' in outcome && outcome.refusal === 'unfit')
    throw new HttpError(422, `check "${outcome.name}": ${errorOf(outcome.why).message}`)
  return accepted(outcome)
}
