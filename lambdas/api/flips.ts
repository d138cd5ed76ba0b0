import type { Hono } from 'hono'
import { findCheck, type FindCheckDeps } from '../managing/find-check.ts'
import type { Journal } from '../store/watching/journal.ts'
import { byUniqueKey, byUuid } from './check-paths.ts'
import { secondsText } from '../managing/shown/instants.ts'
import { queryOf } from './query.ts'
import { accepted } from './refusals.ts'
import { type AccessDeps, type Action, type Call, serveCollection } from './resource.ts'
import { parseFlipsRange } from './schemas.ts'

/** The reference lists all; an answer needs a bound. */
const MOST_FLIPS = 10_000

export type FlipsDeps = AccessDeps & FindCheckDeps & { readonly journal: Pick<Journal, 'flips'> }

export function serveFlips(app: Hono, deps: FlipsDeps): void {
  const list: Action = { needs: 'read-only', act: (call) => listFlips(deps, call) }
  serveCollection(app, deps, `/checks/${byUuid}/flips/`, { GET: list })
  serveCollection(app, deps, `/checks/${byUniqueKey}/flips/`, { GET: list })
}

async function listFlips(deps: FlipsDeps, { context, caller, viewer }: Call): Promise<Response> {
  const check = accepted(await findCheck(deps, caller.projectId, context.req.param('id') ?? ''))
  const range = parseFlipsRange(queryOf(context), viewer.now)
  const flips = await deps.journal.flips(check, { ...range, limit: MOST_FLIPS }, viewer.now)
  return context.json({
    flips: flips.map(({ at, status }) => ({
      timestamp: secondsText(at),
      up: status === 'up' ? 1 : 0,
    })),
  })
}
