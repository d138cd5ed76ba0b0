import { secondsIn } from '../domain/wire/duration-text.ts'
import { type CheckFields, parseCheckFields } from '../managing/fields/check-shape.ts'
import { given } from '../managing/fields/given.ts'
import type { GivenFields } from '../managing/fields/parsing.ts'
import { checkFlags, escalationPlaces, WHOLE_FORM } from './check-entries.ts'
import type { Form } from './form.ts'

const AN_HOUR_SECONDS = 3600
const A_MINUTE_SECONDS = 60

/**
 * What a form asks for, as the API reads it. A form of a few fields only leaves the others to what
 * new checks have, and a new check without a slug gets one of its name.
 * @throws FieldError of all that is wrong
 */
export function checkFieldsIn(form: Form, { isNew, parents }: CheckFormTerms): CheckFields {
  const slug = form.text('slug')
  const few = {
    name: form.text('name'),
    ...timingIn(form),
    tz: form.text('tz') || undefined,
    slug: isNew && slug === '' ? undefined : slug,
  }
  if (!form.has(WHOLE_FORM)) return parseCheckFields(given({ ...few, channels: '*' }))
  return parseCheckFields(given({ ...few, ...restIn(form), rules: rulesIn(form, parents) }))
}

export type CheckFormTerms = {
  readonly isNew: boolean
  /** Ids of the checks that are depended on. */
  readonly parents: readonly string[]
}

/** A period or an expression; a grace time that fits where none is given. */
function timingIn(form: Form): GivenFields {
  const text = form.raw('schedule').trim()
  const timeout = secondsIn(text)
  const grace = form.text('grace')
  const fitting =
    timeout !== undefined && timeout < AN_HOUR_SECONDS
      ? Math.max(timeout, A_MINUTE_SECONDS)
      : AN_HOUR_SECONDS
  return {
    ...(timeout === undefined ? { schedule: text } : { timeout }),
    grace: form.has('grace') ? (secondsIn(grace) ?? grace) : fitting,
  }
}

function restIn(form: Form): GivenFields {
  return {
    tags: form.text('tags'),
    desc: form.raw('desc'),
    methods: form.text('methods'),
    start_kw: form.text('start_kw'),
    success_kw: form.text('success_kw'),
    failure_kw: form.text('failure_kw'),
    ...Object.fromEntries(checkFlags.map((flag) => [flag, form.has(flag)])),
    channels: form.all('channels').join(','),
  }
}

/** The rules that have something in them; null where none has. */
function rulesIn(form: Form, parents: readonly string[]): GivenFields | null {
  const rule = (name: string, read = duration) => read(form.text(`rules.${name}`))
  const rules = given({
    max_runtime: rule('max_runtime'),
    min_runtime: rule('min_runtime'),
    early: rule('early'),
    most_pings: pairOf({
      count: rule('most_pings.count', count),
      seconds: rule('most_pings.seconds'),
    }),
    failures: pairOf({ count: rule('failures.count', count), of: rule('failures.of', count) }),
    successes: rule('successes', count),
    repeat: rule('repeat'),
    escalate: listOf(escalationsIn(form)),
    depends_on: listOf(parents),
  })
  return Object.keys(rules).length === 0 ? null : rules
}

function escalationsIn(form: Form): readonly GivenFields[] {
  const places = Array.from({ length: escalationPlaces(form) }, (_, place) => place)
  return places.flatMap((place) => {
    const after = duration(form.text(`rules.escalate.${place}.after`))
    const channels = form.all(`rules.escalate.${place}.channels`).join(',') || undefined
    const step = pairOf({ after, channels })
    return step === undefined ? [] : [step]
  })
}

/** What is no length of time stays a text, and is refused as one. */
function duration(text: string): number | string | undefined {
  return text === '' ? undefined : (secondsIn(text) ?? text)
}

function count(text: string): number | string | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : text || undefined
}

function pairOf(fields: GivenFields): GivenFields | undefined {
  const some = given(fields)
  return Object.keys(some).length === 0 ? undefined : some
}

function listOf<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items
}
