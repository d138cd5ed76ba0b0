import type { Hono } from 'hono'
import { type Check, tagsOf } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import {
  type CheckDeps,
  type CheckRequest,
  createCheck,
  updateCheck,
  upsertCheck,
} from '../managing/checks.ts'
import { deleteCheck, type DeleteCheckDeps } from '../managing/delete-check.ts'
import { findCheck } from '../managing/find-check.ts'
import { pauseCheck, type PauseCheckDeps, resumeCheck } from '../managing/pause-check.ts'
import { snoozeCheck, type SnoozeCheckDeps, unsnoozeCheck } from '../managing/snooze-check.ts'
import { checkAnswer } from '../managing/shown/check-answer.ts'
import { identityOf, wantedOf } from '../managing/fields/check-fields.ts'
import { byUniqueKey, byUuid } from './check-paths.ts'
import { queryOf } from './query.ts'
import { accepted } from './refusals.ts'
import {
  type AccessDeps,
  type Action,
  type Call,
  serveCollection,
  serveResource,
} from './resource.ts'
import { type CheckFields, parseCheckFields } from '../managing/fields/check-shape.ts'
import { parseSnooze } from '../managing/fields/snooze-fields.ts'
import {
  heldCheck,
  type OneWatchedDeps,
  watchedChecks,
  type WatchedDeps,
} from '../managing/watched.ts'
import { withoutDeleted, type WithoutDeletedDeps } from './without-deleted.ts'

export type ChecksDeps = AccessDeps &
  WatchedDeps &
  OneWatchedDeps &
  CheckDeps &
  DeleteCheckDeps &
  PauseCheckDeps &
  SnoozeCheckDeps &
  WithoutDeletedDeps

export function serveChecks(app: Hono, deps: ChecksDeps): void {
  const get: Action = { needs: 'read-only', act: (call) => getCheck(deps, call) }
  serveCollection(app, deps, '/checks/', {
    GET: { needs: 'read-only', act: (call) => listChecks(deps, call) },
    POST: { needs: 'read-write', act: (call) => postChecks(deps, call) },
  })
  serveResource(app, deps, `/checks/${byUniqueKey}`, { GET: get })
  serveResource(app, deps, `/checks/${byUuid}`, {
    GET: get,
    POST: { needs: 'read-write', act: (call) => postCheck(deps, call) },
    DELETE: { needs: 'read-write', act: (call) => removeCheck(deps, call) },
  })
  serveResource(app, deps, `/checks/${byUuid}/pause`, {
    POST: { needs: 'read-write', act: (call) => postPause(deps, call) },
  })
  serveResource(app, deps, `/checks/${byUuid}/resume`, {
    POST: { needs: 'read-write', act: (call) => postResume(deps, call) },
  })
  serveResource(app, deps, `/checks/${byUuid}/snooze`, {
    POST: { needs: 'read-write', act: (call) => postSnooze(deps, call) },
    DELETE: { needs: 'read-write', act: (call) => removeSnooze(deps, call) },
  })
}

async function listChecks(deps: ChecksDeps, { context, caller, viewer }: Call): Promise<Response> {
  const tags = context.req.queries('tag') ?? []
  const { slug = '' } = queryOf(context)
  const isWanted = (check: Check) => (slug === '' || check.slug === slug) && hasTags(check, tags)
  const watched = await watchedChecks(deps, caller.projectId, viewer, isWanted)
  const shown = await withoutDeleted(
    deps,
    watched.map(({ check }) => check),
    viewer,
  )
  return context.json({
    checks: shown.map((check, index) => {
      const circumstances = watched[index]
      return checkAnswer(check, circumstances?.heartbeat, viewer, circumstances)
    }),
  })
}

function hasTags(check: Check, tags: readonly string[]): boolean {
  const own = tagsOf(check)
  return tags.every((tag) => own.includes(tag))
}

async function postChecks(deps: ChecksDeps, call: Call): Promise<Response> {
  const fields = parseCheckFields(call.body)
  const request = requestOf(call, fields)
  const identity = identityOf(fields)
  const outcome = await (identity === undefined
    ? createCheck(deps, request)
    : upsertCheck(deps, identity, request))
  const { check, heartbeat, isNew } = accepted(outcome)
  // Nothing is read for a new one: its channels were just looked at, and what fails here would have
  // it made twice.
  if (isNew) return call.context.json(checkAnswer(check, heartbeat, call.viewer), 201)
  return answer(deps, call, { check, heartbeat })
}

async function getCheck(deps: ChecksDeps, call: Call): Promise<Response> {
  const check = accepted(await findCheck(deps, call.caller.projectId, idOf(call)))
  return answer(deps, call, { check, heartbeat: await deps.heartbeats.read(check.id) })
}

async function postCheck(deps: ChecksDeps, call: Call): Promise<Response> {
  const request = requestOf(call, parseCheckFields(call.body))
  return answer(deps, call, accepted(await updateCheck(deps, idOf(call), request)))
}

async function removeCheck(deps: ChecksDeps, call: Call): Promise<Response> {
  const outcome = await deleteCheck(deps, {
    projectId: call.caller.projectId,
    checkId: idOf(call),
    by: call.by,
  })
  const { check, heartbeat } = accepted(outcome)
  return answer(deps, call, { check: { ...check, channelIds: [] }, heartbeat })
}

async function postPause(deps: ChecksDeps, call: Call): Promise<Response> {
  return answer(deps, call, accepted(await pauseCheck(deps, namedIn(call))))
}

async function postResume(deps: ChecksDeps, call: Call): Promise<Response> {
  const outcome = await resumeCheck(deps, namedIn(call))
  if (outcome === 'not-paused') return call.context.text('check is not paused', 409)
  return answer(deps, call, accepted(outcome))
}

async function postSnooze(deps: ChecksDeps, call: Call): Promise<Response> {
  const until = parseSnooze(call.body, call.viewer.now)
  return answer(deps, call, accepted(await snoozeCheck(deps, namedIn(call), until)))
}

async function removeSnooze(deps: ChecksDeps, call: Call): Promise<Response> {
  return answer(deps, call, accepted(await unsnoozeCheck(deps, namedIn(call))))
}

function namedIn(call: Call) {
  return { projectId: call.caller.projectId, name: idOf(call), by: call.by }
}

/** In versions 1 and 2 a new name makes a new slug. */
function requestOf({ caller, by, viewer }: Call, fields: CheckFields): CheckRequest {
  return {
    projectId: caller.projectId,
    by,
    ...wantedOf(fields, { isSlugDerived: viewer.site.version < 3 }),
  }
}

function idOf({ context }: Call): string {
  return context.req.param('id') ?? ''
}

type Shown = { readonly check: Check; readonly heartbeat: Heartbeat | undefined }

async function answer(
  deps: ChecksDeps,
  { context, viewer }: Call,
  { check, heartbeat }: Shown,
): Promise<Response> {
  const [[shown = check], circumstances] = await Promise.all([
    withoutDeleted(deps, [check], viewer),
    heldCheck(deps, { check, stored: heartbeat }, viewer),
  ])
  return context.json(checkAnswer(shown, heartbeat, viewer, circumstances))
}
