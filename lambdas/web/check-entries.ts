import type { Check } from '../domain/watching/check.ts'
import { uniqueKeyOf } from '../domain/watching/check.ts'
import type { Rules } from '../domain/watching/rules.ts'
import { ruleBounds } from '../domain/watching/rule-bounds.ts'
import { durationText } from '../domain/wire/duration-text.ts'
import { Form } from './form.ts'

/** The flags of a check's form, which have no text. */
export const checkFlags = [
  'manual_resume',
  'filter_subject',
  'filter_body',
  'filter_http_body',
  'filter_default_fail',
] as const

/** Says that a form has all fields: what is not in it is empty, and not left as it is. */
export const WHOLE_FORM = 'whole'

/** How many escalations a form has room for: those that there are, and one more. */
export function escalationPlaces(form: Form): number {
  const given = form.names().map((name) => Number(/^rules\.escalate\.(\d)\./.exec(name)?.[1] ?? -1))
  return Math.min(ruleBounds.mostEscalations, Math.max(-1, ...given) + 2)
}

/** A check as its form shows it: by the names of the API's fields, in texts that people write. */
export function entriesOf(check: Check, parents: readonly Check[] = []): Form {
  const { schedule, rules = {}, filters } = check
  const flags = {
    manual_resume: check.manualResume,
    filter_subject: filters.subject,
    filter_body: filters.body,
    filter_http_body: filters.httpBody,
    filter_default_fail: filters.defaultFail,
  }
  const texts: Readonly<Record<string, string>> = {
    [WHOLE_FORM]: '1',
    version: String(check.version),
    name: check.name,
    slug: check.slug,
    tags: check.tags,
    desc: check.description,
    schedule:
      schedule.kind === 'simple' ? durationText(schedule.periodSeconds) : schedule.expression,
    tz: check.timeZone,
    grace: durationText(check.graceSeconds),
    methods: check.methods,
    start_kw: filters.startKeywords,
    success_kw: filters.successKeywords,
    failure_kw: filters.failureKeywords,
    ...ruleEntries(rules),
    'rules.depends_on': parents.map(nameOfParent).join('\n'),
  }
  const fields = new URLSearchParams(texts)
  for (const flag of checkFlags) if (flags[flag]) fields.append(flag, '1')
  for (const id of check.channelIds) fields.append('channels', id)
  for (const [place, { channelIds }] of (rules.escalate ?? []).entries())
    for (const id of channelIds) fields.append(`rules.escalate.${place}.channels`, id)
  return new Form(fields.toString())
}

function ruleEntries(rules: Rules): Readonly<Record<string, string>> {
  const { mostPings, failures, escalate = [] } = rules
  return {
    'rules.max_runtime': duration(rules.maxRuntimeSeconds),
    'rules.min_runtime': duration(rules.minRuntimeSeconds),
    'rules.early': duration(rules.earlySeconds),
    'rules.most_pings.count': count(mostPings?.count),
    'rules.most_pings.seconds': duration(mostPings?.seconds),
    'rules.failures.count': count(failures?.count),
    'rules.failures.of': count(failures?.of),
    'rules.successes': count(rules.successes),
    'rules.repeat': duration(rules.repeatSeconds),
    ...Object.fromEntries(
      escalate.map((step, place) => [
        `rules.escalate.${place}.after`,
        durationText(step.afterSeconds),
      ]),
    ),
  }
}

function duration(seconds: number | undefined): string {
  return seconds === undefined ? '' : durationText(seconds)
}

function count(number: number | undefined): string {
  return number === undefined ? '' : String(number)
}

/** What has no name is named by the key that its pages have. */
function nameOfParent({ id, name }: Check): string {
  return name.trim() === '' ? uniqueKeyOf(id) : name.trim()
}
