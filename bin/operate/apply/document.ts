import {
  type Document,
  type YAMLError,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
} from 'yaml'
import type { FileFault, FieldFault, FieldPath, TextPlace } from './fault.ts'

/** What a YAML file says, and where it says it. */
export type YamlFile = {
  readonly value: unknown
  readonly placed: (fault: FieldFault) => FileFault
}

/**
 * A name is the text that stands there, as 007. There are texts, numbers, lists and objects, and
 * nothing of YAML 1.1, even where a file asks for it: a set would be an object without fields.
 */
const form = { schema: 'core', resolveKnownTags: false, stringKeys: true } as const

/** With these bounds a small file can't say very much. */
const MOST_ALIASES = 100_000
const MOST_VALUES = 1_000_000

/** Reads one YAML document. What is wrong with its form is told by the parser, all of it. */
export function readYaml(text: string): YamlFile | readonly FileFault[] {
  const lines = new LineCounter()
  const document = parseDocument(text.replace(/^\uFEFF/, ''), {
    ...form,
    lineCounter: lines,
    prettyErrors: false,
  })
  const placeAt = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    ...placeAt(error.pos[0]),
    path: [],
    words: wordsOf(error),
  }))
  if (faults.length > 0) return firstOfLines(faults)
  const value = valueOf(document)
  if (value === undefined || isLarge(value.is))
    return [{ line: 1, column: 1, path: [], words: 'says too much by its anchors' }]
  return {
    value: value.is,
    placed: (fault) => ({ ...fault, ...placeAt(offsetOf(document, fault.path)) }),
  }
}

/** What an anchor names is one value in memory, however often it is used; here each use counts. */
function isLarge(value: unknown): boolean {
  const left = [value]
  let count = 0
  for (let each = left.pop(); count <= MOST_VALUES; each = left.pop()) {
    if (typeof each === 'object' && each !== null)
      for (const one of Object.values(each)) left.push(one)
    count += 1
    if (left.length === 0) return false
  }
  return true
}

/** What is wrong with the form, in a file's own terms. */
function wordsOf({ code, message }: YAMLError): string {
  if (code === 'BAD_ALIAS') return 'has a text that begins with *; put quotes around it'
  if (code === 'MULTIPLE_DOCS') return 'has a second document; a file of a project has one'
  if (code === 'NON_STRING_KEY') return 'has a name that is no text'
  return message.toLowerCase().replaceAll(/\s*\n\s*/g, ' ')
}

/** What follows in the same line is mostly wrong because of what came first. */
function firstOfLines(faults: readonly FileFault[]): readonly FileFault[] {
  const byLine = Map.groupBy(faults, ({ line }) => line)
  return [...byLine.values()].flatMap(([first]) => first ?? [])
}

/** Undefined where aliases make too much of it. */
function valueOf(document: Document.Parsed): { readonly is: unknown } | undefined {
  try {
    return { is: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown }
  } catch (error) {
    if (error instanceof ReferenceError) return undefined
    throw error
  }
}

/** Where the field begins by its key, or the innermost thing around it that is there. */
function offsetOf(document: Document.Parsed, path: FieldPath): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const part of path) {
    const next = isMap(node)
      ? node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(part))
      : isSeq(node)
        ? node.items[Number(part)]
        : undefined
    if (next === undefined) break
    offset = startOf(isPair(next) ? next.key : next) ?? offset
    node = isPair(next) ? next.value : next
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? (node.range as readonly number[])[0]
    : undefined
}
