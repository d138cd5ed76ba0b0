import { parseUuid } from '../wire/uuid.ts'

/** A row, or a change, that can't be taken, and why. */
export type RowFault = {
  /** The UUID of the row, as far as it has one. */
  readonly row: string
  /** The name of the project in the view. */
  readonly project: string
  readonly words: string
  readonly since: number
}

/** Since when, and why, nothing more of a project is deleted. */
export type DeletionHold = {
  readonly projectId: string
  readonly at: number
  readonly why: HoldCause
}

export const holdCauses = ['most-gone', 'view-empty'] as const

export type HoldCause = (typeof holdCauses)[number]

const LONGEST_NAME = 64

/** What a row is called: by its UUID, however that is spelled, or by the letters in its place. */
export function rowName(uuid: string): string {
  return parseUuid(uuid) ?? (uuid.slice(0, LONGEST_NAME) || 'no uuid')
}
