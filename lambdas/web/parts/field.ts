import { type Html, html } from '../html.ts'

/** A field of a form: its name, what it takes, and what is wrong with what stands in it. */
export type FormField = {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly hint?: Html | string
  readonly error?: string | undefined
}

type LineField = FormField & {
  /** As HTML names it. */
  readonly type?: string
  /** What a browser may fill in, as HTML names it. */
  readonly autocomplete?: string
  /** The id of a list of proposals. */
  readonly list?: string
  readonly isRequired?: boolean
  readonly maxLength?: number
  readonly isFirst?: boolean
}

/** One line of text. */
export function lineField(field: LineField): Html {
  const { name, value, type = 'text', list, isRequired, maxLength, isFirst } = field
  return labelled(
    field,
    html`<input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="${field.autocomplete ?? 'off'}"
      ${list !== undefined && html`list="${list}"`}
      ${maxLength !== undefined && html`maxlength="${maxLength}"`}
      ${isRequired === true && html`required`}
      ${isFirst === true && html`autofocus`}
      ${described(field)}
    />`,
  )
}

/** Several lines of text. */
export function linesField(field: FormField & { readonly rows?: number }): Html {
  const { name, value, rows = 3 } = field
  // The first line break behind the tag would not count.
  return labelled(
    field,
    html`<textarea id="${name}" name="${name}" rows="${rows}" ${described(field)}>
${value}</textarea>`,
  )
}

export type Choice = { readonly value: string; readonly label: string }

/** One of a few. */
export function selectField(field: FormField & { readonly choices: readonly Choice[] }): Html {
  const { name, value, choices } = field
  return labelled(
    field,
    html`<select id="${name}" name="${name}" ${described(field)}>
      ${choices.map(
        (choice) =>
          html`<option value="${choice.value}" ${choice.value === value && html`selected`}>
            ${choice.label}
          </option>`,
      )}
    </select>`,
  )
}

/** Yes or no; `value` is what is sent for yes. */
export function checkBox(
  field: Pick<FormField, 'name' | 'label' | 'value' | 'hint'> & { readonly isChecked: boolean },
): Html {
  const { name, label, value, hint, isChecked } = field
  const id = `${name}-${value}`
  return html`<div class="check">
    <input
      type="checkbox"
      id="${id}"
      name="${name}"
      value="${value}"
      ${isChecked && html`checked`}
    />
    <label for="${id}">${label}</label
    >${hint !== undefined && html` <span class="hint">${hint}</span>`}
  </div>`
}

/** What is wrong with a form, above it, each with the way to its field. */
export function errorSummary(errors: Readonly<Record<string, string>>): Html | false {
  const all = Object.entries(errors)
  if (all.length === 0) return false
  return html`<div class="errors" role="alert" tabindex="-1" autofocus>
    <h2>This can't be saved yet</h2>
    <ul>
      ${all.map(([name, words]) => html`<li><a href="#${name}">${words}</a></li>`)}
    </ul>
  </div>`
}

function labelled(field: FormField, control: Html): Html {
  const { name, label, hint, error } = field
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${control} ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
  </div>`
}

function described({ name, hint, error }: FormField): Html | false {
  const ids = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`]
  const known = ids.filter((id) => id !== false)
  if (known.length === 0) return false
  return html`aria-describedby="${known.join(' ')}"
  ${error !== undefined && html`aria-invalid="true"`}`
}
