import { itemBytes, type StoredItem } from './values.ts'

/** Gets the units of DynamoDB that a call uses of a table. */
export type OnUse = (table: string, units: number) => void

const READ_UNIT_BYTES = 4096
const WRITE_UNIT_BYTES = 1024

/** The units of one read. A read that finds nothing costs as much as one of a small item. */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (isConsistent ? 1 : 0.5)
}

/** The units of a write: the larger of the two items counts. */
export function writeUnits(before: StoredItem | undefined, after: StoredItem | undefined): number {
  return Math.max(
    1,
    Math.ceil(Math.max(itemBytes(before ?? {}), itemBytes(after ?? {})) / WRITE_UNIT_BYTES),
  )
}
