import type { Hold, HoldReason } from '../../domain/telling/hold.ts'
import { type Check, titleOf } from '../../domain/watching/check.ts'
import { publicTitleOf, type ReadOnlyCheck, readOnlyCheck } from '../../domain/people/disclosure.ts'
import { dueAtOf } from '../../domain/watching/deadline.ts'
import type { Heartbeat } from '../../domain/watching/heartbeat.ts'
import type { Leeway } from '../../domain/watching/leeway.ts'
import { isNeverPinged } from '../../domain/watching/never-pinged.ts'
import { runLimitAtOf } from '../../domain/watching/run-limit.ts'
import { judgedAt, statusAt } from '../../domain/watching/status-at.ts'
import type { Impairment } from '../../domain/watching/impairment.ts'
import { failuresIn } from '../../domain/watching/run-result.ts'
import type { Access } from '../../domain/people/project.ts'
import { snoozedUntilAt } from '../../domain/watching/snooze.ts'
import { lossOf } from '../../domain/watching/state-loss.ts'
import { secondsText } from './instants.ts'
import { ruleAnswer } from '../fields/rule-fields.ts'
import type { Site } from './site.ts'
import { currentHeartbeat } from '../watched.ts'

/** What decides how a check is shown. */
export type Viewer = {
  readonly site: Site
  readonly access: Access
  readonly now: number
  readonly impairment: Impairment
}

/** What a check's state depends on besides its heartbeat, and what holds its alerts. */
export type Circumstances = { readonly leeway: Leeway; readonly hold?: Hold }

/**
 * The check object of the API: the definition as the registry has it, the state as the heartbeat
 * has it.
 */
export function checkAnswer(
  check: Check,
  stored: Heartbeat | undefined,
  viewer: Viewer,
  { leeway, hold }: Circumstances = { leeway: viewer.impairment },
): object {
  const { uniqueKey, ...open } = readOnlyCheck(check)
  return {
    ...openFields(open, viewer),
    ...rulesField(viewer.access === 'read-write' ? check : open),
    ...stateFields(currentHeartbeat(check, stored), viewer, leeway),
    ...(hold === undefined ? {} : { held: heldText(hold.reason, viewer.access) }),
    ...silenceField(check, stored, viewer),
    ...(viewer.access === 'read-write' ? urlFields(check, viewer.site) : { unique_key: uniqueKey }),
  }
}

/** What every key shows of a definition. */
function openFields(check: OpenCheck, { site }: Viewer): object {
  return {
    name: check.name,
    slug: check.slug,
    tags: check.tags,
    desc: check.description,
    ...scheduleFields(check),
    manual_resume: check.manualResume,
    methods: check.methods,
    ...filterFields(check),
    badge_url: `${site.root}/b/2/${check.badgeKey}.svg`,
    ...(check.managedBy && { managed_by: check.managedBy }),
  }
}

type OpenCheck = Omit<ReadOnlyCheck, 'uniqueKey'>

function scheduleFields({ schedule, timeZone, graceSeconds }: OpenCheck): object {
  return schedule.kind === 'simple'
    ? { grace: graceSeconds, timeout: schedule.periodSeconds }
    : { grace: graceSeconds, schedule: schedule.expression, tz: timeZone }
}

function rulesField({ rules }: Pick<Check, 'rules'>): object {
  return rules === undefined ? {} : { rules: ruleAnswer(rules) }
}

function stateFields(heartbeat: Heartbeat, viewer: Viewer, leeway: Leeway): object {
  const { pingCount, lastPingAt, durationMs, rules } = heartbeat
  const isTolerant = rules?.failures !== undefined
  // What was missed by now and is tolerated moves what comes next, noted or not.
  const judged = isTolerant ? judgedAt(heartbeat, viewer.now, leeway) : heartbeat
  const snoozedUntil = snoozedUntilAt(heartbeat, viewer.now)
  return {
    n_pings: pingCount,
    status: shownStatus(heartbeat, viewer, leeway),
    started: judged.running !== undefined,
    last_ping: instant(lastPingAt),
    next_ping: instant(dueAtOf(judged, leeway)),
    ...(isTolerant ? { failing: failuresIn(judged.results ?? []) } : {}),
    ...(snoozedUntil === undefined ? {} : { snoozed_until: secondsText(snoozedUntil) }),
    ...(durationMs === undefined ? {} : { last_duration: Math.trunc(durationMs / 1000) }),
  }
}

/** Why a check that is new may have nobody to tell of it; others show nothing here. */
function silenceField(
  check: Check,
  stored: Heartbeat | undefined,
  { now, impairment }: Viewer,
): object {
  const lostAt = lossOf(check, stored, now)
  if (lostAt !== undefined) return { state_lost_at: secondsText(lostAt) }
  return isNeverPinged(currentHeartbeat(check, stored), check.createdAt, now, impairment)
    ? { never_pinged: true }
    : {}
}

/** Version 1 shows a run under way as a status of its own, unless it took too long already. */
function shownStatus(
  heartbeat: Heartbeat,
  { site: { version }, now }: Viewer,
  leeway: Leeway,
): string {
  const isRunning = now < (runLimitAtOf(heartbeat, leeway) ?? -Infinity)
  return version === 1 && isRunning ? 'started' : statusAt(heartbeat, now, leeway)
}

/** Who may not ping gets no id instead of a name. */
function heldText(reason: HoldReason, access: Access): string {
  switch (reason.kind) {
    case 'snoozed':
    case 'window':
      return reason.kind
    case 'depends': {
      const { checkId: id, name } = reason
      return `depends on ${access === 'read-write' ? titleOf({ id, name }) : publicTitleOf({ name })}`
    }
  }
}

function instant(at: number | undefined): string | null {
  return at === undefined ? null : secondsText(at)
}

function filterFields({ filters }: OpenCheck): object {
  return {
    subject: filters.subject ? filters.successKeywords : '',
    subject_fail: filters.subject ? filters.failureKeywords : '',
    start_kw: filters.startKeywords,
    success_kw: filters.successKeywords,
    failure_kw: filters.failureKeywords,
    filter_subject: filters.subject,
    filter_body: filters.body,
    filter_http_body: filters.httpBody,
    filter_default_fail: filters.defaultFail,
  }
}

function urlFields(check: Check, site: Site): object {
  const url = `${site.root}/api/v${site.version}/checks/${check.id}`
  return {
    uuid: check.id,
    ping_url: `${site.pingEndpoint}/${check.id}`,
    update_url: url,
    pause_url: `${url}/pause`,
    resume_url: `${url}/resume`,
    channels: [...check.channelIds].sort().join(','),
  }
}
