import { itemBytes, type StoredItem } from './values.ts'

/** Hears what a call uses of a table, in DynamoDB's units. */
export type OnUse = (table: string, units: number) => void

const READ_UNIT_BYTES = 4096
const WRITE_UNIT_BYTES = 1024

/**
 * What it takes to read so many bytes in one go; nothing that is read costs as much as something
 * small.
 */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (isConsistent ? 1 : 0.5)
}

/** What it takes to write one item where another was. */
export function writeUnits(before: StoredItem | undefined, after: StoredItem | undefined): number {
  return Math.max(
    1,
    Math.ceil(Math.max(itemBytes(before ?? {}), itemBytes(after ?? {})) / WRITE_UNIT_BYTES),
  )
}
