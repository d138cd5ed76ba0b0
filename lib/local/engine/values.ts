import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { invalid, invalidParameters, unknownToModel } from './failures.ts'
import { canonicalNumber, compareNumbers } from './numbers.ts'

export type StoredItem = Record<string, AttributeValue>

/**
 * A frozen copy with its numbers in canonical form. All readers get this one copy.
 * @throws as DynamoDB does when it is no value
 */
export function kept(value: AttributeValue): AttributeValue {
  let types = 0
  for (const _ in value) types += 1
  if (types === 0) throw invalid(`Supplied AttributeValue is empty, ${oneOf}`)
  if (types > 1) throw invalid(`Supplied AttributeValue has more than one datatypes set, ${oneOf}`)
  return Object.freeze(copied(value))
}

const oneOf = 'must contain exactly one of the supported datatypes'

function copied(value: AttributeValue): AttributeValue {
  if (value.S !== undefined) return { S: value.S }
  if (value.N !== undefined) return { N: canonicalNumber(value.N) }
  if (value.BOOL !== undefined) return { BOOL: value.BOOL }
  if (value.M !== undefined) return { M: keptItem(value.M) }
  if (value.L !== undefined) return { L: Object.freeze(value.L.map(kept)) as AttributeValue[] }
  if (value.NULL !== undefined) return { NULL: true }
  if (value.SS !== undefined) return { SS: Object.freeze(checkedSet(value.SS)) as string[] }
  if (value.B !== undefined) return bytesIn(value.B.slice())
  throw unknownToModel(`attribute values of type ${Object.keys(value).join()}`)
}

/** Bytes can't be frozen, so each reader gets a copy. */
function bytesIn(bytes: Uint8Array): AttributeValue {
  return {
    get B() {
      return bytes.slice()
    },
  }
}

export function keptItem(item: StoredItem): StoredItem {
  const copy: StoredItem = {}
  for (const name in item) {
    const value = item[name]
    if (value !== undefined) copy[name] = kept(value)
  }
  return Object.freeze(copy)
}

/** The members in order, so that equal sets are equal lists. */
function checkedSet(members: readonly string[]): string[] {
  if (members.length === 0) throw invalidParameters('An string set  may not be empty')
  if (new Set(members).size < members.length)
    throw invalidParameters(`Input collection [${members.join(', ')}] contains duplicates.`)
  return members.toSorted(compareText)
}

export function isSame(
  one: AttributeValue | undefined,
  other: AttributeValue | undefined,
): boolean {
  if (one === other) return true
  if (one === undefined || other === undefined) return false
  if (one.S !== undefined) return one.S === other.S
  if (one.N !== undefined) return one.N === other.N
  if (one.BOOL !== undefined) return one.BOOL === other.BOOL
  if (one.M !== undefined) return other.M !== undefined && isSameItem(one.M, other.M)
  if (one.L !== undefined) return isSameList(one.L, other.L)
  if (one.SS !== undefined)
    return other.SS !== undefined && one.SS.join('\0') === other.SS.join('\0')
  if (one.B !== undefined) return other.B !== undefined && Buffer.compare(one.B, other.B) === 0
  return other.NULL !== undefined
}

function isSameList(
  one: readonly AttributeValue[],
  other: readonly AttributeValue[] | undefined,
): boolean {
  return other?.length === one.length && one.every((value, index) => isSame(value, other[index]))
}

export function isSameItem(one: StoredItem, other: StoredItem): boolean {
  let count = 0
  for (const name in one) {
    if (!isSame(one[name], other[name])) return false
    count += 1
  }
  return Object.keys(other).length === count
}

/** How two values are ordered; undefined when their types differ, or have no order. */
export function compareValues(one: AttributeValue, other: AttributeValue): number | undefined {
  if (one.N !== undefined && other.N !== undefined) return compareNumbers(one.N, other.N)
  if (one.S !== undefined && other.S !== undefined) return compareText(one.S, other.S)
  return undefined
}

/** Compares texts by their UTF-8, as DynamoDB does. JavaScript's order differs at surrogates. */
export function compareText(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index += 1) {
    const difference = rankOf(one.charCodeAt(index)) - rankOf(other.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return one.length - other.length
}

function rankOf(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/**
 * The size of an item as DynamoDB counts it: names and texts in UTF-8, numbers by their digits,
 * three bytes for a map or list and one for each entry.
 */
export function itemBytes(item: StoredItem): number {
  let bytes = 0
  for (const name in item) bytes += Buffer.byteLength(name) + valueBytes(item[name])
  return bytes
}

function valueBytes(value: AttributeValue | undefined): number {
  if (value?.S !== undefined) return Buffer.byteLength(value.S)
  if (value?.N !== undefined) return Math.ceil(value.N.length / 2) + 1
  if (value?.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M)
  if (value?.L !== undefined) return value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 3)
  if (value?.SS !== undefined)
    return value.SS.reduce((sum, each) => sum + Buffer.byteLength(each), 0)
  return value?.B?.length ?? 1
}
