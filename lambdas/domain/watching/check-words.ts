import type { AuditSubject, AuditWords } from '../people/audit.ts'
import { type Check, uniqueKeyOf } from './check.ts'
import type { Rules } from './rules.ts'
import type { Window, WindowTimes } from './window.ts'

/** A check as what is noted of a change names it. */
export function subjectOfCheck({ id, name }: Pick<Check, 'id' | 'name'>): AuditSubject {
  return { kind: 'check', id: uniqueKeyOf(id), name }
}

/** What people have set of a check. Channels go by their ids, other checks by unique key. */
export function wordsOfCheck(check: Check): AuditWords {
  const { schedule, filters, rules } = check
  const every =
    schedule.kind === 'simple' ? `every ${schedule.periodSeconds} s` : schedule.expression
  return {
    name: check.name,
    slug: check.slug,
    tags: check.tags,
    description: check.description,
    schedule: every,
    timeZone: check.timeZone,
    grace: `${check.graceSeconds} s`,
    methods: check.methods,
    manualResume: yes(check.manualResume),
    startKeywords: filters.startKeywords,
    successKeywords: filters.successKeywords,
    failureKeywords: filters.failureKeywords,
    filterSubject: yes(filters.subject),
    filterBody: yes(filters.body),
    filterHttpBody: yes(filters.httpBody),
    filterDefaultFail: yes(filters.defaultFail),
    channels: check.channelIds.join(' '),
    managedBy: check.managedBy ?? '',
    ...wordsOfRules(rules),
  }
}

/** One field a rule; of rules of several parts, JSON. */
function wordsOfRules({ dependsOn, ...rules }: Rules = {}): AuditWords {
  const simple = Object.entries(rules).map(([rule, value]): readonly [string, string] => [
    rule,
    typeof value === 'number' ? String(value) : JSON.stringify(value),
  ])
  const parents = dependsOn === undefined ? {} : { dependsOn: dependsOn.map(uniqueKeyOf).join(' ') }
  return { ...Object.fromEntries(simple), ...parents }
}

export function wordsOfWindow(window: Window): AuditWords {
  const { name, tags, lengthSeconds, times, managedBy = '' } = window
  return { name, tags, length: `${lengthSeconds} s`, ...wordsOfTimes(times), managedBy }
}

function wordsOfTimes(times: WindowTimes): AuditWords {
  switch (times.kind) {
    case 'once':
      return { start: new Date(times.startAt).toISOString() }
    case 'recurring':
      return { schedule: times.schedule.expression, timeZone: times.timeZone }
  }
}

function yes(is: boolean): string {
  return is ? 'yes' : ''
}
