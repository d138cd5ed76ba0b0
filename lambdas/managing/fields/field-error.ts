/** What is wrong with one field: its place, from the outside in, and words without a subject. */
export type FieldIssue = { readonly path: readonly string[]; readonly words: string }

/** What somebody asks for can't be read as it is. Where there are several issues, all are told. */
export class FieldError extends Error {
  readonly issues: readonly [FieldIssue, ...FieldIssue[]]

  constructor(...issues: [FieldIssue, ...FieldIssue[]]) {
    super(textOf(issues[0]))
    this.name = 'FieldError'
    this.issues = issues
  }
}

/** As the reference, which tells of the one list that it has that an item is wrong. */
function textOf({ path, words }: FieldIssue): string {
  const [field, item] = path
  const place = field === 'unique' && item !== undefined ? `an item in 'unique'` : path.join('.')
  return [place, words].filter(Boolean).join(' ')
}
