import {
  type AuditAction,
  auditEntryBy,
  type AuditChanges,
  type Author,
} from '../domain/people/audit.ts'
import { subjectOfCheck } from '../domain/watching/check-words.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Clock } from '../runtime/clock.ts'
import type { log } from '../runtime/log.ts'
import type { Audits } from '../store/people/audits.ts'
import { definedHeartbeat, type DefinedHeartbeatDeps } from './defined-heartbeat.ts'
import { type CheckMissing, findCheck, type FindCheckDeps } from './find-check.ts'

export type ChangeHeartbeatDeps = FindCheckDeps &
  DefinedHeartbeatDeps & {
    readonly audits: Pick<Audits, 'put'>
    readonly clock: Pick<Clock, 'now'>
    readonly log: typeof log
  }

/** A check with its heartbeat as it is now. */
export type CurrentCheck = { readonly check: Check; readonly heartbeat: Heartbeat }

/** Which check is meant, by UUID or unique key, and who asks. */
export type MeantCheck = {
  readonly projectId: string
  readonly name: string
  readonly by: Author
}

/** A change of a heartbeat, and what is noted of it: nothing where it would change nothing. */
export type HeartbeatChange<Refused extends string> = {
  readonly event: AuditAction
  readonly changesOf: (heartbeat: Heartbeat) => AuditChanges | undefined
  readonly make: (id: string) => Promise<Heartbeat | 'missing' | Refused>
}

/**
 * What people do to the state of a check, which its definition has no part in. It is noted before
 * it is done, and not with it: a ping at the same time would fail.
 */
export async function changeHeartbeat<Refused extends string>(
  deps: ChangeHeartbeatDeps,
  { projectId, name, by }: MeantCheck,
  { event, changesOf, make }: HeartbeatChange<Refused>,
): Promise<CurrentCheck | CheckMissing | Refused> {
  const check = await findCheck(deps, projectId, name)
  if ('refusal' in check) return check
  const before = await definedHeartbeat(deps, check)
  const changes = before && changesOf(before)
  if (changes !== undefined) {
    const subject = subjectOfCheck(check)
    const change = { projectId, action: event, subject, changes }
    await deps.audits.put(auditEntryBy(by, deps.clock.now(), change))
  }
  const heartbeat = await make(check.id)
  if (heartbeat === 'missing') return { refusal: 'missing' }
  if (typeof heartbeat === 'string') return heartbeat
  deps.log(event, { check: check.id, project: projectId })
  return { check, heartbeat }
}
