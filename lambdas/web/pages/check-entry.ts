import { checkLabels, type Problems } from '../check-problems.ts'
import type { Form } from '../form.ts'

/** A channel that a check may tell. */
export type OfferedChannel = { readonly id: string; readonly label: string }

/** A field as the form has it, with what is wrong with it. */
export function fieldEntry(form: Form, problems: Problems, name: string) {
  return {
    name,
    label: checkLabels[name] ?? name,
    value: form.raw(name),
    error: problems[name],
  }
}

/** What has something in it is not folded, so that it is seen. */
export function isUnfolded(form: Form, problems: Problems, names: readonly string[]): boolean {
  return names.some((name) => form.text(name) !== '' || problems[name] !== undefined)
}
