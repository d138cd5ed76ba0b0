/** A place in a file, counted from 1. */
export type TextPlace = { readonly line: number; readonly column: number }

/** What is wrong in a file: a field, from the outside in, and words without a subject. */
export type FileFault = TextPlace & { readonly path: FieldPath; readonly words: string }

/** Where a field stands in what a file says, from the outside in. Lists count from 0. */
export type FieldPath = readonly (string | number)[]

/** The same before it is known where the field stands in the text. */
export type FieldFault = { readonly path: FieldPath; readonly words: string }

/** As compilers write one, so that editors find the place. */
export function faultText(file: string, { line, column, path, words }: FileFault): string {
  const field = path.length === 0 ? '' : `${path.join('.')} `
  return `${file}:${line}:${column}: ${field}${words}`
}
