import { durationText } from '../domain/wire/duration-text.ts'
import type { FieldIssue } from '../managing/fields/field-error.ts'
import type { CheckRefusal } from '../managing/checks.ts'

/** What is wrong with a form: words by the names of its fields. */
export type Problems = Readonly<Record<string, string>>

/** The name that problems of no single field have: the form itself. */
export const WHOLE = 'form'

/** What the fields of a check's form are called. */
export const checkLabels: Readonly<Record<string, string>> = {
  name: 'Name',
  slug: 'Slug',
  tags: 'Tags',
  desc: 'Description',
  schedule: 'Schedule',
  tz: 'Time zone',
  grace: 'Grace',
  channels: 'Tells',
  methods: 'Methods',
  start_kw: 'Start words',
  success_kw: 'Success words',
  failure_kw: 'Failure words',
  'rules.max_runtime': 'A run may take',
  'rules.min_runtime': 'A run takes at least',
  'rules.early': 'May come early by',
  'rules.most_pings.count': 'Most ends of runs',
  'rules.most_pings.seconds': 'Within',
  'rules.failures.count': 'Failures',
  'rules.failures.of': 'Of the last',
  'rules.successes': 'Successes',
  'rules.repeat': 'Told again every',
  'rules.depends_on': 'Depends on',
}

const durations =
  /^(grace|timeout|rules\.(max_runtime|min_runtime|early|repeat|most_pings\.seconds|escalate\.\d\.after))$/

/** The first problem of each field, by the order of the form, in words for who has filled it in. */
export function problemsOf(issues: readonly FieldIssue[]): Problems {
  const named = issues.map(({ path, words }) => {
    const place = path.join('.')
    const name = fieldOf(path)
    return [name, `${labelOf(name)} ${friendly(place, words)}`] as const
  })
  const order = Object.keys(checkLabels)
  const placeOf = (name: string) => order.indexOf(name) + 1 || order.length + 1
  return Object.fromEntries(
    named.toReversed().toSorted(([one], [other]) => placeOf(one) - placeOf(other)),
  )
}

/** What the API has two fields for is one here; an item of a list has no field of its own. */
function fieldOf(path: readonly string[]): string {
  const place = path.join('.')
  if (place === 'timeout') return 'schedule'
  return place.startsWith('rules.depends_on') ? 'rules.depends_on' : place || WHOLE
}

function labelOf(name: string): string {
  const escalation = /^rules\.escalate\.(\d)\.(after|channels)$/.exec(name)
  if (escalation === null) return checkLabels[name] ?? name
  return `Step ${Number(escalation[1]) + 1}: ${escalation[2] === 'after' ? 'after' : 'channels'}`
}

function friendly(place: string, words: string): string {
  if (place === 'schedule' && words.startsWith('is not'))
    return 'is no period like 15 min or 1 day, no cron and no OnCalendar expression'
  if (place === 'tz') return 'is not known: name one like Europe/Riga or UTC'
  if (place === 'slug' && words.startsWith('does not'))
    return 'may have small letters, digits, - and _ only'
  if (!durations.test(place)) return words
  if (words.startsWith('is not')) return 'is no length of time like 30 min or 1 h'
  if (words === 'is too small') return 'is too short'
  return words === 'is too large' ? 'is too long' : words
}

export const keptBySourceWords =
  'A database keeps this check: it is changed and deleted there. Only its rules, and whom it tells, can be changed here.'

/** What only the whole project shows to be wrong. @throws what is nobody's mistake. */
export function problemOfRefusal(refused: CheckRefusal): Problems {
  switch (refused.refusal) {
    case 'missing':
    case 'foreign':
      return { [WHOLE]: 'The check is not there any more.' }
    case 'full':
      return { [WHOLE]: `The project has ${refused.limit} checks already, its limit.` }
    case 'unknown-channel':
    case 'ambiguous-channel':
      return { channels: 'Tells names a channel that is not there any more.' }
    case 'contended':
      return { [WHOLE]: 'Too many others are changing the same checks. Try again.' }
    case 'unreadable':
      throw new Error(`checks ${refused.checks.join(', ')} can't be read`)
    case 'kept-by-source':
      return { [WHOLE]: keptBySourceWords }
    case 'early-without-schedule':
      return { 'rules.early': 'Coming early needs a cron or OnCalendar schedule, not a period.' }
    case 'early-too-long':
      return {
        'rules.early': `Coming early and grace together must be shorter than the time between two runs, which may be ${durationText(refused.gapSeconds)}.`,
      }
    case 'escalation-unknown':
      return { 'rules.escalate.0.channels': 'A step names a channel that is not there any more.' }
    case 'parent-unknown':
      return { 'rules.depends_on': 'Depends on names a check that is not there any more.' }
    case 'parent-circular':
      return { 'rules.depends_on': 'Depends on would have the check depend on itself.' }
  }
}
