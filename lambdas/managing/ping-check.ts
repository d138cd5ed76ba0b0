import { auditEntryBy } from '../domain/people/audit.ts'
import { bodyTypeBy } from '../domain/watching/body-rules.ts'
import { subjectOfCheck } from '../domain/watching/check-words.ts'
import type { Clock } from '../runtime/clock.ts'
import type { log } from '../runtime/log.ts'
import type { Audits } from '../store/people/audits.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { MeantCheck } from './change-heartbeat.ts'
import { type CheckMissing, findCheck, type FindCheckDeps } from './find-check.ts'

export type PingCheckDeps = FindCheckDeps & {
  readonly heartbeats: Pick<Heartbeats, 'recordPing'>
  readonly lookups: Pick<Lookups, 'bodyRules'>
  readonly audits: Pick<Audits, 'put'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: typeof log
}

/** What the log shows where others show what sent them. */
const USER_AGENT = 'Overdue dashboard, test ping'

/**
 * Pings a check in the name of a person: a success without a body, which counts, and is judged by
 * the rules of the check, like that of a job.
 */
export async function pingCheck(
  deps: PingCheckDeps,
  { projectId, name, by }: MeantCheck,
): Promise<object | CheckMissing> {
  const check = await findCheck(deps, projectId, name)
  if ('refusal' in check) return check
  const at = deps.clock.now()
  const change = { projectId, action: 'check-pinged', changes: {} } as const
  await deps.audits.put(auditEntryBy(by, at, { ...change, subject: subjectOfCheck(check) }))
  const ping = {
    signal: 'success',
    at,
    requestId: by.requestId,
    scheme: 'https',
    method: 'POST',
    address: by.address ?? '',
    userAgent: USER_AGENT,
    bodyBytes: 0,
  } as const
  const recorded = await deps.heartbeats.recordPing(check.id, ping, async () => {
    const rules = await deps.lookups.bodyRules(check.id)
    return rules && bodyTypeBy(rules, new Uint8Array())
  })
  if (recorded === 'missing') return { refusal: 'missing' }
  deps.log('check-pinged', { check: check.id, project: projectId })
  return recorded
}
