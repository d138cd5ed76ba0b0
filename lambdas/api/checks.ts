import type { Hono } from 'hono'
import { type Check, tagsOf } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { log } from '../runtime/log.ts'
import { checkAnswer, type Viewer } from './check-answer.ts'
import { createOrUpdate, definedHeartbeat, remove, update } from './check-writes.ts'
import type { ApiDeps } from './deps.ts'
import { byUniqueKey, byUuid, findCheck } from './find-check.ts'
import { HttpError } from './http-error.ts'
import { queryOf } from './query.ts'
import { type Action, type Call, serveCollection, serveResource } from './resource.ts'
import { parseCheckFields } from './schemas.ts'
import { watchedChecks } from './watched.ts'

export function serveChecks(app: Hono, deps: ApiDeps): void {
  const get: Action = { needs: 'read-only', act: (call) => getCheck(deps, call) }
  serveCollection(app, deps, '/checks/', {
    GET: { needs: 'read-only', act: (call) => listChecks(deps, call) },
    POST: { needs: 'read-write', act: (call) => postChecks(deps, call) },
  })
  serveResource(app, deps, `/checks/${byUniqueKey}`, { GET: get })
  serveResource(app, deps, `/checks/${byUuid}`, {
    GET: get,
    POST: { needs: 'read-write', act: (call) => postCheck(deps, call) },
    DELETE: { needs: 'read-write', act: (call) => deleteCheck(deps, call) },
  })
  serveResource(app, deps, `/checks/${byUuid}/pause`, {
    POST: { needs: 'read-write', act: (call) => pauseCheck(deps, call) },
  })
  serveResource(app, deps, `/checks/${byUuid}/resume`, {
    POST: { needs: 'read-write', act: (call) => resumeCheck(deps, call) },
  })
}

async function listChecks(deps: ApiDeps, { context, caller, viewer }: Call): Promise<Response> {
  const tags = context.req.queries('tag') ?? []
  const { slug = '' } = queryOf(context)
  const isWanted = (check: Check) => (slug === '' || check.slug === slug) && hasTags(check, tags)
  const watched = await watchedChecks(deps, caller.projectId, isWanted)
  const shown = await withExistingChannels(
    deps.registry,
    watched.map(({ check }) => check),
    viewer,
  )
  return context.json({
    checks: shown.map((check, index) => checkAnswer(check, watched[index]?.heartbeat, viewer)),
  })
}

/**
 * A channel that was deleted stays in the items of its checks and is taken out where they are
 * shown, and so at once and of all of them.
 */
async function withExistingChannels(
  registry: ApiDeps['registry'],
  checks: readonly Check[],
  { access }: Viewer,
): Promise<readonly Check[]> {
  const [named] = checks.filter(({ channelIds }) => channelIds.length > 0)
  if (named === undefined || access === 'read-only') return checks
  const existing = new Set((await registry.channelNames(named.projectId)).map(({ id }) => id))
  return checks.map((check) => ({
    ...check,
    channelIds: check.channelIds.filter((id) => existing.has(id)),
  }))
}

function hasTags(check: Check, tags: readonly string[]): boolean {
  const own = tagsOf(check)
  return tags.every((tag) => own.includes(tag))
}

async function postChecks(deps: ApiDeps, call: Call): Promise<Response> {
  const { check, heartbeat, isNew } = await createOrUpdate(deps, requestOf(call))
  // Nothing is read for a new one: its channels were just looked at, and what fails here would have
  // it made twice.
  if (isNew) return call.context.json(checkAnswer(check, heartbeat, call.viewer), 201)
  return answer(deps, call, { check, heartbeat })
}

async function getCheck(deps: ApiDeps, call: Call): Promise<Response> {
  const check = await findCheck(deps, call.caller.projectId, idOf(call))
  return answer(deps, call, { check, heartbeat: await deps.heartbeats.read(check.id) })
}

async function postCheck(deps: ApiDeps, call: Call): Promise<Response> {
  const { check, heartbeat } = await update(deps, idOf(call), requestOf(call))
  return answer(deps, call, { check, heartbeat })
}

async function deleteCheck(deps: ApiDeps, call: Call): Promise<Response> {
  const { check, heartbeat } = await remove(deps, idOf(call), call.caller.projectId)
  return answer(deps, call, { check: { ...check, channelIds: [] }, heartbeat })
}

async function pauseCheck(deps: ApiDeps, call: Call): Promise<Response> {
  const check = await findCheck(deps, call.caller.projectId, idOf(call))
  await definedHeartbeat(deps, check)
  const heartbeat = await deps.heartbeats.pause(check.id, call.viewer.now)
  if (heartbeat === 'missing') throw new HttpError(404, 'check not found')
  log('check-paused', { check: check.id, project: check.projectId })
  return answer(deps, call, { check, heartbeat })
}

async function resumeCheck(deps: ApiDeps, call: Call): Promise<Response> {
  const check = await findCheck(deps, call.caller.projectId, idOf(call))
  await definedHeartbeat(deps, check)
  const heartbeat = await deps.heartbeats.resume(check.id, call.viewer.now)
  if (heartbeat === 'not-paused') return call.context.text('check is not paused', 409)
  if (heartbeat === 'missing') throw new HttpError(404, 'check not found')
  log('check-resumed', { check: check.id, project: check.projectId })
  return answer(deps, call, { check, heartbeat })
}

function requestOf({ caller, body, viewer }: Call) {
  return {
    projectId: caller.projectId,
    fields: parseCheckFields(body),
    version: viewer.site.version,
  }
}

function idOf({ context }: Call): string {
  return context.req.param('id') ?? ''
}

type Shown = { readonly check: Check; readonly heartbeat: Heartbeat | undefined }

async function answer(
  { registry }: ApiDeps,
  { context, viewer }: Call,
  { check, heartbeat }: Shown,
): Promise<Response> {
  const [shown = check] = await withExistingChannels(registry, [check], viewer)
  return context.json(checkAnswer(shown, heartbeat, viewer))
}
