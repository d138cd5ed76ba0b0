import { isDeepStrictEqual } from 'node:util'
import type { Author } from '../domain/people/audit.ts'
import {
  changed,
  type CheckChange,
  type CheckIdentity,
  isMeant,
} from '../domain/watching/check-change.ts'
import type { Check } from '../domain/watching/check.ts'
import { isChangeable, type KeptBySource } from '../domain/watching/kept-by-source.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Seams } from '../runtime/backoff.ts'
import type { log } from '../runtime/log.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { addCheck, type AddCheckDeps, makeCheck } from './add-check.ts'
import { auditWrites } from './audit-writes.ts'
import { auditedChange } from './check-audit.ts'
import { type ChangedCheckDeps, projectOf, publishChanged } from './changed-check.ts'
import { type ChannelChoice, chosenChannelIds, type UnclearChannel } from './chosen-channels.ts'
import { type CheckMissing, findCheck, type FindCheckDeps } from './find-check.ts'
import { type Contended, persistently } from './persistently.ts'
import {
  soundnessOf,
  type SoundRulesDeps,
  type Unreadable,
  type UnsoundRules,
} from './sound-rules.ts'

export type CheckDeps = AddCheckDeps &
  FindCheckDeps &
  ChangedCheckDeps &
  SoundRulesDeps &
  Seams & {
    readonly registry: Pick<Registry, 'project' | 'updateCheck'>
    readonly heartbeats: Pick<Heartbeats, 'lookAgain'>
    readonly log: typeof log
  }

/** What is wanted of a check of a project. */
export type CheckRequest = {
  readonly projectId: string
  readonly by: Author
  readonly change: Omit<CheckChange, 'channelIds'>
  readonly channels?: ChannelChoice
  /** The channels that a new check gets where `channels` names none. */
  readonly firstChannels?: ChannelChoice
}

/** A check as it was written, and its heartbeat; none when nobody can have pinged it yet. */
export type WrittenCheck = {
  readonly check: Check
  readonly heartbeat: Heartbeat | undefined
  readonly isNew: boolean
}

/** Why a check is not written as it is wanted. */
export type CheckRefusal = CheckMissing | UpsertRefusal
export type UpsertRefusal = Contended | Full | Unfit | Unreadable | KeptBySource

/** Why a check can't be as it is wanted, whatever else is there. */
type Unfit = UnclearChannel | UnsoundRules
type Full = { readonly refusal: 'full'; readonly limit: number }

export async function createCheck(
  deps: CheckDeps,
  request: CheckRequest,
): Promise<WrittenCheck | CheckRefusal> {
  return persistently(deps, () => create(deps, request))
}

/**
 * Updates the oldest check of this identity, or makes one. No second request can make another
 * beside it.
 */
export async function upsertCheck(
  deps: CheckDeps,
  identity: CheckIdentity,
  request: CheckRequest,
): Promise<WrittenCheck | UpsertRefusal> {
  return persistently(deps, async () => {
    const { revision } = await deps.registry.census(request.projectId)
    const unreadable: string[] = []
    const checks = await deps.registry.checks(request.projectId, (check) => unreadable.push(check))
    const meant = checks.find((check) => isMeant(check, identity))
    if (meant !== undefined) return change(deps, meant, request)
    // A second check beside it would make pings by its slug ambiguous.
    if (unreadable.length > 0) return { refusal: 'unreadable', checks: unreadable }
    return create(deps, request, revision)
  })
}

/** Updates a check. What changes nothing is not written. */
export async function updateCheck(
  deps: CheckDeps,
  checkId: string,
  request: CheckRequest,
): Promise<WrittenCheck | CheckRefusal> {
  return persistently(deps, async () => {
    const check = await findCheck(deps, request.projectId, checkId)
    return 'refusal' in check ? check : change(deps, check, request)
  })
}

/** A check that is not any more as it was seen, and as it is now. */
export type CheckChanged = { readonly refusal: 'check-changed'; readonly check: Check }

/** A check as somebody has seen it. */
export type MeantVersion = { readonly checkId: string; readonly version: number }

/** The same for somebody who has seen the check, provided that it is still as it was seen. */
export async function editCheck(
  deps: CheckDeps,
  { checkId, version }: MeantVersion,
  request: CheckRequest,
): Promise<WrittenCheck | CheckRefusal | CheckChanged> {
  return persistently(deps, async () => {
    const check = await findCheck(deps, request.projectId, checkId)
    if ('refusal' in check) return check
    return check.version === version
      ? change(deps, check, request)
      : { refusal: 'check-changed', check }
  })
}

type Attempt = WrittenCheck | Unfit | Full | KeptBySource | 'raced'

async function create(deps: CheckDeps, request: CheckRequest, revision?: number): Promise<Attempt> {
  const { projectId, channels = request.firstChannels } = request
  const first = { ...request, ...(channels === undefined ? {} : { channels }) }
  const check = await wanted(deps, makeCheck(deps, projectId), first)
  if ('refusal' in check) return check
  const soundness = await soundnessOf(deps, check)
  if ('refusal' in soundness) return soundness
  const { checkLimit: limit, pingKey } = await projectOf(deps, projectId)
  const terms = { limit, ...(revision === undefined ? {} : { revision }) }
  const outcome = await addCheck(deps, check, { pingKey, terms, by: request.by })
  if (outcome === 'full') return { refusal: 'full', limit }
  if (outcome === 'raced') return 'raced'
  deps.log('check-created', { check: check.id, project: projectId })
  return { check, heartbeat: undefined, isNew: true }
}

async function change(deps: CheckDeps, before: Check, request: CheckRequest): Promise<Attempt> {
  const after = await wanted(deps, before, request)
  if ('refusal' in after) return after
  if (isDeepStrictEqual(after, before)) return publishedCheck(deps, before)
  if (!isChangeable(before, after)) return { refusal: 'kept-by-source' }
  const soundness = await soundnessOf(deps, after, before)
  if ('refusal' in soundness) return soundness
  const check = { ...after, version: before.version + 1 }
  const beside = auditWrites(deps, request.by, auditedChange(before, check))
  const terms = { revision: soundness.revision, beside }
  const outcome = await deps.registry.updateCheck(before, check, terms)
  if (outcome !== 'written') return 'raced'
  deps.log('check-updated', { check: check.id, project: check.projectId, version: check.version })
  return publishedCheck(deps, check)
}

/** The check as it is wanted, with the channels that the request names. */
async function wanted(
  { registry }: CheckDeps,
  check: Check,
  { projectId, change, channels }: CheckRequest,
): Promise<Check | UnclearChannel> {
  if (channels === undefined) return changed(check, change)
  const chosen = chosenChannelIds(channels, await registry.channelNames(projectId))
  return 'refusal' in chosen ? chosen : changed(check, { ...change, channelIds: chosen })
}

/** Writes the copies that pings read of a check that existed before. */
async function publishedCheck(deps: CheckDeps, check: Check): Promise<WrittenCheck> {
  return { check, heartbeat: await publishChanged(deps, check), isNew: false }
}
