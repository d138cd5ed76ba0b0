import type { Fields, Item, RawItem, RawValue, Value } from '../runtime/database.ts'

/*
 * Items as DynamoDB writes them, each value under the letter of its kind. This is a tenth of the
 * SDK's `marshall` and `unmarshall`, and a test holds it to them.
 */

/** @throws when a number can't be stored as it is. */
export function marshalled(fields: Fields): RawItem {
  const item: Record<string, RawValue> = {}
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) set(item, name, rawValueOf(value))
  return item
}

export function unmarshalled(item: RawItem): Item {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(item)) set(fields, name, valueOf(value))
  return fields
}

function rawValueOf(value: Value): RawValue {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: digitsOf(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  if (value instanceof Uint8Array) return { B: value }
  return isList(value) ? { L: value.map(rawValueOf) } : { M: marshalled(value) }
}

function isList(value: readonly Value[] | Fields): value is readonly Value[] {
  return Array.isArray(value)
}

/** A double can't tell a larger integer from its neighbours, so another number might be meant. */
function digitsOf(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new Error(`a stored number must be safe, got ${value}`)
  return value.toString()
}

/**
 * A kind that this program never writes, such as a set, is left as it is: its reader refuses it.
 */
function valueOf(value: RawValue): unknown {
  const { S, N, BOOL, L, M, B, NULL } = value
  if (S !== undefined) return S
  if (N !== undefined) return Number(N)
  if (BOOL !== undefined) return BOOL
  if (M !== undefined) return unmarshalled(M as RawItem)
  if (L !== undefined) return (L as readonly RawValue[]).map(valueOf)
  if (B !== undefined) return typeof B === 'string' ? new Uint8Array(Buffer.from(B, 'base64')) : B
  return NULL === true ? null : value
}

/** `__proto__` is a name like any other. */
function set<T>(fields: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__')
    Object.defineProperty(fields, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  else fields[name] = value
}
