import type { AttributeValue } from '@aws-sdk/client-dynamodb'

export type Item = Readonly<Record<string, AttributeValue>>

/*
 * Attributes as they lie in an item, checked one by one: the functions that pings and sweeps wait
 * for carry no library for that.
 */

export function text(fields: Item, name: string): string {
  const value = fields[name]?.S
  if (value === undefined)
    throw new Error(`attribute ${name} must be a string, got ${kindOf(fields[name])}`)
  return value
}

export function number(fields: Item, name: string): number {
  const value = Number(fields[name]?.N)
  if (!Number.isFinite(value))
    throw new Error(`attribute ${name} must be a number, got ${kindOf(fields[name])}`)
  return value
}

export function bytes(fields: Item, name: string): Uint8Array {
  const value = fields[name]?.B
  if (value === undefined)
    throw new Error(`attribute ${name} must be bytes, got ${kindOf(fields[name])}`)
  return value
}

export function oneOf<Word extends string>(
  fields: Item,
  name: string,
  words: readonly Word[],
): Word {
  const value = text(fields, name)
  const word = words.find((each) => each === value)
  if (word === undefined)
    throw new Error(`attribute ${name} must be one of ${words.join(', ')}, got ${value}`)
  return word
}

export function maybeText(fields: Item, name: string): string | undefined {
  return fields[name] === undefined ? undefined : text(fields, name)
}

export function maybeNumber(fields: Item, name: string): number | undefined {
  return fields[name] === undefined ? undefined : number(fields, name)
}

function kindOf(value: AttributeValue | undefined): string {
  return value === undefined ? 'none' : Object.keys(value).join()
}
