import { isDeepStrictEqual } from 'node:util'
import { type Check, definitionOf } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { lookupOf } from '../domain/watching/lookup.ts'
import type { Project } from '../domain/people/project.ts'
import { stateLossOf } from '../domain/watching/state-loss.ts'
import { backOff } from '../runtime/backoff.ts'
import { log } from '../runtime/log.ts'
import { channelIdsOf } from './channel-ids.ts'
import { changed, isMeant, isUpsert, newCheck } from './check-fields.ts'
import type { ApiDeps } from './deps.ts'
import { findCheck } from './find-check.ts'
import { HttpError } from './http-error.ts'
import type { CheckFields } from './schemas.ts'
import type { ApiVersion } from './site.ts'

/** A request to write a check, in a project. */
export type CheckRequest = {
  readonly projectId: string
  readonly fields: CheckFields
  readonly version: ApiVersion
}

/** A check as it was written, and its heartbeat; none when nobody can have pinged it yet. */
export type Written = {
  readonly check: Check
  readonly heartbeat: Heartbeat | undefined
  readonly isNew: boolean
}

const TRIES = 20

/**
 * Makes a check; or updates the oldest one that the request means by `unique`, which no second
 * request can create beside it.
 */
export async function createOrUpdate(deps: ApiDeps, request: CheckRequest): Promise<Written> {
  return persistently(deps, async () => {
    if (!isUpsert(request.fields)) return create(deps, request)
    const { revision } = await deps.registry.census(request.projectId)
    const unreadable: string[] = []
    const checks = await deps.registry.checks(request.projectId, (check) => unreadable.push(check))
    const meant = checks.find((check) => isMeant(check, request.fields))
    if (meant !== undefined) return change(deps, meant, request)
    // One of them may be the one that is meant: with a second one beside it, pings by its slug
    // would be refused.
    if (unreadable.length > 0) throw new Error(`checks ${unreadable.join(', ')} can't be read`)
    return create(deps, request, revision)
  })
}

/** Updates a check. What changes nothing is not written. */
export async function update(
  deps: ApiDeps,
  checkId: string,
  request: CheckRequest,
): Promise<Written> {
  return persistently(deps, async () =>
    change(deps, await findCheck(deps, request.projectId, checkId), request),
  )
}

/** Removes a check; the heartbeat is as it was left. */
export async function remove(deps: ApiDeps, checkId: string, projectId: string): Promise<Written> {
  return persistently(deps, async () => {
    const check = await findCheck(deps, projectId, checkId)
    const heartbeat = await deps.heartbeats.read(checkId)
    if ((await deps.registry.deleteCheck(check)) !== 'deleted') return 'raced'
    // The slug first: provisioned again, it must not find the old check beside the new one.
    await deps.lookups.bury(checkId, check.version + 1, deps.clock.now())
    await deps.heartbeats.bury(checkId, check.version + 1, deps.clock.now())
    log('check-deleted', { check: checkId, project: projectId })
    return { check, heartbeat, isNew: false }
  })
}

/**
 * The heartbeat of a check, made to know its definition. The registry's stream sees to the same;
 * this is so that a ping right behind the answer finds it, also when the request is the second try
 * of one that died half-way.
 */
export async function definedHeartbeat(
  { heartbeats, clock }: ApiDeps,
  check: Check,
): Promise<Heartbeat | undefined> {
  const stored = await heartbeats.read(check.id)
  if (stored !== undefined && stored.version >= check.version) return stored
  await heartbeats.define(check.id, definitionOf(check), stateLossOf(check, clock.now()))
  return heartbeats.read(check.id)
}

async function create(
  deps: ApiDeps,
  request: CheckRequest,
  revision?: number,
): Promise<Written | 'raced'> {
  const { registry, heartbeats, lookups, random, clock } = deps
  const origin = {
    id: random.uuid(),
    projectId: request.projectId,
    createdAt: clock.now(),
    badgeKey: random.uuid(),
  }
  const check = changed(newCheck(origin), {
    ...request,
    channelIds: await namedChannels(deps, request),
  })
  const project = await projectOf(deps, request.projectId)
  const limit = project.checkLimit
  // In one transaction: a create that fails leaves nothing, so that trying again makes no second
  // check.
  const known = [
    heartbeats.creation(check.id, definitionOf(check)),
    ...lookups.creation(check.id, lookupOf(check, project.pingKey)),
  ]
  const outcome = await registry.createCheck(
    check,
    { limit, ...(revision === undefined ? {} : { revision }) },
    known,
  )
  if (outcome === 'full') throw new HttpError(403, `project has ${limit} checks already, its limit`)
  if (outcome === 'raced') return 'raced'
  log('check-created', { check: check.id, project: check.projectId })
  return { check, heartbeat: undefined, isNew: true }
}

async function change(
  deps: ApiDeps,
  before: Check,
  request: CheckRequest,
): Promise<Written | 'raced'> {
  const after = changed(before, { ...request, channelIds: await namedChannels(deps, request) })
  if (isDeepStrictEqual(after, before)) return told(deps, before)
  const check = { ...after, version: before.version + 1 }
  if ((await deps.registry.updateCheck(before, check)) !== 'written') return 'raced'
  log('check-updated', { check: check.id, project: check.projectId, version: check.version })
  return told(deps, check)
}

/** A check that was there before, once pings know it as it is now. */
async function told(deps: ApiDeps, check: Check): Promise<Written> {
  const heartbeat = await definedHeartbeat(deps, check)
  const { pingKey } = await projectOf(deps, check.projectId)
  await deps.lookups.define(check.id, lookupOf(check, pingKey))
  return { check, heartbeat, isNew: false }
}

async function namedChannels(
  { registry }: ApiDeps,
  { fields, projectId }: CheckRequest,
): Promise<readonly string[] | undefined> {
  return fields.channels === undefined
    ? undefined
    : channelIdsOf(fields.channels, await registry.channelNames(projectId))
}

async function projectOf({ registry }: ApiDeps, projectId: string): Promise<Project> {
  const project = await registry.project(projectId)
  if (project === undefined)
    throw new Error(`project ${projectId} has an API key, but does not exist`)
  return project
}

/** Tries again, from the first read, what another request got in the way of. */
async function persistently(
  deps: ApiDeps,
  attempt: () => Promise<Written | 'raced'>,
): Promise<Written> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const outcome = await attempt()
    if (outcome !== 'raced') return outcome
    await backOff(tries, deps)
  }
  throw new HttpError(503, 'too many requests are changing the same checks, try again')
}
