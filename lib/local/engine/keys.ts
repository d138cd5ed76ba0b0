import { invalid, invalidParameters } from './failures.ts'
import { type StoredItem, keptItem } from './values.ts'

export type KeyShape = { readonly partitionKey: string; readonly sortKey?: string | undefined }

/** The place of an item. The sort key is empty in a table without one. */
export type KeyOf = {
  readonly id: string
  readonly hash: number
  readonly partition: string
  readonly sort: string
}

const LONGEST_PARTITION_BYTES = 2048
const LONGEST_SORT_BYTES = 1024

/** @throws as DynamoDB does when the key lacks an attribute, or has one too many */
export function keyOf(shape: KeyShape, key: StoredItem | undefined): KeyOf {
  const { partitionKey, sortKey } = shape
  const [partition, sort] = [key?.[partitionKey]?.S, sortKey === undefined ? '' : key?.[sortKey]?.S]
  const attributes = Object.keys(key ?? {}).length
  if (
    partition === undefined ||
    sort === undefined ||
    attributes !== (sortKey === undefined ? 1 : 2)
  ) {
    throw invalid('The provided key element does not match the schema')
  }
  return checked(shape, partition, sort)
}

/** The key in a whole item. @throws as DynamoDB does when the item lacks it */
export function keyIn(shape: KeyShape, item: StoredItem): KeyOf {
  const { partitionKey, sortKey } = shape
  return checked(
    shape,
    keyText(item, partitionKey),
    sortKey === undefined ? '' : keyText(item, sortKey),
  )
}

/** The attributes of a key. */
export function keyItem(
  { partitionKey, sortKey }: KeyShape,
  { partition, sort }: Pick<KeyOf, 'partition' | 'sort'>,
): StoredItem {
  return keptItem({
    [partitionKey]: { S: partition },
    ...(sortKey === undefined ? {} : { [sortKey]: { S: sort } }),
  })
}

function keyText(item: StoredItem, name: string): string {
  const value = item[name]
  if (value === undefined) throw invalidParameters(`Missing the key ${name} in the item`)
  if (value.S === undefined)
    throw invalidParameters(
      `Type mismatch for key ${name} expected: S actual: ${Object.keys(value).join()}`,
    )
  return value.S
}

function checked({ partitionKey, sortKey }: KeyShape, partition: string, sort: string): KeyOf {
  checkLength(partition, partitionKey, LONGEST_PARTITION_BYTES)
  if (sortKey === undefined) return { id: partition, hash: hashOf(partition), partition, sort }
  checkLength(sort, sortKey, LONGEST_SORT_BYTES)
  return { id: `${partition.length}:${partition}${sort}`, hash: hashOf(partition), partition, sort }
}

function checkLength(value: string, name: string, longest: number): void {
  const contents = 'The AttributeValue for a key attribute cannot contain an empty string value'
  if (value === '')
    throw invalid(`One or more parameter values are not valid. ${contents}. Key: ${name}`)
  if (value.length * 3 <= longest || Buffer.byteLength(value) <= longest) return
  const [which, size] =
    longest === LONGEST_PARTITION_BYTES ? ['hashkey', '2048 bytes'] : ['rangekey', '1024 bytes']
  throw invalidParameters(`Size of ${which} has exceeded the maximum size limit of ${size}`)
}

/** FNV-1a, mixed once more, so that keys which differ only at their end lie far apart. */
function hashOf(partition: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < partition.length; index += 1)
    hash = Math.imul(hash ^ partition.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 16)) >>> 0
}
