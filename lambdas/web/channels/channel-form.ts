import {
  enteredFields,
  entriesOfChannel,
  type Entries,
  type Question,
} from '../../channels/form.ts'
import { type Channel, formOf, type KindName } from '../../channels/kinds.ts'
import { occasions } from '../../domain/telling/channel.ts'
import { FieldError, type FieldIssue } from '../../managing/fields/field-error.ts'
import type { GivenFields } from '../../managing/fields/parsing.ts'
import { type Problems, WHOLE } from '../check-problems.ts'
import { Form } from '../form.ts'
import type { FieldConflict } from '../pages/check-form.ts'

/** The name of the field that names secrets which are to be taken away. */
export const WITHOUT = 'without'

/** What a form for a new channel begins with, and one for a channel that there is. */
export function firstChannelForm(channel?: Channel): Form {
  const { on = occasions, name = '', version = 0 } = channel ?? {}
  const entries = channel === undefined ? {} : openEntries(channel)
  const fields = new URLSearchParams({ ...entries, name, version: String(version) })
  for (const occasion of on) fields.append('on', occasion)
  return new Form(fields.toString())
}

/** A channel's entries without its secrets, which nobody sees again. */
function openEntries(channel: Channel): Entries {
  const form = formOf(channel.kind)
  const secret = new Set(
    form.questions.filter(({ isSecret }) => isSecret).map(({ field }) => field),
  )
  const all = Object.entries(entriesOfChannel(form, channel) ?? {})
  return Object.fromEntries(all.filter(([field]) => !secret.has(field)))
}

/**
 * The fields of a request for a channel, as its form was filled in. A secret that is left empty
 * stays as it was before; of what is left empty otherwise, nothing stays.
 */
export function channelFieldsIn(
  form: Form,
  kind: KindName,
  before?: Channel,
): { readonly fields: GivenFields } | { readonly problems: Problems } {
  const on = occasions.filter((occasion) => form.all('on').includes(occasion))
  const named = { name: form.text('name'), on: on.length === occasions.length ? null : on }
  const untold: Problems = on.length === 0 ? { on: 'Choose what it is told of.' } : {}
  const own = ownFieldsIn(form, kind, before)
  const problems = { ...('problems' in own ? own.problems : {}), ...untold }
  if ('problems' in own || on.length === 0) return { problems }
  return { fields: { ...named, ...own.fields } }
}

function ownFieldsIn(form: Form, kind: KindName, before: Channel | undefined) {
  const { questions, ...rest } = formOf(kind)
  const kept = before === undefined ? {} : entriesOfChannel({ questions, ...rest }, before)
  // What the questions don't cover stays as it is.
  if (kept === undefined) return { fields: {} }
  const given = questions.map((question) => ({ question, text: enteredIn(form, question) }))
  const entries = Object.fromEntries(
    given.flatMap(({ question: { field }, text }) => (text === '' ? [] : [[field, text]])),
  )
  const staying = given
    .filter(({ question, text }) => text === '' && staysIn(form, question, kept))
    .map(({ question: { field } }) => field)
  const missing = given.filter(
    ({ question: { field, isNeeded }, text }) =>
      text === '' && isNeeded && !staying.includes(field),
  )
  if (missing.length > 0)
    return { problems: Object.fromEntries(missing.map(({ question: { field } }) => needed(field))) }
  if (rest.entered === undefined) {
    const gone = questions.filter(({ field }) => !(field in entries) && !staying.includes(field))
    const taken = before === undefined ? [] : gone.map(({ field }) => [field, null] as const)
    return {
      fields: { ...Object.fromEntries(taken), ...enteredFields({ questions }, entries) },
    }
  }
  // Such a kind keeps its secrets within other fields, which are given as a whole.
  if (staying.length > 0 && isElsewhere(kept, entries))
    return { problems: Object.fromEntries(staying.map(again)) }
  const whole = {
    ...entries,
    ...Object.fromEntries(staying.map((field) => [field, kept[field] ?? ''])),
  }
  const none = Object.keys(rest.given({})).map((field) => [field, null] as const)
  return { fields: { ...Object.fromEntries(none), ...rest.entered(whole) } }
}

function enteredIn(form: Form, { field, isLong }: Question): string {
  return isLong === true && form.text(field) !== '' ? form.raw(field) : form.text(field)
}

function staysIn(form: Form, { field, isSecret }: Question, kept: Entries): boolean {
  return isSecret && kept[field] !== undefined && !form.all(WITHOUT).includes(field)
}

/** Whether another host is called than before, which must not get what was told to that one. */
function isElsewhere(before: Entries, after: Entries): boolean {
  const known = new Set(originsIn(before))
  return originsIn(after).some((origin) => !known.has(origin))
}

function originsIn(entries: Entries): readonly string[] {
  return Object.values(entries).flatMap((text) => URL.parse(text)?.origin ?? [])
}

function needed(field: string): readonly [string, string] {
  return [field, `${channelFieldLabel(field)} is needed.`]
}

function again(field: string): readonly [string, string] {
  const words = `${channelFieldLabel(field)} is needed again: what was told to one host is not told to another.`
  return [field, words]
}

/** Where what somebody wants differs from what there is by now; secrets are not compared. */
export function channelConflicts(channel: Channel, yours: Form): readonly FieldConflict[] {
  const theirs = firstChannelForm(channel)
  const open = formOf(channel.kind).questions.filter(({ isSecret }) => !isSecret)
  const names = ['name', ...open.map(({ field }) => field), 'on']
  const words = (form: Form, name: string) =>
    name === 'on' ? form.all(name).join(', ') : form.raw(name)
  return names.flatMap((name) => {
    const [now, wanted] = [words(theirs, name), words(yours, name)]
    const label = name === 'on' ? 'Told of' : channelFieldLabel(name)
    return now === wanted ? [] : [{ label, theirs: now, yours: wanted }]
  })
}

const capitals = new Set(['api', 'arn', 'id', 'url'])

/** What people call a field that the API names so. */
export function channelFieldLabel(field: string): string {
  const [first = '', ...others] = field
    .split('_')
    .map((word) => (capitals.has(word) ? word.toUpperCase() : word))
  return [`${first.slice(0, 1).toUpperCase()}${first.slice(1)}`, ...others].join(' ')
}

/** The first problem of each field, in words for who has filled it in. */
export function channelProblems(kind: KindName, issues: readonly FieldIssue[]): Problems {
  const asked = new Set(['name', ...formOf(kind).questions.map(({ field }) => field)])
  const found = issues.map(({ path, words }) => {
    const field = placesOf(path).find((place) => asked.has(place))
    return field === undefined
      ? ([WHOLE, `${[...path, words].join(' ')}.`] as const)
      : ([field, `${channelFieldLabel(field)} ${words}.`] as const)
  })
  return Object.fromEntries(found.toReversed())
}

/** What people are asked for as one thing may be a part of several fields. */
function placesOf(path: readonly string[]): readonly string[] {
  return [path.join('_'), ...path, ...path.map((part) => part.replace(/s$/, ''))]
}

/** What is made of fields, or what is wrong with them. */
export function unlessWrong<Made>(make: () => Made): Made | FieldError {
  try {
    return make()
  } catch (error) {
    if (error instanceof FieldError) return error
    throw error
  }
}
