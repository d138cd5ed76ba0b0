import type { Item, RawItem, RawValue } from '../../runtime/database.ts'

/**
 * An item with plain values, or as DynamoDB's JSON has it: a sweep reads a million items, and
 * converts none of them.
 */
export type Attributes = Item | RawItem

/*
 * Each attribute is checked as it is read, without a library, which would slow down the start of
 * the functions that pings and sweeps wait for.
 */

export function text(fields: Attributes, name: string): string {
  const stored = fields[name]
  const value = typeof stored === 'object' ? (stored as RawValue | null)?.['S'] : stored
  if (typeof value !== 'string')
    throw new Error(`attribute ${name} must be a string, got ${kindOf(fields[name])}`)
  return value
}

export function number(fields: Attributes, name: string): number {
  const stored = fields[name]
  const value = typeof stored === 'object' ? Number((stored as RawValue | null)?.['N']) : stored
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Error(`attribute ${name} must be a number, got ${kindOf(fields[name])}`)
  return value
}

export function bytes(fields: Attributes, name: string): Uint8Array {
  const value = fields[name]
  if (!(value instanceof Uint8Array))
    throw new Error(`attribute ${name} must be bytes, got ${kindOf(fields[name])}`)
  return value
}

export function oneOf<Word extends string>(
  fields: Attributes,
  name: string,
  words: readonly Word[],
): Word {
  const value = text(fields, name)
  const word = words.find((each) => each === value)
  if (word === undefined)
    throw new Error(`attribute ${name} must be one of ${words.join(', ')}, got ${value}`)
  return word
}

export function maybeText(fields: Attributes, name: string): string | undefined {
  return fields[name] === undefined ? undefined : text(fields, name)
}

export function maybeNumber(fields: Attributes, name: string): number | undefined {
  return fields[name] === undefined ? undefined : number(fields, name)
}

function kindOf(value: unknown): string {
  return value === undefined ? 'none' : typeof value
}
