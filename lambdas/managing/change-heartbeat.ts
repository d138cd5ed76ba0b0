import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { log } from '../runtime/log.ts'
import { definedHeartbeat, type DefinedHeartbeatDeps } from './defined-heartbeat.ts'
import { type CheckMissing, findCheck, type FindCheckDeps } from './find-check.ts'

export type ChangeHeartbeatDeps = FindCheckDeps &
  DefinedHeartbeatDeps & { readonly log: typeof log }

/** A check with its heartbeat as it is now. */
export type CurrentCheck = { readonly check: Check; readonly heartbeat: Heartbeat }

/** Which check is meant, by UUID or unique key, and the event that is logged of its change. */
export type MeantCheck = {
  readonly projectId: string
  readonly name: string
  readonly event: Parameters<typeof log>[0]
}

/** What people do to the state of a check, which its definition has no part in. */
export async function changeHeartbeat<Refused extends string>(
  deps: ChangeHeartbeatDeps,
  { projectId, name, event }: MeantCheck,
  change: (id: string) => Promise<Heartbeat | 'missing' | Refused>,
): Promise<CurrentCheck | CheckMissing | Refused> {
  const check = await findCheck(deps, projectId, name)
  if ('refusal' in check) return check
  await definedHeartbeat(deps, check)
  const heartbeat = await change(check.id)
  if (heartbeat === 'missing') return { refusal: 'missing' }
  if (typeof heartbeat === 'string') return heartbeat
  deps.log(event, { check: check.id, project: projectId })
  return { check, heartbeat }
}
