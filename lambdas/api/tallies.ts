import {
  everyTag,
  isSigned,
  isTallyKept,
  type KeptTally,
  type SignedTag,
  type Tally,
  tallyAgeMs,
  tallyOf,
} from '../domain/people/badge.ts'
import { type Check, tagsOf } from '../domain/watching/check.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Tallies } from '../store/registry/tallies.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'
import { HttpError } from './http-error.ts'
import { type WatchedDeps, withHeartbeats } from '../managing/watched.ts'

const READ_EVERY_MS = 250
const READS = 40

export type TallyDeps = WatchedDeps & {
  readonly registry: Pick<Registry, 'project' | 'census'>
  readonly tallies: Pick<Tallies, 'read' | 'claim' | 'keep'>
  readonly intake: Pick<KnownIntake, 'impairmentAt'>
  readonly clock: Clock
}

/**
 * The tally behind a badge of a project. With many checks it is one small item, which serves for a
 * while. One of those who find it too old counts anew, and the others wait for that.
 * @throws HttpError 404 when the badge is not signed
 */
export async function tallyBehind(deps: TallyDeps, badge: SignedTag): Promise<Tally> {
  const kept = await freshTally(deps, badge)
  if (kept !== undefined) return kept.tally
  const project = await deps.registry.project(badge.projectId)
  if (project === undefined || !isSigned(project, badge.tag, badge.signature))
    throw new HttpError(404, 'badge not found')
  const { checks } = await deps.registry.census(badge.projectId)
  if (!isTallyKept(checks)) return (await count(deps, badge)).tally
  if (!(await deps.tallies.claim(badge, deps.clock.now()))) return countedByAnother(deps, badge)
  const counted = await count(deps, badge)
  await deps.tallies.keep(badge, counted)
  return counted.tally
}

async function freshTally(
  { tallies, clock }: TallyDeps,
  badge: SignedTag,
): Promise<KeptTally | undefined> {
  const now = clock.now()
  const kept = await tallies.read(badge, now)
  return kept !== undefined && now < kept.freshUntil ? kept : undefined
}

async function countedByAnother({ tallies, clock }: TallyDeps, badge: SignedTag): Promise<Tally> {
  const since = clock.now()
  for (let read = 0; read < READS; read += 1) {
    await clock.waitUntil(clock.now() + READ_EVERY_MS)
    const kept = await tallies.read(badge, clock.now())
    if (kept !== undefined && kept.freshUntil > since) return kept.tally
  }
  throw new HttpError(503, 'the checks behind the badge are being counted; try again')
}

async function count(deps: TallyDeps, { projectId, tag }: SignedTag): Promise<KeptTally> {
  const isTagged = (check: Check) => tag === everyTag || tagsOf(check).includes(tag)
  const checks = await deps.registry.checks(projectId)
  const countedAt = deps.clock.now()
  const impairment = await deps.intake.impairmentAt(countedAt)
  const moment = { now: countedAt, impairment }
  const watched = await withHeartbeats(deps, checks.filter(isTagged), moment)
  const freshUntil = countedAt + tallyAgeMs(checks.length, watched.length)
  return { tally: tallyOf(watched, countedAt), countedAt, freshUntil }
}
