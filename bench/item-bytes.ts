import type { AttributeValue } from '@aws-sdk/client-dynamodb'

type Item = Readonly<Record<string, AttributeValue>>

/** What DynamoDB keeps beside each item, and bills as storage. */
export const ITEM_OVERHEAD_BYTES = 100

/** The size of an item as DynamoDB reckons it: names and values, without what storage adds. */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  )
}

/** Of the types that Overdue writes. @throws for others */
function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return numberBytes(value.N)
  if (value.B !== undefined) return value.B.length
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1
  // A list or map is three bytes, and one more for each of its elements.
  if (value.L !== undefined) return value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 3)
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M)
  throw new Error(`no size is known of ${Object.keys(value).join()}`)
}

/** Two digits a byte, a byte more, and another for a sign. */
function numberBytes(text: string): number {
  const digits = text
    .replace(/^-/, '')
    .replace('.', '')
    .replace(/^0+|0+$/g, '')
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0)
}
