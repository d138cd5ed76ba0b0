import { formOf, kindNames } from '../../../lambdas/channels/kinds.ts'

type Path = readonly PropertyKey[]

const LONGEST_VALUE = 100
/** What must not come to stand in the log of a terminal, beside the secret fields of channels. */
const secrets: readonly PropertyKey[] = [
  'pingKey',
  'badgeKey',
  'hash',
  'tokenHash',
  'signing',
  'headers',
  'body',
  'url',
]

/** A place in a JSON document, as `projects[0].checks[2].name`. */
export function pathText(path: Path): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
  return text === '' ? 'the document' : text.replace(/^\./, '')
}

/** What stands at a place of a document, cut to what is worth reading; nothing that is secret. */
export function valueText(json: unknown, path: Path = []): string {
  if (path.some(isSecret)) return 'something else'
  const value = path.reduce<unknown>(
    (found, part) => (isObject(found) ? found[part as string] : undefined),
    json,
  )
  if (value === undefined) return 'nothing'
  const text = isObject(value)
    ? Array.isArray(value)
      ? 'a list'
      : 'an object'
    : JSON.stringify(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}

function isSecret(part: PropertyKey): boolean {
  const ofChannels: readonly PropertyKey[] = kindNames().flatMap(
    (kind) => formOf(kind).secrets ?? [],
  )
  return secrets.includes(part) || ofChannels.includes(part)
}

/** The first place of a document that reading it has left out. */
export function firstUnknown(json: unknown, read: unknown, path: Path = []): Path | undefined {
  if (!isObject(json) || !isObject(read)) return undefined
  for (const [name, value] of Object.entries(json)) {
    const at = [...path, Array.isArray(json) ? Number(name) : name]
    if (!Object.hasOwn(read, name)) return at
    const below = firstUnknown(value, read[name], at)
    if (below !== undefined) return below
  }
  return undefined
}

export function firstRepeated(values: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return values.find((value) => seen.size === seen.add(value).size)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
