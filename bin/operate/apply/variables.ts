import type { FieldFault, FieldPath } from './fault.ts'

export type Variables = Readonly<Partial<Record<string, string>>>

/** What a file says with its variables filled in, and those that could not be. */
export type Filled = { readonly value: unknown; readonly faults: readonly FieldFault[] }

/** A dollar before a brace means a variable; one more before it takes that meaning away. */
const meant = /(\$+)\{(?:([A-Za-z_]\w*)\})?/g

/** Keys that are there for the command itself: a file, or its plan, could give them away. */
export const keptKeys: readonly string[] = [
  'OVERDUE_API_KEY',
  'OVERDUE_PING_KEY',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
]

/** Fills variables, such as `${NAME}`, into all values that are texts. Names of fields stay. */
export function fillVariables(value: unknown, variables: Variables, path: FieldPath = []): Filled {
  if (typeof value === 'string') return filledText(value, variables, path)
  if (Array.isArray(value)) {
    const items = value.map((item, index) => fillVariables(item, variables, [...path, index]))
    return { value: items.map((item) => item.value), faults: items.flatMap(({ faults }) => faults) }
  }
  if (typeof value !== 'object' || value === null) return { value, faults: [] }
  const fields = Object.entries(value).map(
    ([name, field]) => [name, fillVariables(field, variables, [...path, name])] as const,
  )
  return {
    value: Object.fromEntries(fields.map(([name, field]) => [name, field.value])),
    faults: fields.flatMap(([, { faults }]) => faults),
  }
}

function filledText(text: string, variables: Variables, path: FieldPath): Filled {
  const faults: FieldFault[] = []
  const value = text.replace(meant, (all, dollars: string, name: string | undefined) => {
    if (dollars.length > 1) return all.slice(1)
    const isKept = name !== undefined && keptKeys.includes(name)
    const found = name === undefined || isKept ? undefined : variables[name]
    if (found === undefined) faults.push({ path, words: unfilled(name, isKept) })
    return found ?? all
  })
  return { value, faults }
}

function unfilled(name: string | undefined, isKept: boolean): string {
  if (isKept) return `takes the variable ${name}, a key that no file may have`
  return name === undefined
    ? 'has a variable without a plain name in braces; write $${ for a dollar and a brace'
    : `takes the variable ${name}, which is not set`
}

/** A text that reads as itself where variables are filled in. */
export function withoutVariables(text: string): string {
  return text.replace(/\$+(?=\{)/g, '$&$$')
}
