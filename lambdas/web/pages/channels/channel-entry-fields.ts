import { entriesOfChannel, type Entries, type Question } from '../../../channels/form.ts'
import { type Channel, formOf, type KindName } from '../../../channels/kinds.ts'
import { ending } from '../../../channels/secrets.ts'
import { occasions } from '../../../domain/telling/channel.ts'
import type { Form } from '../../form.ts'
import type { Problems } from '../../check-problems.ts'
import { channelFieldLabel, WITHOUT } from '../../channels/channel-form.ts'
import { type Html, html } from '../../html.ts'
import { checkBox, lineField, linesField, selectField } from '../../parts/field.ts'

type ChannelFieldsModel = {
  readonly kind: KindName
  readonly form: Form
  readonly problems: Problems
  /** The channel as it is, unless it is new. */
  readonly channel?: Channel
}

/** What a channel is made of: what people call it, what its kind asks for, what it is told of. */
export function channelEntryFields(model: ChannelFieldsModel): Html {
  const { kind, form, problems, channel } = model
  const { questions, ...rest } = formOf(kind)
  const kept = channel === undefined ? {} : entriesOfChannel({ questions, ...rest }, channel)
  return html`${lineField({
    name: 'name',
    label: 'Name',
    value: form.raw('name'),
    maxLength: 100,
    hint: 'What you call it, in lists and in requests to the API.',
    error: problems['name'],
    isFirst: channel === undefined && Object.keys(problems).length === 0,
  })}
  ${
    kept === undefined
      ? html`<p class="soft">
          It makes two requests that differ in more than their URLs. They stay as they are here: the
          API changes them.
        </p>`
      : questions.map((question) => questionField(model, question, kept))
  }
  ${occasionBoxes(model)}`
}

function questionField(
  { form, problems }: ChannelFieldsModel,
  question: Question,
  kept: Entries,
): Html {
  const { field, isSecret, isLong, isNeeded, choices } = question
  const label = channelFieldLabel(field)
  const before = isSecret ? kept[field] : undefined
  const entry = {
    name: field,
    label: isNeeded ? label : `${label} (optional)`,
    value: form.raw(field),
    hint: hintOf(question, before),
    error: problems[field],
  }
  if (choices !== undefined) {
    const none = { value: '', label: 'as it is by default' }
    const named = choices.map((value) => ({ value, label: value }))
    return selectField({ ...entry, choices: [none, ...named] })
  }
  if (isLong === true) return html`${linesField(entry)} ${withoutBox(form, question, before)}`
  return html`${lineField({ ...entry, type: isSecret ? 'password' : 'text' })}
  ${withoutBox(form, question, before)}`
}

function hintOf({ help, example }: Question, before: string | undefined): Html {
  const words = `${help.slice(0, 1).toUpperCase()}${help.slice(1)}`
  return before === undefined
    ? html`${words}; for example <code>${String(example)}</code>`
    : html`${words}. It ends in <code>${ending(before)}</code>, and stays when this is left empty.`
}

/** What takes a secret away: nothing in its field keeps it. */
function withoutBox(
  form: Form,
  { field, isNeeded }: Question,
  before: string | undefined,
): Html | false {
  if (before === undefined || isNeeded) return false
  return checkBox({
    name: WITHOUT,
    label: `Without ${channelFieldLabel(field)} from now on`,
    value: field,
    isChecked: form.all(WITHOUT).includes(field),
  })
}

const occasionLabels: Readonly<Record<(typeof occasions)[number], string>> = {
  down: 'a check went down',
  up: 'it is up again',
  'still-down': 'it is still down, where a check asks for that',
}

function occasionBoxes({ form, problems }: ChannelFieldsModel): Html {
  return html`<fieldset id="on">
    <legend>Tell it when</legend>
    ${problems['on'] !== undefined && html`<p class="error">${problems['on']}</p>`}
    ${occasions.map((occasion) =>
      checkBox({
        name: 'on',
        label: occasionLabels[occasion],
        value: occasion,
        isChecked: form.all('on').includes(occasion),
      }),
    )}
  </fieldset>`
}
